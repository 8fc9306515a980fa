/** Joining and leaving groups: a person at the practice accepts a group by name, before or after its hub first asks. */
import { practiceLog, type Actor } from "@cairn/ledger";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { allRequests } from "../runs/requests.js";
import { touchRun } from "../runs/run.js";
import { askAgain } from "../comparisons/kept.js";
import { AS_IT_STANDS, decision, type Expectation } from "./decision.js";
import { acceptCharter } from "../approvals/accept-charter.js";
import { charterWaits, forgetCharter } from "../approvals/charters.js";
import { libraryExpired } from "../trust/expiry.js";
import { endConsentTo, rolesThatCould } from "../consents/consents.js";
import { KeeperError } from "../errors.js";
import { groupState, requireGroupName, setMembership } from "../approvals/groups.js";
import { logOffersOf } from "../approvals/offers.js";
import { person } from "../store/person.js";

/** The words for a practice that decides to join a group: measured in tests/attacks/8-dots.ts. */
export const JOINING_WORDS =
  "The group's comparisons show each practice as a dot without a name. Peers who compare the dates before and after you join or leave may be able to tell which dot is yours";

/**
 * Joins a group, and accepts the charter that the library in force holds of it: its queries are now decided by its rule,
 * and what is allowed is shown to it.
 * @returns false where the practice was in it under that charter
 * @throws KeeperError name-wrong, library-expired, stale
 */
export function join(
  store: KeeperStore,
  group: string,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): boolean {
  requireGroupName(group);
  const accept = (change: Change): boolean => {
    requireCharterInTime(change, group);
    const isNew = groupState(change, group) === "waiting";
    const joins = setMembership(change, group, "joined");
    if (joins) change.note(practiceLog.groupJoined, { group, by });
    const accepts = acceptCharter(change, group, by);
    if (!joins && !accepts) return false;
    if (isNew) logOffersOf(change, group);
    askAgain(change); // for the group's comparisons
    for (const { run, group: asking, state } of allRequests(change))
      if (asking === group && state === "waiting-for-approval") touchRun(change, run); // waits for less than before
    return true;
  };
  return decision(store, accept, seen);
}

/**
 * Leaves a group, or declines one that asks: from this second it gets nothing new, and every consent to be named in
 * it has ended, also one that a restored keeper does not know. What the hub has acknowledged stays until it is withdrawn.
 * @returns the number of the practice's releases that the group may still see
 * @throws KeeperError name-wrong, stale
 */
export function leave(
  store: KeeperStore,
  group: string,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): number {
  requireGroupName(group);
  const decline = (change: Change): number => {
    if (setMembership(change, group, "left")) change.note(practiceLog.groupLeft, { group, by });
    for (const to of rolesThatCould(change, group)) endConsentTo(change, group, to, null);
    forgetCharter(change, group);
    return stillSeenBy(change, group);
  };
  return decision(store, decline, seen);
}

/** An expired library's charter is not accepted: a newer may say something else. @throws KeeperError library-expired */
function requireCharterInTime(store: Reader, group: string): void {
  const expired = charterWaits(store, group) ? libraryExpired(store) : null;
  if (expired)
    throw new KeeperError("library-expired", `the charter of ${group} is not accepted: ${expired.words}`);
}

function stillSeenBy(store: Reader, group: string): number {
  const row = store.db
    .prepare<[string], { seen: number }>(
      `SELECT count(*) AS seen FROM run JOIN release_use AS newest USING (run, correction)
       WHERE run.state = 'acknowledged' AND newest.grp = ? AND newest.ended = 0 AND newest.acknowledged = 1
         AND newest.position = (SELECT max(position) FROM release_use AS other
                                WHERE other.run = newest.run AND other.correction = newest.correction AND other.grp = newest.grp)`,
    )
    .get(group);
  return row?.seen ?? 0;
}
