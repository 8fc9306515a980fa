/** Accepts and declines queries for a group. */
import { joinNames, practiceLog, type Actor } from "@cairn/ledger";
import { shellWord } from "@cairn/text";
import { KeeperError } from "../errors.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import { AS_IT_STANDS, decision, type Expectation } from "./decision.js";
import { charterWaits, whyNothingNew, whyNotInCharter } from "../approvals/charters.js";
import { groupState, requireGroupName } from "../approvals/groups.js";
import { accept, allOffers, isDeclined, recordDecision, type Offer } from "../approvals/offers.js";
import { person } from "../store/person.js";

/**
 * Accepts a query for a group: every version that waits, and lifts a decline.
 * @param group the group; may be left out where only one waits for the query.
 * @returns what was done, in words.
 * @throws KeeperError nothing-waits, group-unsaid, not-in-charter, library-expired, charter-overdue, stale
 */
export function approve(
  store: KeeperStore,
  query: string,
  group: string | null = null,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): string {
  const take = (change: Change): string =>
    acceptFor(change, query, group ?? groupThatWaits(change, query), by);
  return decision(store, take, seen);
}

/**
 * Declines every version of the query, for one group or (null) for all: from this second nothing of it leaves for
 * them, wherever it is on its way. What the hub has acknowledged needs `withdraw`.
 * @throws KeeperError nothing-waits, name-wrong, stale
 */
export function decline(
  store: KeeperStore,
  query: string,
  group: string | null = null,
  by: Actor = person(),
  seen: Expectation = AS_IT_STANDS,
): void {
  if (!/^[\w.-]{1,128}$/.test(query))
    throw new KeeperError("nothing-waits", `${JSON.stringify(query)} is not the name of a query`);
  if (group !== null) requireGroupName(group);
  const turnDown = (change: Change): void => {
    if (!recordDecision(change, query, group, "declined")) return;
    change.note(practiceLog.queryDeclined, { query, group, by });
  };
  decision(store, turnDown, seen);
}

/** Accepts the query for one group. @param group null where no group has asked: a decline for all is then lifted. */
function acceptFor(change: Change, query: string, group: string | null, by: Actor): string {
  const waiting = waitingOffers(change, query).filter((offer) => offer.group === group);
  const lifted = isDeclined(change, query, group ?? "");
  if (!lifted && waiting.length === 0) throw nothingWaits(query, group);
  const outside = group === null ? null : whyNotInCharter(change, group, query);
  if (outside) throw new KeeperError("not-in-charter", `${query} is not accepted: ${outside.words}`);
  const fresh = waiting.filter(({ acceptedAt }) => acceptedAt === null);
  const expired = fresh.length > 0 ? libraryExpired(change) : null;
  if (expired) throw new KeeperError("library-expired", `${query} is not accepted: ${expired.words}`);
  const overdue = fresh.length > 0 && group !== null ? whyNothingNew(change, group) : null;
  if (overdue) throw new KeeperError("charter-overdue", `${query} is not accepted: ${overdue}`);
  if (lifted) recordDecision(change, query, group, "approved");
  for (const offer of fresh) accept(change, offer, by);
  if (fresh.length === 0)
    change.note(practiceLog.queryAccepted, { query, version: null, digest: null, group, by });
  if (group === null) return `${query} is accepted`;
  return `${query} is accepted for ${group}${whatIsFirst(change, group)}`;
}

/** What a person does before the group gets anything, in words; empty where nothing is left to do. */
function whatIsFirst(store: Reader, group: string): string {
  const waits = charterWaits(store, group) ? "its charter" : "the group";
  if (waits === "the group" && groupState(store, group) === "joined") return "";
  return `, once cairn agent join ${shellWord(group)} accepts ${waits}`;
}

/**
 * The group that waits for the query; null where it was declined for all before any group asked.
 * @throws KeeperError nothing-waits, group-unsaid
 */
function groupThatWaits(store: Reader, query: string): string | null {
  const asked = allOffers(store).some((offer) => offer.query === query);
  const waiting = [...new Set(waitingOffers(store, query).map(({ group }) => group))];
  const joined = waiting.filter((group) => groupState(store, group) === "joined");
  const [only, ...others] = joined.length > 0 ? joined : waiting;
  if (only === undefined) {
    if (!asked && isDeclined(store, query, "")) return null;
    throw nothingWaits(query, null);
  }
  if (others.length === 0) return only;
  throw new KeeperError(
    "group-unsaid",
    `${query} waits for ${joinNames([only, ...others])}: say which with --group`,
  );
}

/**
 * Offers that a person may accept: those not accepted yet, and those that were declined; not of groups that were
 * left.
 */
function waitingOffers(store: Reader, query: string): Offer[] {
  return allOffers(store).filter(
    (offer) =>
      offer.query === query &&
      groupState(store, offer.group) !== "left" &&
      (offer.acceptedAt === null || isDeclined(store, query, offer.group)),
  );
}

function nothingWaits(query: string, group: string | null): KeeperError {
  const where = group === null ? "" : ` for ${group}`;
  return new KeeperError(
    "nothing-waits",
    `nothing called ${query} waits to be approved${where}: see cairn agent status`,
  );
}
