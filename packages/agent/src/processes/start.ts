/** An agent that runs: keeper and courier as two processes, the keeper without a network, each restarted when it dies. */
import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { isAbsolute, resolve } from "node:path";
import {
  assertNotRunning,
  keeperFolder,
  KeeperError,
  KeeperStore,
  socketFile,
  type OpenDesks,
} from "@cairn/keeper/practice";
import { emptyNamespace } from "./isolation.js";
import { longestRestartPause } from "./config.js";
import { deskPages, PageSocket, type DeskFlags, type DeskPages } from "./page-socket.js";
import { asUser, usersFor, type User } from "./users.js";

export interface StartFlags extends DeskFlags {
  readonly data: string;
  readonly pagePort: number;
  readonly courierUser?: string;
}

/** Receives what a running agent's people should know. */
export interface AgentOutput {
  note(words: string): void;
  /** A process could not be started again; another try follows after a pause. */
  problem(error: unknown): void;
  /** A log line of keeper or courier; null where they write to our standard error themselves. */
  readonly logLine: ((line: string) => void) | null;
  /** Whether a process that ended with this code was refused, so that trying again at once would change nothing. */
  readonly wasRefused: (code: number | null) => boolean;
}

export interface RunningAgent {
  /** The ready message, as service managers read it. */
  readonly ready: {
    readonly ready: true;
    readonly page: string;
    /** Where the pages are open to other desks; null where they are on this machine alone. */
    readonly desks: string | null;
    readonly socket: string;
    readonly pids: { readonly keeper: number | undefined; readonly courier: number | undefined };
    readonly network: unknown;
  };
  readonly ended: Promise<void>;
}

interface Child {
  readonly process: ChildProcess;
  /** The ready line. @throws KeeperError when it ends before it is ready */
  readonly ready: Promise<Record<string, unknown>>;
  readonly ended: Promise<number | null>;
}

/** Its hub has locked it out, or its folder is not fit to go on: trying at once would change nothing. */
const RESTART_LOCKED_OUT_MS = 300_000;

/**
 * Runs until SIGTERM, SIGINT or SIGHUP.
 * @throws KeeperError where the keeper cannot be started at all, or not opened to other desks as was asked
 */
export async function startAgent(flags: StartFlags, output: AgentOutput): Promise<RunningAgent> {
  const desks = deskPages(flags);
  KeeperStore.open(keeperFolder(flags.data)).close(); // says in one line what is wrong with the folder
  assertNotRunning(keeperFolder(flags.data));
  const data = isAbsolute(flags.data) ? flags.data : resolve(flags.data);
  const namespace = emptyNamespace();
  if (namespace === null) {
    output.note(
      "cairn: this system cannot give an empty network namespace: nothing keeps the keeper from the network",
    );
  }
  const users = usersFor(data, flags.courierUser);
  // Another user may not be let into the folder that the command was given in.
  const cwd = users.keeper || users.courier ? "/" : process.cwd();
  const page = new PageSocket("127.0.0.1", flags.pagePort, "--page-port");
  const desk = desks && new PageSocket(desks.host, desks.port, "--page-address");
  const supervisor = new Supervisor(output);
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const)
    process.once(signal, () => supervisor.stop());

  const socket = socketFile(data);
  const keeper = await supervisor.keep("keeper", async () => {
    const own = users.keeper ? asUser(users.keeper) : [];
    const command = [...(namespace ?? []), ...own, ...self(), "agent", "keeper"];
    const args = ["--data", data, "--socket", socket, "--page-fd", "3", ...deskArguments(desks), "--tied"];
    try {
      const fds = [await page.open(), ...(desk ? [await desk.open()] : [])];
      return launch([...command, ...args], { fds, cwd, logLine: output.logLine });
    } finally {
      page.close();
      desk?.close();
    }
  });
  const opened = keeper.ready["desks"] as OpenDesks | null | undefined;
  if (opened?.ended && opened.problem !== null)
    output.note(`cairn: pages are not open to other desks: ${opened.problem}`);
  else if (typeof opened?.problem === "string") {
    supervisor.stop();
    throw new KeeperError("certificate-unusable", opened.problem);
  }
  const courier = await supervisor.keep("courier", async () =>
    launch([...self(), "agent", "courier", "--data", data, "--socket", socket, "--tied"], {
      user: users.courier,
      cwd,
      logLine: output.logLine,
    }),
  );
  const ready = {
    ready: true as const,
    page: `http://127.0.0.1:${page.port}`,
    desks: opened?.address || null,
    socket,
    pids: { keeper: keeper.pid, courier: courier.pid },
    network: keeper.ready["network"],
  };
  return { ready, ended: supervisor.ended };
}

/** What the keeper needs for the pages at other desks; their socket is its descriptor 4. */
function deskArguments(desks: DeskPages | null): string[] {
  if (desks === null) return [];
  return ["--desk-fd", "4", "--page-certificate", desks.certificate, "--page-key", desks.key];
}

/** The arguments that start this very command again, however it was started. */
function self(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] as string];
}

interface LaunchOptions {
  /** Handed in as descriptors 3, 4 and so on. */
  readonly fds?: readonly number[];
  /** The user of the process; ours where absent. */
  readonly user?: User | null;
  readonly cwd: string;
  readonly logLine: AgentOutput["logLine"];
}

function launch([command, ...args]: string[], { fds = [], user, cwd, logLine }: LaunchOptions): Child {
  // Standard input is a pipe that closes when this process ends, however it ends: `--tied` ends then, too.
  const log = logLine === null ? "inherit" : "pipe";
  const stdio: StdioOptions = ["pipe", "pipe", log, ...fds];
  const child = spawn(command as string, args, { stdio, cwd, ...user });
  if (child.stderr && logLine) createInterface({ input: child.stderr }).on("line", logLine);
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", (code) => resolve(code));
  });
  const line = new Promise<string>((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once("line", resolve);
  });
  const ready = Promise.race([
    line.then((text) => JSON.parse(text) as Record<string, unknown>),
    ended.then((code) => {
      throw new KeeperError(
        "socket-unusable",
        `a process of the agent ended before it was ready (${code}): see above`,
      );
    }),
  ]);
  ready.catch(() => undefined);
  return { process: child, ready, ended };
}

/** Starts processes again when they die, and stops them all when told to. */
class Supervisor {
  readonly #children = new Map<string, Child>();
  readonly #output: AgentOutput;
  readonly #stopping = new AbortController();
  #end: () => void = () => undefined;
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve));

  constructor(output: AgentOutput) {
    this.#output = output;
  }

  /** Starts a process and restarts it when it ends. @throws KeeperError where it first ends before it is ready */
  async keep(
    name: string,
    start: () => Promise<Child>,
  ): Promise<{ pid: number | undefined; ready: Record<string, unknown> }> {
    const first = await start();
    this.#children.set(name, first);
    void this.#watch(name, first, start);
    try {
      return { pid: first.process.pid, ready: await first.ready };
    } catch (error) {
      // Killed by a test's crash point or the machine: it is started again like any other time.
      if (first.process.signalCode === null) {
        this.stop();
        throw error;
      }
      return { pid: first.process.pid, ready: {} };
    }
  }

  stop(): void {
    this.#stopping.abort();
    for (const { process: child } of this.#children.values()) child.kill("SIGTERM");
    void Promise.all([...this.#children.values()].map(({ ended }) => ended)).then(() => this.#end());
  }

  async #watch(name: string, first: Child, start: () => Promise<Child>): Promise<void> {
    const { signal } = this.#stopping;
    let child = first;
    for (let failures = 0; ;) {
      const began = performance.now();
      const code = await child.ended;
      if (signal.aborted) return;
      failures = performance.now() - began > 60_000 ? 0 : failures + 1;
      const ms = this.#output.wasRefused(code)
        ? RESTART_LOCKED_OUT_MS
        : Math.min(longestRestartPause(), 250 * 2 ** Math.min(failures, 8));
      this.#output.note(
        `cairn: the ${name} ended (${code ?? child.process.signalCode}); it is started again in ${ms / 1000} s`,
      );
      await wait(ms, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      try {
        child = await start();
        this.#children.set(name, child);
      } catch (error) {
        this.#output.problem(error); // the page's port, say; tried again after the next pause
      }
    }
  }
}
