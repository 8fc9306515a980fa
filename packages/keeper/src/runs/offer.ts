/** Assignments as the hub sent them become runs, each with its first decision. */
import { WireRefusal, type Assignment__Output, type PolicyIntegers__Output } from "@cairn/wire";
import { noteOffer } from "../practice/offers.js";
import { whyLost, type Refusal } from "../releases/lost.js";
import { composedPolicy } from "../releases/policy.js";
import type { KeeperStore } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import { findRun, insertRun, moveRun, type Run } from "./run.js";
import { reviewRuns } from "./review.js";

/**
 * Idempotent: a run that is known keeps its state, unless it was refused and may now be answered.
 * @returns the runs, in the order of the assignments.
 */
export function offerRuns(
  store: KeeperStore,
  library: LibraryInForce | null,
  assignments: readonly Assignment__Output[],
): Run[] {
  store.change("offer", () => {
    for (const assignment of assignments) offerRun(store, library, assignment);
    reviewRuns(store);
  });
  return assignments.flatMap(({ run }) => findRun(store, run) ?? []);
}

function offerRun(store: KeeperStore, library: LibraryInForce | null, assignment: Assignment__Output): void {
  if (!/^[\w.:-]{1,128}$/.test(assignment.run)) return; // not even a name to refuse it under
  const known = findRun(store, assignment.run);
  if (known && known.state !== "refused") return;
  const refusal = whyNot(store, library, assignment);
  if (known) {
    if (!refusal) admit(store, assignment, () => moveRun(store, known.run, "waiting-for-approval"));
    return;
  }
  const run = {
    run: assignment.run,
    group: assignment.group,
    query: assignment.query,
    version: assignment.queryVersion,
    digest: assignment.queryDigest,
    referenceDate: assignment.referenceDate,
    floor: floorOf(assignment),
  };
  if (!refusal) {
    admit(store, assignment, () =>
      insertRun(store, { ...run, state: "waiting-for-approval", refusal: null }),
    );
    return;
  }
  insertRun(store, { ...run, state: "refused", refusal });
  store.note("run-refused", { run: run.run, query: run.query, date: run.referenceDate, code: refusal.code });
}

/** The run waits for approval until the review that follows says where it stands. */
function admit(
  store: KeeperStore,
  { queryDigest, group, query, queryVersion }: Assignment__Output,
  write: () => void,
): void {
  noteOffer(store, { digest: queryDigest, group, query, version: queryVersion });
  write();
}

function whyNot(
  store: KeeperStore,
  library: LibraryInForce | null,
  assignment: Assignment__Output,
): Refusal | null {
  if (!wellFormed(assignment)) {
    return {
      code: "bad-request",
      words: "the assignment is not one: its group, query, digest or date is malformed",
    };
  }
  const { query, queryVersion, queryDigest, referenceDate } = assignment;
  if (!library?.find(query, queryVersion, queryDigest)) {
    return {
      code: "query-unknown",
      words: `${query}@${queryVersion} with this digest is in no library version that this practice has verified`,
    };
  }
  const other = store.db
    .prepare("SELECT 1 FROM run WHERE digest = ? AND reference_date = ? AND run <> ? AND state <> 'refused'")
    .get(queryDigest, referenceDate, assignment.run);
  if (other) return { code: "run-conflict", words: `${query} at ${referenceDate} is another run already` };
  const lost = whyLost(store, referenceDate);
  if (lost) return lost;
  return policyRefusal(store, assignment);
}

function policyRefusal(store: KeeperStore, assignment: Assignment__Output): Refusal | null {
  try {
    composedPolicy(store, floorOf(assignment));
    return null;
  } catch (error) {
    if (error instanceof WireRefusal) return { code: error.code, words: error.words };
    throw error;
  }
}

export const NO_FLOOR: PolicyIntegers__Output = { k: 0, base: 0, midpoint: 0 };

export function floorOf({ floor }: Assignment__Output): PolicyIntegers__Output {
  return floor ? { k: floor.k, base: floor.base, midpoint: floor.midpoint } : NO_FLOOR;
}

/** What may be written down of an assignment, and said again. */
export function wellFormed({
  group,
  query,
  queryVersion,
  queryDigest,
  referenceDate,
}: Assignment__Output): boolean {
  return (
    group.length > 0 &&
    group.length <= 200 &&
    /^[\w.-]{1,128}$/.test(query) &&
    /^[\w.+-]{1,32}$/.test(queryVersion) &&
    queryDigest.length === 32 &&
    isDate(referenceDate)
  );
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
