/** One look at the folder of extracts: takes each complete new one once, oldest first, and keeps how that went. */
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { CairnError } from "@cairn/errors";
import { renameDurably } from "@cairn/files";
import { ImportError, lackedBy, lookAt, splitCommand } from "@cairn/importers";
import { endFeed, feedOf, hadRecords, keepFeed, keeperFolder, KeeperStore } from "@cairn/keeper";
import { openRecords } from "@cairn/records";
import { SqliteError } from "@cairn/sqlite";
import { shellWord } from "@cairn/text";
import { type ImportFlags, type ImportProgress, type TakenRecords, takeRecords } from "../take-records.js";
import { type Arrival, arrivalsIn, type ArrivalFacts, stateOf, type WatchedFolder } from "./arrivals.js";
import { WatchError } from "./errors.js";
import { nextStep, type Step } from "./plan.js";

export type { ArrivalFacts };

export interface WatchFlags extends Omit<
  ImportFlags,
  "completeTo" | "quietDays" | "older" | "whole" | "yes" | "dryRun" | "anew" | "unattended"
> {
  /** How many extracts that were taken stay in the folder; all where absent. */
  readonly keep?: number;
  /** Where those go that do not stay; they are deleted where absent. */
  readonly moveTo?: string;
  /** Minutes without a change after which an extract counts as written. */
  readonly rest: number;
}

/** Receives what a pass does. */
export interface WatchEvents {
  readonly progress: ImportProgress;
  /** Called with each extract that was taken, and what became of it. */
  taken(name: string, records: TakenRecords): void;
  /** Called once a pass with the names of those that were not taken and never will be: they are of no later moment. */
  left?(names: readonly string[]): void;
  /** Called with the folder that stays noted as the one where extracts come, since none lies in this one. */
  elsewhere?(noted: string): void;
  /** Called with the name of each that does not stay, once it was deleted or moved. */
  gone?(name: string): void;
  /** The time, in milliseconds since 1970. */
  now(): number;
}

/**
 * Takes what is there. A failure leaves the store as it was, and the next pass tries again.
 * @param described what earlier looks at the folder know, with the same flags
 * @returns why the next extract waits, where that needs nobody; null where none does
 * @throws WatchError, and what `takeRecords` throws
 */
export async function watchOnce(
  folder: string,
  flags: WatchFlags,
  events: WatchEvents,
  described: ArrivalFacts = new Map(),
): Promise<string | null> {
  KeeperStore.open(keeperFolder(flags.data)).close(); // there is one, which is told how the pass went
  try {
    const waits = await pass(folder, flags, events, described);
    keep(folder, flags, events, described, { waits, problem: null });
    return waits;
  } catch (error) {
    try {
      keep(folder, flags, events, described, { waits: null, problem: wordsOf(error) });
    } catch {
      // A disk that is full takes no word of it, either: the error itself is told.
    }
    throw error;
  }
}

/**
 * Checks before a watch begins that its folder is there. The one that is noted may be away: a pass notes that.
 * @throws WatchError no-folder
 */
export function assertCanBegin(folder: string, data: string): void {
  if (isFolder(folder)) return;
  const store = KeeperStore.open(keeperFolder(data));
  try {
    if (feedOf(store)?.folder === resolve(folder)) return;
  } finally {
    store.close();
  }
  const words = `${folder}: there is no such folder on this machine. Make it first, or name the one where extracts come`;
  throw new WatchError("no-folder", words);
}

/** Whether a path leads to a folder, or to something that this user may not see: whoever reads it says so. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EACCES";
  }
}

/** Ends what `watchOnce` began: `status` expects nothing more. @returns the folder that was watched; null where none was */
export function endWatch(data: string): string | null {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return endFeed(store);
  } finally {
    store.close();
  }
}

/**
 * Keeps how a pass left the feed. Where something came from the noted folder, another one is noted only once an extract
 * lies in it: its name may be a slip.
 */
function keep(
  folder: string,
  { data, format }: WatchFlags,
  { now, elsewhere }: WatchEvents,
  described: ArrivalFacts,
  { waits, problem }: { readonly waits: string | null; readonly problem: string | null },
): void {
  const lookedAt = new Date(now()).toISOString();
  const said = problem === null ? null : { since: lookedAt, words: problem };
  const store = KeeperStore.open(keeperFolder(data));
  try {
    const here = resolve(folder);
    const noted = resolve(feedOf(store)?.folder ?? here);
    const hasExtract = [...described.values()].some(({ facts }) => "to" in facts && facts.to !== null);
    if (noted !== here && !hasExtract && cameFrom(noted, data)) return elsewhere?.(noted);
    keepFeed(store, { folder: here, format, lookedAt, taken: newest(data), waits, problem: said });
  } finally {
    store.close();
  }
}

/** Whether an extract was ever taken from the folder. */
function cameFrom(folder: string, data: string): boolean {
  const records = openRecords(keeperFolder(data), {
    check: false,
    madeBefore: hadRecords(keeperFolder(data)),
  });
  try {
    return [...records.sources()].some(([path]) => dirname(resolve(path)) === folder);
  } finally {
    records.close();
  }
}

async function pass(
  folder: string,
  flags: WatchFlags,
  events: WatchEvents,
  described: ArrivalFacts,
): Promise<string | null> {
  const decrypt = flags.decrypt === undefined ? null : splitCommand(flags.decrypt);
  const { format, moveTo = null, rest } = flags;
  const watched: WatchedFolder = { folder, format, decrypt, movedTo: moveTo, restMs: rest * 60_000 };
  for (;;) {
    const arrivals = await arrivalsIn(watched, events.now(), described);
    const last = newest(flags.data)?.moment ?? null;
    const step = await whole(nextStep(arrivals, last, byHand(flags)), watched);
    if (step.do === "take") {
      if (await take(step, flags, events)) continue;
      return "another load is under way";
    }
    const done = passedBy(arrivals, last);
    const taken = takenOf(done, flags.data);
    const left = done.filter((each) => !taken.includes(each)).map(({ name }) => name);
    if (left.length > 0) events.left?.(left);
    tidy(taken, flags, events);
    if (step.do === "wait") return step.words;
    throw stopped(step.words);
  }
}

/** The step, where the extract is whole by its manifest's list; else to wait for the rest of it. */
async function whole(step: Step, { format, decrypt }: WatchedFolder): Promise<Step> {
  if (step.do !== "take") return step;
  const lacks = await lackedBy(await lookAt(step.arrival.path, format, decrypt));
  return lacks === null ? step : { do: "wait", words: `${step.arrival.name}: ${lacks}` };
}

/** @returns false where another load is under way */
async function take(
  { arrival, whole }: Step & { readonly do: "take" },
  flags: WatchFlags,
  events: WatchEvents,
): Promise<boolean> {
  const beforeKeeping = (): void => {
    if (stateOf(arrival.path) !== arrival.state)
      throw stopped(`${arrival.name} was written to while it was read; nothing was kept`);
  };
  try {
    const asked: ImportFlags = { ...flags, whole, beforeKeeping, unattended: true };
    events.taken(arrival.name, await takeRecords([arrival.path], asked, events.progress));
  } catch (error) {
    if (error instanceof SqliteError && error.code === "locked") return false;
    if (!(error instanceof ImportError)) throw error;
    if (error.code !== "needs-yes")
      throw new ImportError(error.code, `${arrival.name}: ${error.message}`, { cause: error });
    const command = `${byHand(flags, whole)} --yes ${shellWord(arrival.path)}`;
    throw stopped(`${arrival.name}: ${error.message}. To take it: ${command}`, error);
  }
  if ((newest(flags.data)?.moment ?? "") < arrival.facts.to)
    throw stopped(
      `${arrival.name} was taken before, and an older one by hand after it: take it in by hand again`,
    );
  return true;
}

function stopped(words: string, cause?: unknown): WatchError {
  return new WatchError("extracts-stopped", words, { cause });
}

/** The extracts of no later moment than what was taken last, the newest first. */
function passedBy(arrivals: readonly Arrival[], last: string | null): Arrival[] {
  const momentOf = ({ facts }: Arrival): string => ("to" in facts && facts.to) || "";
  return arrivals
    .filter((each) => each.atRest && momentOf(each) !== "" && last !== null && momentOf(each) <= last)
    .sort((a, b) => (momentOf(a) < momentOf(b) ? 1 : -1));
}

/** Those that were taken from where they lie, and not written to since. */
function takenOf(arrivals: readonly Arrival[], data: string): Arrival[] {
  const records = openRecords(keeperFolder(data), {
    check: false,
    madeBefore: hadRecords(keeperFolder(data)),
  });
  try {
    const taken = new Map([...records.sources()].map(([path, at]) => [resolve(path), Date.parse(at)]));
    return arrivals.filter(({ path, changed }) => changed <= (taken.get(resolve(path)) ?? -Infinity));
  } finally {
    records.close();
  }
}

/** Only so many extracts that were taken, the newest first, stay; none that was not taken goes. */
function tidy(done: readonly Arrival[], { keep, moveTo }: WatchFlags, events: WatchEvents): void {
  if (keep === undefined) return;
  for (const { name, path } of done.slice(keep)) {
    try {
      if (moveTo === undefined) rmSync(path, { recursive: true });
      else move(path, moveTo, name);
      events.gone?.(name);
    } catch (error) {
      if (error instanceof WatchError) throw error;
      const code = String((error as NodeJS.ErrnoException).code);
      throw stopped(
        `${name} was taken, and cannot be ${moveTo === undefined ? "deleted" : "moved"} (${code}): let the agent's user write in that folder`,
        error,
      );
    }
  }
}

function move(path: string, folder: string, name: string): void {
  const to = join(folder, name);
  if (existsSync(to))
    throw stopped(`${to} is there already, so ${path} was not moved: move one of them away`);
  mkdirSync(folder, { recursive: true });
  try {
    renameDurably(path, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    const part = join(folder, `.${name}.part`); // on another disk: whole under its name, or not there
    rmSync(part, { recursive: true, force: true });
    cpSync(path, part, { recursive: true, preserveTimestamps: true });
    renameDurably(part, to);
    rmSync(path, { recursive: true });
  }
}

/** The extract that was taken last. */
function newest(data: string): { readonly at: string; readonly moment: string | null } | null {
  const folder = keeperFolder(data);
  const records = openRecords(folder, { check: false, madeBefore: hadRecords(folder) });
  try {
    return records.newestExtract();
  } finally {
    records.close();
  }
}

/** The command that takes an extract in by hand as the watch would, up to its path. */
function byHand(flags: WatchFlags, whole = true): string {
  const { data, format, system, registeredFrom, decrypt, deprivation = [] } = flags;
  const given: readonly (readonly [string, string | undefined])[] = [
    ["--data", data],
    ["--format", format],
    ["--system", system === "snomed" ? undefined : system],
    ["--registered-from", registeredFrom],
    ["--decrypt", decrypt],
    ...deprivation.map((file) => ["--deprivation", file] as const),
    ["--deprivation-column", flags.deprivationColumn],
    ["--postcode-column", flags.postcodeColumn],
  ];
  const said = given.flatMap(([flag, value]) => (value === undefined ? [] : [`${flag} ${shellWord(value)}`]));
  return ["cairn agent import", ...said, ...(whole ? ["--whole"] : [])].join(" ");
}

/** The words of an error that has some for people; of any other none, since it could quote what it read. */
function wordsOf(error: unknown): string {
  return error instanceof CairnError
    ? error.message
    : "something unforeseen happened: see what cairn agent watch printed";
}
