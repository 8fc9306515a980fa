/** Reviews the states of runs, when the practice has decided, records have arrived or time has passed. */
import { carryOver } from "./carry-over.js";
import { takeNarrowedCharters } from "../approvals/accept-charter.js";
import { charterDigestOf, charterWaits, floorsFor, whyNotInCharter } from "../approvals/charters.js";
import { endLapsedConsents } from "../consents/consents.js";
import { groupState } from "../approvals/groups.js";
import { waitsForWitness } from "../approvals/witnesses.js";
import { applyRules, isAccepted, isDeclined } from "../approvals/offers.js";
import { endChangedPins } from "../approvals/rules.js";
import { hasLeftOutList, isPaused, setting } from "../store/settings.js";
import { isKeptHere, waitsForLook } from "../releases/held.js";
import { whyLost, type Refusal } from "../history/lost.js";
import { whyOptOuts } from "../releases/opt-outs.js";
import { meetsFloor } from "../releases/policy.js";
import { findRelease, releaseDigestOf } from "../releases/release.js";
import { endUse, giveUse, useOf } from "../releases/uses.js";
import type { Change, Reader } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import { noteRefusal } from "../runs/refused.js";
import { moveRequest, requestsOf, type GroupRequest, type RequestState } from "../runs/requests.js";
import { laterDateHasLeft, moveRun, runsToReview, touchRun, type Run } from "../runs/run.js";
import { stateBeforeRunning, type RunState } from "../runs/states.js";

export function reviewRuns(change: Change): void {
  carryOver(change);
  takeNarrowedCharters(change);
  endLapsedConsents(change);
  endChangedPins(change);
  applyRules(change);
  for (const run of runsToReview(change)) reviewRun(change, run);
}

/** Its groups first, then the run, then the uses of what leaves. */
export function reviewRun(change: Change, run: Run): void {
  const before = requestsOf(change, run.run);
  for (const request of before) reviewRequest(change, run, request);
  const requests = requestsOf(change, run.run);
  const next = nextState(change, run, requests);
  if (typeof next === "object") {
    moveRun(change, run.run, "refused", { refusal: next });
    noteRefusal(change, run, next.code);
    return;
  }
  if (next !== run.state) moveRun(change, run.run, next);
  else if (requests.some((one, i) => one.state !== before[i]?.state)) touchRun(change, run.run);
  giveUses(change, { ...run, state: next });
}

/** Each allowed group's leave to the release, once it is to leave and while the practice is not paused. */
export function giveUses(change: Change, run: Run): void {
  if ((run.state !== "outbox" && run.state !== "acknowledged") || isPaused(change)) return;
  const ready = requestsOf(change, run.run).filter(({ state }) => state === "ready");
  for (const request of ready) {
    if (giveUse(change, run, request)) touchRun(change, run.run);
  }
}

const FLOOR_NOT_MET: Refusal = {
  code: "floor-not-met",
  words:
    "the release was made before this group was allowed, under a weaker floor than it asks: it gets the next date",
};

/**
 * Sets a request's state, which follows from membership and from the decision on the query. What the hub holds is not
 * touched: see withdraw.
 */
function reviewRequest(change: Change, run: Run, request: GroupRequest): void {
  if (request.state === "refused" || request.state === "withdrawn") return;
  const kept = useOf(change, run, request.group);
  if (kept?.acknowledged && !kept.use.ended) {
    if (request.state !== "ready") moveRequest(change, request, "ready");
    return;
  }
  // Given under the charter that is accepted: under another, what the hub has not confirmed is decided anew.
  const charter = charterDigestOf(change, request.group);
  const isGiven = kept !== null && !kept.use.ended && kept.use.charterDigest.equals(charter);
  const next = allowance(change, run, request.group, isGiven);
  const unfit = isGiven || next === "declined" ? null : whyNotInCharter(change, request.group, run.query);
  const isNew = next === "ready" && !isGiven;
  const made = isNew ? findRelease(change, run.run, run.correction) : null;
  const tooWeak = made?.policy && !meetsFloor(made.policy, ...floorsFor(change, request));
  const counted = isNew ? whyOptOuts(change, request.group, run.referenceDate, made?.optOuts ?? null) : null;
  const refusal = unfit ?? (tooWeak ? FLOOR_NOT_MET : counted);
  if (refusal) moveRequest(change, request, "refused", refusal);
  else if (next !== request.state) moveRequest(change, request, next);
  // Also where it was not handed over yet: what is not allowed any more is never told.
  if ((refusal || next !== "ready") && kept && !kept.use.ended) endUse(change, run, request.group);
}

/** @param isGiven whether the group has its use already, which a charter that waits does not end */
function allowance(store: Reader, run: Run, group: string, isGiven: boolean): RequestState {
  const state = groupState(store, group);
  if (state === "left" || isDeclined(store, run.query, group) || isKeptHere(store, run)) return "declined";
  const isAllowed = state === "joined" && isAccepted(store, run.digest, group);
  if (!isAllowed) return "waiting-for-approval";
  if (isGiven) return "ready";
  if (charterWaits(store, group)) return "waiting-for-approval";
  return waitsForWitness(store, group, run.digest) ? "waiting-for-witness" : "ready";
}

function nextState(store: Reader, run: Run, requests: readonly GroupRequest[]): RunState | Refusal {
  if (run.state === "acknowledged") return run.state;
  const some = (state: RequestState): boolean => requests.some((one) => one.state === state);
  const waits = some("waiting-for-witness") ? "waiting-for-witness" : "waiting-for-approval";
  if (!some("ready") && !some(waits)) {
    if (some("declined") || some("withdrawn")) return "declined";
    const { code, words } = requests.find(({ refusal }) => refusal)?.refusal ?? NOBODY_ASKS;
    return { code: code as Refusal["code"], words };
  }
  // Declined and then asked for after all: its release was made once.
  const isMade = releaseDigestOf(store, run.run, run.correction) !== null;
  if (isMade && some("ready")) {
    if (run.state === "on-hold" || run.state === "outbox") return run.state;
    return waitsForLook(store, run) ? "on-hold" : "outbox";
  }
  if (isMade) return waits;
  if (run.state === "running" && some("ready")) return run.state;
  const gone = whyGone(store, run);
  if (gone) return gone;
  if (!some("ready")) return waits;
  return stateBeforeRunning({
    libraryStops: libraryExpired(store)?.stopsAll ?? false,
    coversTo: setting(store, "covers-to"),
    hasLeftOutList: hasLeftOutList(store),
    today: store.today,
    referenceDate: run.referenceDate,
  });
}

const NOBODY_ASKS: Refusal = { code: "not-a-member", words: "no group asks for it" };

/** @returns why the date is no longer answered from records, or null. */
function whyGone(store: Reader, run: Run): Refusal | null {
  const lost = whyLost(store, run.referenceDate);
  if (lost) return lost;
  // A corrected run is of a date that has left already: the guard checks it against what left since.
  if (run.correction > 0 || !laterDateHasLeft(store, run.digest, run.referenceDate)) return null;
  const words = `a later date of ${run.query}@${run.version} has left already: dates are decided in order`;
  return { code: "date-too-old", words };
}
