/** Batches that hold a lease, answered one after the other. */
import { setTimeout as wait } from "node:timers/promises";
import { KeptLedgers, type LpSolver } from "@cairn/disclosure";
import { whereabouts } from "@cairn/errors";
import { SqliteError } from "@cairn/sqlite";
import { WireRefusal } from "@cairn/wire";
import { crashPoint } from "../config.js";
import type { Outcome } from "../answering/answer.js";
import type { Answer, Job } from "../answering/job.js";
import { isPaused, setting } from "../store/settings.js";
import { makeReleases } from "./make.js";
import type { KeeperStore } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { byOptOuts, recordCrash, callOffRuns, refuseRuns, refuseUnasked, startRuns } from "./execute.js";
import type { DateGuard } from "../runs/asked.js";
import { findRun, type Run } from "../runs/run.js";

type Batch = Omit<Parameters<typeof makeReleases>[1], "answer">;

interface QueueOptions {
  readonly store: KeeperStore;
  readonly library: () => LibraryInForce | null;
  readonly answer: (job: Job, signal: AbortSignal) => Promise<Outcome>;
  readonly dates: DateGuard;
  /** The solver of linear programs, for disclosure control. */
  readonly solver: LpSolver;
  /** Receives failures in words without data. */
  readonly say: (words: string) => void;
  /** Time in ms before a disk or store that failed is tried again. */
  readonly retryMs?: number;
}

export class Queue {
  readonly #options: QueueOptions;
  readonly #ledgers = new KeptLedgers();
  readonly #batches = new Map<string, Run[]>();
  #current: { readonly runs: ReadonlySet<string>; readonly stop: AbortController } | null = null;
  #stopped = false;
  #working: Promise<void> | null = null;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /**
   * Adds runs; those of one query make one batch, whichever lease they came with. Known ones are not added again. One
   * that crashed before is a batch of its own, so that a second crash is its own.
   */
  add(runs: readonly Run[]): void {
    for (const run of runs) {
      if (this.#stopped || this.#current?.runs.has(run.run)) continue;
      const key = [run.digest.toString("hex"), run.starts > 0 ? run.run : ""].join(" ");
      const batch = this.#batches.get(key) ?? [];
      if (!batch.some((other) => other.run === run.run)) this.#batches.set(key, [...batch, run]);
    }
    this.#working ??= this.#work().finally(() => (this.#working = null));
  }

  /** Calls everything off after a pause: what runs is stopped, what waits is forgotten (the courier asks again). */
  callOff(): void {
    this.#batches.clear();
    this.#current?.stop.abort();
  }

  /** Stops what runs where none of it is wanted any more: a declined run is not answered to its end. */
  dropUnwanted(): void {
    const isRunning = (run: string): boolean => findRun(this.#options.store, run)?.state === "running";
    if (this.#current && ![...this.#current.runs].some(isRunning)) this.#current.stop.abort();
  }

  /** Stops for good, and waits until what ran is recorded as called off. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.callOff();
    await this.#working;
  }

  async #work(): Promise<void> {
    await Promise.resolve(); // the caller's reply comes first
    for (const [key, batch] of this.#batches) {
      this.#batches.delete(key);
      const sorted = [...batch].sort((a, b) => (a.referenceDate < b.referenceDate ? -1 : 1));
      const stop = new AbortController();
      this.#current = { runs: new Set(sorted.map(({ run }) => run)), stop };
      try {
        await this.#answerBatch(sorted, stop.signal);
      } catch (error) {
        this.#options.say(
          `a batch was given up: ${error instanceof SqliteError ? error.message : whereabouts(error)}`,
        );
      } finally {
        this.#current = null;
      }
    }
  }

  async #answerBatch(batch: readonly Run[], signal: AbortSignal): Promise<void> {
    const { store } = this.#options;
    const started = await this.#written(() => startRuns(store, batch), signal);
    const first = started?.[0];
    if (!started || !first) return;
    const library = this.#options.library();
    const query = library?.find(first.query, first.version, first.digest) ?? null;
    if (!library || !query) {
      const words = `${first.query}@${first.version} is not in the library version in force`;
      await this.#written(() => refuseRuns(store, started, { code: "query-unknown", words }));
      return;
    }
    const runs = (await this.#written(() => refuseUnasked(store, query, started, this.#options.dates))) ?? [];
    for (const alike of (await this.#written(() => byOptOuts(store, library, query, runs))) ?? [])
      await this.#answerAlike({ ...alike, query, library }, signal);
  }

  /** Answers runs of one query that count people with a type 1 opt-out in their record, or of which none does. */
  async #answerAlike(
    { optOuts, ...about }: ReturnType<typeof byOptOuts>[number] & Pick<Batch, "query" | "library">,
    signal: AbortSignal,
  ): Promise<void> {
    const { store, answer } = this.#options;
    const { runs, query } = about;
    crashPoint("before", "answer");
    const dates = runs.map((run) => run.referenceDate);
    const began = performance.now();
    const leftOutList = setting(store, "left-out-list");
    const job = { folder: store.folder, query, dates, optOuts, leftOutList };
    const outcome = await answer(job, signal);
    const answered = performance.now();
    crashPoint("after", "answer");
    await this.#settle(outcome, { ...about, leftOutList }, signal);
    const seconds = (ms: number): string => (ms / 1000).toFixed(1);
    this.#options.say(
      `${query.query}, ${dates.length} dates: ${seconds(answered - began)} s to answer, ${seconds(performance.now() - answered)} s to decide`,
    );
  }

  async #settle(outcome: Outcome, batch: Batch, signal: AbortSignal): Promise<void> {
    const { store, say } = this.#options;
    switch (outcome.outcome) {
      case "answered":
        await this.#release(outcome.answer, batch, signal);
        return;
      case "unanswerable":
        await this.#written(() =>
          refuseRuns(store, batch.runs, { code: "facts-unavailable", words: outcome.words }),
        );
        return;
      case "died":
        say(`answering ${batch.query.query} ended early: ${outcome.how}`);
        await this.#written(() => recordCrash(store, batch.runs, outcome.how));
        return;
      case "problem":
        say(`answering ${batch.query.query} was not possible: ${outcome.words}`);
        await pause(this.#options.retryMs ?? 2000, signal);
        await this.#written(() => callOffRuns(store, batch.runs));
        return;
      case "called-off":
        await this.#written(() => callOffRuns(store, batch.runs));
    }
  }

  async #release(answer: Answer, batch: Batch, signal: AbortSignal): Promise<void> {
    const { store, say, solver } = this.#options;
    try {
      const made = await this.#written(
        () => makeReleases(store, { ...batch, answer }, solver, this.#ledgers),
        signal,
      );
      if (!made) await this.#written(() => callOffRuns(store, batch.runs));
    } catch (error) {
      if (!(error instanceof WireRefusal)) {
        say(`the numbers of ${batch.query.query} could not be decided on: ${whereabouts(error)}`);
        await this.#written(() => recordCrash(store, batch.runs, "deciding what may leave failed"));
        return;
      }
      await this.#written(() => refuseRuns(store, batch.runs, { code: error.code, words: error.message }));
    }
  }

  /**
   * Makes a change, again and again while the disk or the file fails: an answer is not lost, and nothing goes on
   * without its row.
   * @returns null when called off meanwhile.
   */
  async #written<T>(change: () => T, signal?: AbortSignal): Promise<T | null> {
    for (;;) {
      if (signal?.aborted) return null;
      try {
        return change();
      } catch (error) {
        if (!(error instanceof SqliteError)) throw error;
        this.#options.say(`paused: ${error.message}`);
        if (this.#stopped) return null; // the next keeper finds the runs as running, and buries them
        await pause(this.#options.retryMs ?? 2000, signal);
      }
    }
  }
}

/** Waits so many milliseconds; ends early, without an error, when the signal is aborted. */
async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await wait(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
}

/** Calls off what runs when the practice pauses, or declines all of it. */
export function callOffWhenPaused(store: KeeperStore, queue: Queue): () => void {
  const look = (): void => {
    if (isPaused(store)) queue.callOff();
    else queue.dropUnwanted();
  };
  store.changes.on("change", look);
  return () => store.changes.off("change", look);
}
