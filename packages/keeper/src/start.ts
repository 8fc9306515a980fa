/** Starts a keeper: from its folder to its two sockets. */
import { statSync } from "node:fs";
import pino from "pino";
import { SqliteError } from "@cairn/sqlite";
import { printable } from "@cairn/wire";
import { answerInChild, type Limits, type Outcome } from "./answering/answer.js";
import type { Job } from "./answering/job.js";
import { networkOfThisProcess, type Keeper } from "./keeper.js";
import { keeperHandlers } from "./link/handlers.js";
import { serveSocket } from "./link/socket.js";
import { keepDesks, keepOwnPages, type OpenDesks } from "./desks.js";
import { Pages, servePages } from "./pages/serve.js";
import type { DeskOptions } from "./pages/serve-desks.js";
import { announceRunsAgain } from "./decisions/standing-decisions.js";
import { openRecords, type Records } from "@cairn/records";
import { noticeRestore } from "./restore/restore-releases.js";
import { loadSolver } from "./releases/solver.js";
import { whyNotAsked, type DateGuard } from "./runs/asked.js";
import { recoverInterruptedRuns } from "./work/execute.js";
import { callOffWhenPaused, Queue } from "./work/queue.js";
import { reviewRuns } from "./review/review.js";
import { recordsFile } from "@cairn/records/file";
import { knowsRecords } from "./store/had-records.js";
import { lockFolder } from "./store/lock.js";
import { KeeperStore } from "./store/store.js";
import { libraryReader } from "./trust/library.js";
import { watch, type RecordsSummary } from "./watch.js";

/** Longest line of the log in characters: some lines quote what came from outside. */
const MOST_WORDS = 2000;

export interface KeeperOptions {
  /** The keeper's folder: `keeper` in the agent's. */
  readonly folder: string;
  /** Path of the Unix socket for the courier. */
  readonly socket: string;
  /** A listening socket on the loopback address for the practice's pages; absent for none. */
  readonly pageFd?: number;
  /** For the practice's pages at other desks; absent for none. */
  readonly desks?: DeskOptions;
  readonly limits?: Limits;
  readonly now?: () => number;
  /** Replacements for tests: other records, another answer, and no guard over dates. */
  readonly records?: () => RecordsSummary | null;
  readonly answer?: (job: Job, signal: AbortSignal) => Promise<Outcome>;
  readonly dates?: DateGuard;
}

export interface RunningKeeper {
  readonly keeper: Keeper;
  /** The pages at other desks; null where they are on this machine alone. */
  readonly desks: OpenDesks | null;
  /** Answers calls that are held open, calls off what runs, and closes. */
  stop(): Promise<void>;
}

/**
 * Starts a keeper.
 * @throws KeeperError no-keeper, key-unreadable, running, socket-unusable; SqliteError; WireRefusal of a stored
 * library
 */
export async function startKeeper(options: KeeperOptions): Promise<RunningKeeper> {
  const logger = pino({ base: { process: "keeper" } }, pino.destination({ dest: 2, sync: true }));
  const say = (words: string): void => logger.info(printable(words, MOST_WORDS));
  const store = KeeperStore.open(options.folder, options.now ? { now: options.now } : {});
  const closing: (() => unknown)[] = [() => store.close()]; // undone last to first
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  try {
    const lock = lockFolder(options.folder);
    closing.push(() => lock.close());
    return { ...(await serve(store, options, say, closing)), stop: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(
  store: KeeperStore,
  options: KeeperOptions,
  say: (words: string) => void,
  closing: (() => unknown)[],
): Promise<Omit<RunningKeeper, "stop">> {
  const stopping = new AbortController();
  const answer = options.answer ?? ((job, signal) => answerInChild(job, { signal, ...limitsOf(options) }));
  const library = libraryReader(store);
  const dates = options.dates ?? whyNotAsked;
  const queue = new Queue({ store, library, dates, answer, say, solver: await loadSolver() });
  const keeper: Keeper = {
    store,
    queue,
    library,
    dates,
    network: networkOfThisProcess(),
    stopping: stopping.signal,
  };

  noticeRestore(store);
  store.change(reviewRuns); // also what stood before groups were accepted
  recoverInterruptedRuns(store);
  store.change(announceRunsAgain); // what was queued when the last keeper died is queued no more
  library(); // what is kept is verified before anything is served
  closing.push(callOffWhenPaused(store, queue));
  closing.push(watch({ store, library, records: options.records ?? recordsIn(store, say), say }));
  closing.push(() => queue.stop());
  const socket = await serveSocket(options.socket, keeperHandlers(keeper, say));
  closing.push(() => socket.close());
  const desks = await showPages(keeper, options, say, closing);
  closing.push(() => stopping.abort()); // held calls are answered before their socket closes
  return { keeper, desks };
}

/** Shows the practice's pages on the sockets that were handed in. @returns how they stand at other desks */
async function showPages(
  keeper: Keeper,
  { pageFd, desks }: KeeperOptions,
  say: (words: string) => void,
  closing: (() => unknown)[],
): Promise<OpenDesks | null> {
  const pages = new Pages(keeper);
  closing.push(() => pages.close());
  if (pageFd !== undefined) {
    const here = await servePages(pages, pageFd);
    closing.push(() => here.close());
    keepOwnPages(keeper.store, here.port);
  }
  let open: OpenDesks | null = null;
  if (desks) {
    const { serveDesks } = await import("./pages/serve-desks.js"); // TLS, which most keepers do without
    const served = await serveDesks(pages, desks, keeper.store.now());
    closing.push(() => served.close());
    open = served.desks;
    if (open.problem !== null) say(`pages are not open to other desks: ${open.problem}`);
  }
  keepDesks(keeper.store, open);
  return open;
}

function limitsOf({ limits }: KeeperOptions): { limits?: Limits } {
  return limits ? { limits } : {};
}

/**
 * The record store, opened when it can be, and again where another file stands in its place; a damaged or lost one is
 * reported once and does not stop the keeper.
 */
function recordsIn(store: KeeperStore, say: (words: string) => void): () => RecordsSummary | null {
  const path = recordsFile(store.folder);
  let open: { readonly records: Records; readonly file: string } | null = null;
  let said = "";
  return () => {
    try {
      if (open && open.file === fileBehind(path)) return open.records;
      open?.records.close();
      open = null;
      const records = openRecords(store.folder, { madeBefore: knowsRecords(store) });
      open = { records, file: fileBehind(path) };
      return records;
    } catch (error) {
      if (!(error instanceof SqliteError)) throw error;
      if (said !== error.message) say(`the records cannot be opened: ${error.message}`);
      said = error.message;
      return null;
    }
  };
}

/** The identity of the file that the path now leads to, as a text; empty where there is none. */
function fileBehind(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.dev} ${stats.ino}` : "";
}
