/** Turns assignments from the hub into runs and groups' requests for them, each with its first decision. */
import { isName, isRunId, WireRefusal, type Assignment__Output } from "@cairn/wire";
import { floorsFor, whyNotInCharter } from "../approvals/charters.js";
import { GroupSpace } from "../approvals/groups.js";
import { noteOffer } from "../approvals/offers.js";
import { whyLost, type Refusal } from "../history/lost.js";
import { composedPolicy } from "../releases/policy.js";
import { releaseDigestOf } from "../releases/release.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import type { LibraryInForce } from "../trust/library.js";
import type { DateGuard } from "../runs/asked.js";
import { RefusedRunSpace } from "../runs/refused.js";
import { findRequest, floorOf, putRequest } from "../runs/requests.js";
import { reviewRuns } from "./review.js";
import { findRun, insertRun, moveRun, touchRun, type Run } from "../runs/run.js";

/** Most assignments in one call, which bounds its cost; a hub sends 128. */
export const MOST_IN_A_CALL = 1000;

/** An assignment that is refused and not stored. */
export interface TurnedDownAssignment {
  readonly assignment: Assignment__Output;
  readonly refusal: Refusal;
}

/**
 * Offers assignments. Idempotent: a run that is known keeps its state, unless it was refused and may now be answered.
 * @returns the runs, each once, and the assignments refused without a trace.
 * @throws WireRefusal bad-request where there are too many
 */
export function offerRuns(
  store: KeeperStore,
  library: LibraryInForce | null,
  assignments: readonly Assignment__Output[],
  dates: DateGuard,
): { readonly runs: Run[]; readonly turnedDown: TurnedDownAssignment[] } {
  if (assignments.length > MOST_IN_A_CALL)
    throw new WireRefusal("bad-request", `at most ${MOST_IN_A_CALL} assignments in one call`);
  const turnedDown: TurnedDownAssignment[] = [];
  store.change((change) => {
    const room = new RefusedRunSpace(change);
    const groups = new GroupSpace(change);
    for (const assignment of assignments) {
      const refusal = offerRun({ change, library, dates, room, groups }, assignment);
      const isKept = refusal?.code !== "not-a-member" && findRun(change, assignment.run) !== null;
      if (refusal && !isKept) turnedDown.push({ assignment, refusal });
    }
    reviewRuns(change);
  }, "offer");
  const runs = [...new Set(assignments.map(({ run }) => run))].flatMap((run) => findRun(store, run) ?? []);
  return { runs, turnedDown };
}

/** The state against which every assignment of one call is checked. */
interface Offering {
  readonly change: Change;
  readonly library: LibraryInForce | null;
  readonly dates: DateGuard;
  readonly room: RefusedRunSpace;
  readonly groups: GroupSpace;
}

/** Offers one assignment. @returns why it was refused, or null */
function offerRun(offering: Offering, assignment: Assignment__Output): Refusal | null {
  const { change, room, groups } = offering;
  if (!isPlain(assignment.run)) return null; // not even a name to refuse it under
  const refusal = whyMalformed(assignment) ?? whyNotTheGroup(groups, assignment);
  if (refusal) return refusal;
  const known = findRun(change, assignment.run);
  if (known && !isOfRun(assignment, known))
    return { code: "run-conflict", words: "the assignment names a run that asks for something else" };
  const own = findRequest(change, assignment.run, assignment.group);
  const unfit = known && known.state !== "refused" ? null : whyNot(offering, assignment);
  const outside = whyNotInCharter(change, assignment.group, assignment.query);
  const unfitHere = outside ?? whyPolicy(change, assignment);
  if (unfit) {
    if (!known) room.keep(assignment, unfit);
    return unfit;
  }
  if (known?.state === "refused" && unfitHere && own?.refusal) return unfitHere; // it stands as it stood
  const isMade = known !== null && releaseDigestOf(change, known.run, known.correction) !== null;
  if (known && own && known.state !== "refused" && (isMade || own.state === "withdrawn")) return null;
  groups.take(assignment.group);
  admit(change, known, assignment, unfitHere);
  return unfitHere;
}

/** The run and the request wait for approval until the review that follows says where they stand. */
function admit(
  change: Change,
  known: Run | null,
  assignment: Assignment__Output,
  unfitHere: Refusal | null, // for this group alone
): void {
  const { run, group, query, queryVersion: version, queryDigest: digest, referenceDate } = assignment;
  if (unfitHere?.code !== "not-in-charter") noteOffer(change, { digest, group, query, version });
  const asked = { run, query, version, digest, referenceDate };
  if (!known) insertRun(change, { ...asked, state: "waiting-for-approval", refusal: null });
  else if (known.state === "refused") moveRun(change, run, "waiting-for-approval");
  const own = findRequest(change, run, group);
  const state = unfitHere ? "refused" : own && own.state !== "refused" ? own.state : "waiting-for-approval";
  const { charterDigest } = assignment;
  putRequest(change, { run, group, floor: floorOf(assignment), charterDigest, state, refusal: unfitHere });
  if (!own) touchRun(change, run);
}

function isOfRun({ queryDigest, referenceDate }: Assignment__Output, run: Run): boolean {
  return run.digest.equals(queryDigest) && run.referenceDate === referenceDate;
}

function whyMalformed(assignment: Assignment__Output): Refusal | null {
  if (!isRunId(assignment.run))
    return { code: "bad-request", words: `${assignment.run} is no run's id: those are 32 hex digits` };
  if (wellFormed(assignment)) return null;
  return {
    code: "bad-request",
    words: "the assignment is not one: its group, query, digest or date is malformed",
  };
}

function whyNotTheGroup(groups: GroupSpace, { group }: Assignment__Output): Refusal | null {
  if (groups.has(group)) return null;
  const words = "nobody here has accepted this group, and too many others wait for a person already";
  return { code: "not-a-member", words };
}

function whyNot({ change, library, dates }: Offering, assignment: Assignment__Output): Refusal | null {
  const { query: name, queryVersion, queryDigest, referenceDate } = assignment;
  const query = library?.find(name, queryVersion, queryDigest);
  if (!query) {
    return {
      code: "query-unknown",
      words: `${name}@${queryVersion} with this digest is in no library version that this practice has verified`,
    };
  }
  const other = change.db
    .prepare("SELECT 1 FROM run WHERE digest = ? AND reference_date = ? AND run <> ? AND state <> 'refused'")
    .get(queryDigest, referenceDate, assignment.run);
  if (other) return { code: "run-conflict", words: `${name} at ${referenceDate} is another run already` };
  return dates(query, referenceDate, change.now()) ?? whyLost(change, referenceDate);
}

function whyPolicy(store: Reader, assignment: Assignment__Output): Refusal | null {
  try {
    composedPolicy(store, ...floorsFor(store, { group: assignment.group, floor: floorOf(assignment) }));
    return null;
  } catch (error) {
    if (error instanceof WireRefusal) return { code: error.code, words: error.words };
    throw error;
  }
}

/** The parts of an assignment that may be stored and repeated. */
export function wellFormed({
  run,
  group,
  query,
  queryVersion,
  queryDigest,
  referenceDate,
  charterDigest,
}: Assignment__Output): boolean {
  return (
    isRunId(run) &&
    isName(group) &&
    /^[\w.-]{1,128}$/.test(query) &&
    /^[\w.+-]{1,32}$/.test(queryVersion) &&
    queryDigest.length === 32 &&
    (charterDigest.length === 0 || charterDigest.length === 32) &&
    isDate(referenceDate)
  );
}

/** Whether the text may be repeated, whatever it is. */
function isPlain(run: string): boolean {
  return /^[\w.:-]{1,128}$/.test(run);
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
