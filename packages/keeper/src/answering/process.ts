/** A process that works for the keeper: one job after the other, each within limits on time and memory. */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Answer, ChildJob, ChildMessage } from "./job.js";

export interface Limits {
  readonly seconds: number; // of wall clock, for one query and its whole batch of dates
  readonly megabytes: number; // of the process's resident memory
}

export type Outcome<G = Answer> =
  | { readonly outcome: "answered"; readonly answer: G }
  | { readonly outcome: "unanswerable"; readonly words: string } // the records do not say what the query asks
  | { readonly outcome: "died"; readonly how: string } // the query's doing, as far as one can tell
  | { readonly outcome: "problem"; readonly words: string } // the store's or the machine's
  | { readonly outcome: "called-off" };

const LOOK_AT_MEMORY_MS = 200;
/** Share of the memory limit above which a process takes no further job: the next one is to have its memory too. */
const FIT_UP_TO = 1 / 4;

export class AnswerProcess {
  /** Processes that run the same module within the same memory are of one kind, and any of them can do a job. */
  readonly kind: string;
  readonly #child: ChildProcess;
  readonly #megabytes: number;
  #jobs = 0;
  #ended: string | null = null; // how it ended
  #idle: { readonly timer: NodeJS.Timeout; readonly ended: () => void } | null = null;

  /** @param file the module that it runs @param megabytes of resident memory that it may take */
  constructor(file: URL, megabytes: number) {
    this.kind = AnswerProcess.kindOf(file, megabytes);
    this.#megabytes = megabytes;
    this.#child = fork(file, [], {
      // Its own heap limit comes on top of how this process was started (a loader in development).
      execArgv: [...process.execArgv.filter(leavesNoDump), `--max-old-space-size=${megabytes}`],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "ignore", "ipc"], // what a dying process prints could hold records
      env: {},
    });
    this.#child.on("error", () => undefined); // heard by the job at hand
    const ended = (code: number | null, signal: string | null): void => {
      this.#ended ??= `it ended with ${signal ?? `exit ${code}`}`;
      this.#idle?.ended();
    };
    // One that could not be started does not exit; one that was let go by `end` does not close.
    this.#child.once("exit", ended).once("close", ended);
  }

  static kindOf(file: URL, megabytes: number): string {
    return `${file.href} ${megabytes}`;
  }

  /** Whether it can take another job: it lives, and has given back most of the memory that the last one took. */
  get isFit(): boolean {
    const now = megabytesOf(this.#child);
    return this.#ended === null && this.#child.connected && now > 0 && now <= this.#megabytes * FIT_UP_TO;
  }

  /**
   * Does one job; the job before has to be done. Never throws for what the process does: the outcome has it.
   * @param seconds of wall clock after which the process is killed
   * @param signal kills it when aborted
   * @returns `again` where the process ended, and had worked before: an earlier job may be what it ended of, so only
   * a new process can tell
   */
  ask<G>(task: ChildJob, seconds: number, signal?: AbortSignal): Promise<Outcome<G> | "again"> {
    const child = this.#child;
    const isFirst = this.#jobs++ === 0;
    this.#wake();
    return new Promise((resolve) => {
      const died = (how: string): Outcome<G> | "again" => (isFirst ? { outcome: "died", how } : "again");
      let problem: Outcome<G> | null = null;
      let killedFor: Outcome<G> | "again" | null = null;
      const kill = (why: Outcome<G> | "again"): void => {
        killedFor ??= why;
        child.kill("SIGKILL");
        if (this.#ended !== null) closed(); // nothing more will be heard of it
      };
      const timer = setTimeout(
        () => kill({ outcome: "died", how: `it was stopped after ${seconds} s` }),
        seconds * 1000,
      );
      const watch = setInterval(() => {
        if (megabytesOf(child) > this.#megabytes)
          kill(died(`it was stopped at ${this.#megabytes} MB of memory`));
      }, LOOK_AT_MEMORY_MS);
      const callOff = (): void => kill({ outcome: "called-off" });
      const failed = ({ message }: Error): void => {
        problem ??= { outcome: "problem", words: `it cannot be started: ${message}` };
      };
      const heard = (message: unknown): void => {
        if (killedFor === null) settle(outcomeOf(message as ChildMessage<G>));
      };
      const closed = (): void => settle(killedFor ?? problem ?? died(this.#ended ?? ""));
      const settle = (outcome: Outcome<G> | "again"): void => {
        clearTimeout(timer);
        clearInterval(watch);
        signal?.removeEventListener("abort", callOff);
        child.off("error", failed).off("message", heard).off("close", closed);
        resolve(outcome);
      };
      if (this.#ended !== null || (!child.connected && !isFirst)) return closed(); // it ends, or was told to end
      signal?.addEventListener("abort", callOff, { once: true });
      child.on("error", failed).on("message", heard).on("close", closed);
      child.send(task, () => undefined); // a process that cannot be told ends, and that is heard
    });
  }

  /**
   * Lets it wait for the next job for so many ms, without keeping this process; then it ends.
   * @param ended called where it ends meanwhile, whatever the reason
   */
  rest(ms: number, ended: () => void): void {
    this.#child.unref();
    this.#child.channel?.unref();
    const end = (): void => {
      ended(); // nobody may ask it from now on
      this.end();
    };
    this.#idle = { timer: setTimeout(end, ms).unref(), ended };
  }

  /** Ends it, once it has done what it is doing. */
  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #wake(): void {
    clearTimeout(this.#idle?.timer);
    this.#idle = null;
    this.#child.ref();
    this.#child.channel?.ref();
  }
}

/** Whether an option would make Node write memory, and with it records, to a file when the process crashes. */
function leavesNoDump(option: string): boolean {
  return !/^--(abort-on-uncaught-exception|report-|heapsnapshot-|heap-prof|diagnostic-dir)/.test(option);
}

function outcomeOf<G>(said: ChildMessage<G>): Outcome<G> {
  if (said.said === "answer") return { outcome: "answered", answer: said.answer };
  return { outcome: said.said, words: said.words };
}

/**
 * Resident memory in MB, 0 where it cannot be read. Typed arrays live outside the heap, where its limit does not
 * reach.
 */
function megabytesOf(child: ChildProcess): number {
  try {
    const pages = Number(readFileSync(`/proc/${child.pid}/statm`, "utf8").split(" ")[1]);
    return (pages * 4096) / 1024 ** 2;
  } catch {
    return 0; // not Linux, or it has just ended
  }
}
