/** Runs while they run: recorded before they start, called off or quarantined where they do not end. */
import { practiceLog } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import { printable, WireRefusal, type Lease__Output, type RefusalCode } from "@cairn/wire";
import type { Job } from "../answering/job.js";
import { optOutsFor } from "../releases/opt-outs.js";
import type { LibraryInForce } from "../trust/library.js";
import { isPaused } from "../store/settings.js";
import type { Change, KeeperStore } from "../store/store.js";
import type { DateGuard } from "../runs/asked.js";
import { noteRefusal } from "../runs/refused.js";
import { findRun, moveRun, runsInState, type Run } from "../runs/run.js";

/** Number of crashes while running after which a run is not tried again before a person decides so: retry.ts. */
const CRASHES_ALLOWED = 2;

/**
 * Stores leases.
 * @returns the runs that are ready to be queued.
 * @throws WireRefusal paused, run-unknown, disk-full, store-unavailable
 */
export function leaseRuns(store: KeeperStore, leases: readonly Lease__Output[]): Run[] {
  assertMayRun(store);
  return leases.flatMap((lease) => {
    const run = findRun(store, lease.run);
    if (!run)
      throw new WireRefusal("run-unknown", `the keeper was never offered run ${printable(lease.run, 128)}`);
    return run.state === "ready" ? [{ ...run, attempt: lease.attempt }] : [];
  });
}

/** Checks that runs may start. @throws WireRefusal paused, disk-full, store-unavailable */
export function assertMayRun(store: KeeperStore): void {
  if (isPaused(store))
    throw new WireRefusal("paused", "the practice has paused: nothing runs and nothing leaves");
  if (store.problem) {
    const code = store.problem.code === "full" ? "disk-full" : "store-unavailable";
    throw new WireRefusal(code, store.problem.message);
  }
}

/** Records runs of one batch as executing. @returns those that still were ready. */
export function startRuns(store: KeeperStore, batch: readonly Run[]): Run[] {
  return store.change((change) => {
    const ready = batch.flatMap(({ run, attempt }) => {
      const now = findRun(change, run);
      return now?.state === "ready" ? [{ ...now, attempt }] : [];
    });
    for (const { run, attempt, starts, query, referenceDate } of ready) {
      moveRun(change, run, "running", { attempt, starts: starts + 1 });
      change.note(practiceLog.runStarted, { run, query, date: referenceDate, attempt });
    }
    return isPaused(change) ? callOff(change, ready) : ready;
  });
}

/** Calls runs off that the practice stopped, or a fault that is not the query's: this does not count as a crash. */
export function callOffRuns(store: KeeperStore, runs: readonly Run[]): void {
  store.change((change) => callOff(change, runs));
}

/** Refuses runs whose answer would break a promise; the log says why. */
export function refuseRuns(
  store: KeeperStore,
  runs: readonly Run[],
  refusal: { readonly code: RefusalCode; readonly words: string },
): void {
  store.change((change) => {
    for (const { run, query, referenceDate } of runs) {
      if (findRun(change, run)?.state !== "running") continue;
      moveRun(change, run, "refused", { refusal });
      noteRefusal(change, { run, query, referenceDate }, refusal.code);
    }
  });
}

/**
 * Refuses runs of a store from before dates were the query's own, but for a correction of a date that was.
 * @returns those that are the query's.
 */
export function refuseUnasked(
  store: KeeperStore,
  query: Query,
  runs: readonly Run[],
  dates: DateGuard,
): Run[] {
  return runs.filter((run) => {
    const refusal = run.correction > 0 ? null : dates(query, run.referenceDate, store.now());
    if (refusal) refuseRuns(store, [run], refusal);
    return !refusal;
  });
}

/** Runs of one query that are answered alike. */
interface AlikeRuns {
  readonly optOuts: Job["optOuts"];
  readonly runs: readonly Run[];
}

/**
 * Parts runs of one query by whether they count people with a type 1 opt-out in their record, and refuses those that may not be made as what left
 * for their date was.
 */
export function byOptOuts(
  store: KeeperStore,
  library: LibraryInForce,
  query: Query,
  runs: readonly Run[],
): AlikeRuns[] {
  const parts: Record<Job["optOuts"], Run[]> = { "left-out": [], "counted-by-choice": [] };
  for (const run of runs) {
    const choice = optOutsFor(store, library, query, run);
    if (typeof choice === "object") refuseRuns(store, [run], choice);
    else parts[choice === "counted" ? "counted-by-choice" : choice].push(run);
  }
  return (["left-out", "counted-by-choice"] as const).flatMap((optOuts) =>
    parts[optOuts].length === 0 ? [] : [{ optOuts, runs: parts[optOuts] }],
  );
}

/**
 * Records a crash of the process that answered these runs, or that it was killed. Each of a batch is tried once more,
 * alone: one that crashes then, too, is quarantined, and its neighbours are not.
 */
export function recordCrash(store: KeeperStore, runs: readonly Run[], how: string): void {
  store.change((change) => {
    for (const { run } of runs) {
      const now = findRun(change, run);
      if (now?.state === "running") recordOneCrash(change, now, how);
    }
  });
}

/** Called at start: runs still in state `running` were interrupted by a crash. */
export function recoverInterruptedRuns(store: KeeperStore): void {
  const leftovers = runsInState(store, "running");
  if (leftovers.length > 0) recordCrash(store, leftovers, "the keeper ended while it ran");
}

function recordOneCrash(change: Change, run: Run, how: string): void {
  if (run.starts < CRASHES_ALLOWED) {
    moveRun(change, run.run, "ready");
    change.note(practiceLog.runDied, { run: run.run, query: run.query, date: run.referenceDate, how });
    return;
  }
  const words = `it crashed ${run.starts} times while running (${how})`;
  moveRun(change, run.run, "quarantined", { refusal: { code: "run-quarantined", words } });
  change.note(practiceLog.runQuarantined, { run: run.run, query: run.query, date: run.referenceDate, how });
}

function callOff(change: Change, runs: readonly Run[]): Run[] {
  for (const { run } of runs) {
    const now = findRun(change, run);
    if (now?.state === "running") moveRun(change, run, "ready", { starts: Math.max(0, now.starts - 1) });
  }
  return [];
}
