/** Works in a process of its own, with limits on time and memory, so that no query can end the keeper or keep it from its link. */
import { fork, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Answer, ChildMessage, Job, JobTable } from "./job.js";

export interface Limits {
  readonly seconds: number; // of wall clock, for one query and its whole batch of dates
  readonly megabytes: number; // of the process's resident memory
}

const DEFAULT_LIMITS: Limits = { seconds: 300, megabytes: 2048 };

export type Outcome<G = Answer> =
  | { readonly outcome: "answered"; readonly answer: G }
  | { readonly outcome: "unanswerable"; readonly words: string } // the records do not say what the query asks
  | { readonly outcome: "died"; readonly how: string } // the query's doing, as far as one can tell
  | { readonly outcome: "problem"; readonly words: string } // the store's or the machine's
  | { readonly outcome: "called-off" };

interface AnswerOptions {
  readonly limits?: Limits;
  /** Aborted when the practice pauses or the keeper stops: the process is killed. */
  readonly signal?: AbortSignal;
  /** The module that the process runs; only tests set it. */
  readonly child?: URL;
}

const CHILD = new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url);
const LOOK_AT_MEMORY_MS = 200;

/** Answers a query for its batch of dates. Never throws for what the process does: the outcome has it. */
export function answerInChild(job: Job, options: AnswerOptions = {}): Promise<Outcome> {
  return workInChild("release", job, options);
}

/** Does one piece of work. Never throws for what the process does: the outcome has it. */
export function workInChild<K extends keyof JobTable>(
  work: K,
  job: JobTable[K]["job"],
  options: AnswerOptions = {},
): Promise<Outcome<JobTable[K]["gives"]>> {
  type Gives = JobTable[K]["gives"];
  const { limits = DEFAULT_LIMITS, signal } = options;
  if (signal?.aborted) return Promise.resolve({ outcome: "called-off" });
  const child = fork(options.child ?? CHILD, [], {
    // Its own heap limit comes on top of how this process was started (a loader in development).
    execArgv: [...process.execArgv.filter(leavesNoDump), `--max-old-space-size=${limits.megabytes}`],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"], // what a dying process prints could hold records
    env: {},
  });
  return new Promise((resolve) => {
    let said: ChildMessage<Gives> | null = null;
    let killedFor: Outcome<Gives> | null = null;
    const kill = (why: Outcome<Gives>): void => {
      killedFor ??= why;
      child.kill("SIGKILL");
    };
    const timer = setTimeout(
      () => kill({ outcome: "died", how: `it was stopped after ${limits.seconds} s` }),
      limits.seconds * 1000,
    );
    const watch = setInterval(() => {
      if (megabytesOf(child) > limits.megabytes) {
        kill({ outcome: "died", how: `it was stopped at ${limits.megabytes} MB of memory` });
      }
    }, LOOK_AT_MEMORY_MS);
    const callOff = (): void => kill({ outcome: "called-off" });
    signal?.addEventListener("abort", callOff, { once: true });

    child.on("message", (message) => (said = message as ChildMessage<Gives>));
    child.once(
      "error",
      (error) => (said ??= { said: "problem", words: `it cannot be started: ${error.message}` }),
    );
    child.once("close", (code, how) => {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener("abort", callOff);
      resolve(outcomeOf(said, killedFor, how ?? `exit ${code}`));
    });
    child.send({ work, job }, () => undefined); // a process that cannot be told ends, and that is heard
  });
}

/** Whether an option would make Node write memory, and with it records, to a file when the process crashes. */
function leavesNoDump(option: string): boolean {
  return !/^--(abort-on-uncaught-exception|report-|heapsnapshot-|heap-prof|diagnostic-dir)/.test(option);
}

function outcomeOf<G>(said: ChildMessage<G> | null, killedFor: Outcome<G> | null, how: string): Outcome<G> {
  if (killedFor) return killedFor;
  if (said?.said === "answer") return { outcome: "answered", answer: said.answer };
  if (said) return { outcome: said.said, words: said.words };
  return { outcome: "died", how: `it ended with ${how}` };
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
