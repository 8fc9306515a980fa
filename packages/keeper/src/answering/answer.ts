/**
 * Works in a process of its own, with limits on time and memory, so that no query can end the keeper or keep it from
 * its link. To start one takes longer than most answers: one that has done its job waits a while for the next.
 */
import { AnswerProcess, type Limits, type Outcome } from "./process.js";
import type { ChildJob, Job, JobTable } from "./job.js";

export type { Limits, Outcome } from "./process.js";

const DEFAULT_LIMITS: Limits = { seconds: 300, megabytes: 2048 };

interface AnswerOptions {
  readonly limits?: Limits;
  /** Aborted when the practice pauses or the keeper stops: the process is killed. */
  readonly signal?: AbortSignal;
  /** The module that the process runs; only tests set it. */
  readonly child?: URL;
  /** Time in ms for which the process waits for another job; only tests set it. */
  readonly waits?: number;
}

const CHILD = new URL(import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js", import.meta.url);
const WAITS_MS = 10_000;
/** A release and a page may be worked at beside each other. */
const MOST_WAITING = 2;
const waiting = new Set<AnswerProcess>();

/** Answers a query for its batch of dates. Never throws for what the process does: the outcome has it. */
export function answerInChild(job: Job, options: AnswerOptions = {}): Promise<Outcome> {
  return workInChild("release", job, options);
}

/** Does one piece of work. Never throws for what the process does: the outcome has it. */
export async function workInChild<K extends keyof JobTable>(
  work: K,
  job: JobTable[K]["job"],
  options: AnswerOptions = {},
): Promise<Outcome<JobTable[K]["gives"]>> {
  const { limits = DEFAULT_LIMITS, signal, child = CHILD, waits = WAITS_MS } = options;
  const { seconds, megabytes } = limits;
  for (let again = false; ; again = true) {
    if (signal?.aborted) return { outcome: "called-off" };
    const kept = again ? null : takeWaiting(AnswerProcess.kindOf(child, megabytes));
    const worker = kept ?? new AnswerProcess(child, megabytes);
    const outcome = await worker.ask<JobTable[K]["gives"]>({ work, job } as ChildJob, seconds, signal);
    letWait(worker, waits);
    if (outcome !== "again") return outcome;
  }
}

function takeWaiting(kind: string): AnswerProcess | null {
  for (const worker of waiting) {
    if (worker.kind !== kind) continue;
    waiting.delete(worker);
    return worker;
  }
  return null;
}

function letWait(worker: AnswerProcess, ms: number): void {
  if (!worker.isFit || waiting.size >= MOST_WAITING) return worker.end();
  waiting.add(worker);
  worker.rest(ms, () => waiting.delete(worker));
}
