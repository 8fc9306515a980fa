/** Query versions that groups have asked for, and the practice's decision on each. */
import { actor, practiceLog, type Actor } from "@cairn/ledger";
import type { Change, Reader } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import { charterWaits, whyNothingNew, whyNotInCharter } from "./charters.js";
import { groupState, joinedAt } from "./groups.js";
import { ruleAccepts, ruleFor, ruleText, type Rule } from "./rules.js";

export interface Offer {
  readonly digest: Buffer;
  readonly group: string;
  readonly query: string;
  readonly version: string;
  readonly offeredAt: number; // milliseconds since 1970
  readonly acceptedAt: number | null;
  /** The body on whose word it was accepted; null where a person or another rule did, or nobody yet. */
  readonly acceptedBody: string | null;
}

interface Row {
  digest: Buffer;
  grp: string;
  query: string;
  version: string;
  offered_at: number;
  accepted_at: number | null;
  accepted_body: string | null;
}

/** The group name that stands for every group without a decision of its own. */
const EVERY_GROUP = "";

/**
 * Writes the first offer of a query version by a group down. Of a group that nobody has accepted the log hears once;
 * of its queries when somebody accepts it.
 */
export function noteOffer(
  change: Change,
  offer: Pick<Offer, "digest" | "group" | "query" | "version">,
): void {
  const isWaiting = groupState(change, offer.group) === "waiting";
  const isNewGroup = isWaiting && offersOf(change, offer.group).length === 0;
  const { changes } = change.db
    .prepare("INSERT OR IGNORE INTO offered (digest, grp, query, version, offered_at) VALUES (?, ?, ?, ?, ?)")
    .run(offer.digest, offer.group, offer.query, offer.version, BigInt(change.now()));
  if (changes === 0) return;
  if (isNewGroup) change.note(practiceLog.groupOffered, { group: offer.group });
  if (!isWaiting) logOffer(change, offer);
}

/** when a person has accepted the group. */
export function logOffersOf(change: Change, group: string): void {
  for (const offer of offersOf(change, group)) logOffer(change, offer);
}

function logOffer(
  change: Change,
  { query, version, digest, group }: Pick<Offer, "digest" | "group" | "query" | "version">,
): void {
  change.note(practiceLog.queryOffered, { query, version, digest: digest.toString("hex"), group });
}

export function allOffers(store: Reader): Offer[] {
  return store.db.prepare<[], Row>("SELECT * FROM offered ORDER BY query, version, grp").all().map(fromRow);
}

function offersOf(store: Reader, group: string): Offer[] {
  return store.db
    .prepare<[string], Row>("SELECT * FROM offered WHERE grp = ? ORDER BY query, version")
    .all(group)
    .map(fromRow);
}

/**
 * Offers that wait, decided by their group's rule where it decides by now: of groups that the practice is in and whose
 * charter is accepted, holds the query and is not long overdue for review, while the library is in time.
 */
export function applyRules(change: Change): void {
  if (libraryExpired(change)) return;
  for (const offer of allOffers(change)) {
    if (offer.acceptedAt !== null || isDeclined(change, offer.query, offer.group)) continue;
    const joined = joinedAt(change, offer.group);
    if (joined === null) continue;
    if (charterWaits(change, offer.group) || whyNotInCharter(change, offer.group, offer.query)) continue;
    if (whyNothingNew(change, offer.group) !== null) continue;
    const rule = ruleFor(change, offer.group);
    const toldAt = Math.max(offer.offeredAt, joined);
    if (!ruleAccepts(change, rule, offer, toldAt)) continue;
    if (rule.rule === "delegate") acceptFor(change, offer, rule);
    else accept(change, offer, actor(`rule ${ruleText(rule)}`));
  }
}

/** When the rule in force accepts an offer unless somebody declines it, in ms since 1970; null where no time does. */
export function acceptedByTimeAt(store: Reader, { group, offeredAt }: Offer): number | null {
  const joined = joinedAt(store, group);
  const rule = ruleFor(store, group);
  if (joined === null || rule.rule !== "accept-after" || charterWaits(store, group)) return null;
  if (whyNothingNew(store, group) !== null) return null;
  return Math.max(offeredAt, joined) + rule.days * 86_400_000;
}

/** Accepts on a body's word: the log names the body and the library in which it gave it. */
function acceptFor(change: Change, offer: Offer, rule: Extract<Rule, { readonly rule: "delegate" }>): void {
  const version = change.db
    .prepare<[], string>("SELECT version FROM library ORDER BY position DESC LIMIT 1")
    .pluck()
    .get();
  accept(change, offer, actor(`rule ${ruleText(rule)}, library ${version}`));
  change.db
    .prepare("UPDATE offered SET accepted_body = ? WHERE digest = ? AND grp = ?")
    .run(rule.body, offer.digest, offer.group);
}

/** @param by who accepted it: a person, or the rule. */
export function accept(change: Change, offer: Offer, by: Actor): void {
  change.db
    .prepare("UPDATE offered SET accepted_at = ? WHERE digest = ? AND grp = ?")
    .run(BigInt(change.now()), offer.digest, offer.group);
  change.note(practiceLog.queryAccepted, {
    query: offer.query,
    version: offer.version,
    digest: offer.digest.toString("hex"),
    group: offer.group,
    by,
  });
}

export function isAccepted(store: Reader, digest: Buffer, group: string): boolean {
  const row = store.db
    .prepare<[Buffer, string], { accepted_at: number | null }>(
      "SELECT accepted_at FROM offered WHERE digest = ? AND grp = ?",
    )
    .get(digest, group);
  return row !== undefined && row.accepted_at !== null;
}

/** Whether the query is declined. A decision for the group itself counts before one for every group. */
export function isDeclined(store: Reader, query: string, group: string): boolean {
  const row = store.db
    .prepare<[string, string, string], { said: string }>(
      "SELECT said FROM query_said WHERE query = ? AND grp IN (?, ?) ORDER BY grp DESC LIMIT 1",
    )
    .get(query, group, EVERY_GROUP);
  return row?.said === "declined";
}

/** Whether the query is declined for every group, those to come too, and accepted again for none. */
export function isDeclinedForAll(store: Reader, query: string): boolean {
  const said = store.db
    .prepare<[string], { grp: string; said: string }>("SELECT grp, said FROM query_said WHERE query = ?")
    .all(query);
  return said.some(({ grp }) => grp === EVERY_GROUP) && said.every((one) => one.said === "declined");
}

/**
 * Writes down what a person says of a query, every version of it.
 * @param group null for every group, also those of which something else was said.
 * @returns false where that was said already
 */
export function recordDecision(
  change: Change,
  query: string,
  group: string | null,
  said: "approved" | "declined",
): boolean {
  const known = change.db
    .prepare<[string], { grp: string; said: string }>("SELECT grp, said FROM query_said WHERE query = ?")
    .all(query);
  const [first, ...others] = group === null ? known : known.filter((one) => one.grp === group);
  if (first?.grp === (group ?? EVERY_GROUP) && first.said === said && others.length === 0) return false;
  if (group === null) change.db.prepare("DELETE FROM query_said WHERE query = ?").run(query);
  change.db
    .prepare("INSERT OR REPLACE INTO query_said (query, grp, said, said_at) VALUES (?, ?, ?, ?)")
    .run(query, group ?? EVERY_GROUP, said, BigInt(change.now()));
  return true;
}

function fromRow(row: Row): Offer {
  return {
    digest: row.digest,
    group: row.grp,
    query: row.query,
    version: row.version,
    offeredAt: row.offered_at,
    acceptedAt: row.accepted_at,
    acceptedBody: row.accepted_body,
  };
}
