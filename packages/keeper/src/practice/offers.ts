/** Query versions that groups have asked for, and whether the practice has said yes. */
import type { KeeperStore } from "../store/store.js";
import { ruleAccepts, ruleFor, ruleText } from "./rules.js";

interface Offer {
  readonly digest: Buffer;
  readonly group: string;
  readonly query: string;
  readonly version: string;
  readonly offeredAt: number; // milliseconds since 1970
  readonly acceptedAt: number | null;
}

interface Row {
  digest: Buffer;
  grp: string;
  query: string;
  version: string;
  offered_at: number;
  accepted_at: number | null;
}

/** Writes the first offer of a query version by a group down. Inside a change only. */
export function noteOffer(
  store: KeeperStore,
  offer: Pick<Offer, "digest" | "group" | "query" | "version">,
): void {
  const { changes } = store.db
    .prepare("INSERT OR IGNORE INTO offered (digest, grp, query, version, offered_at) VALUES (?, ?, ?, ?, ?)")
    .run(offer.digest, offer.group, offer.query, offer.version, BigInt(store.now()));
  if (changes === 0) return;
  store.note("query-offered", {
    query: offer.query,
    version: offer.version,
    digest: offer.digest.toString("hex"),
    group: offer.group,
  });
}

export function allOffers(store: KeeperStore): Offer[] {
  return store.db.prepare<[], Row>("SELECT * FROM offered ORDER BY query, version, grp").all().map(fromRow);
}

/** Offers that wait, decided by their group's rule where it decides by now. Inside a change only. */
export function applyRules(store: KeeperStore): void {
  for (const offer of allOffers(store)) {
    if (offer.acceptedAt !== null || isDeclined(store, offer.query)) continue;
    const rule = ruleFor(store, offer.group);
    if (ruleAccepts(rule, offer.offeredAt, store.now())) accept(store, offer, `rule ${ruleText(rule)}`);
  }
}

/** Inside a change only. @param by "a person", or the rule. */
export function accept(store: KeeperStore, offer: Offer, by: string): void {
  store.db
    .prepare("UPDATE offered SET accepted_at = ? WHERE digest = ? AND grp = ?")
    .run(BigInt(store.now()), offer.digest, offer.group);
  store.note("query-accepted", {
    query: offer.query,
    version: offer.version,
    digest: offer.digest.toString("hex"),
    group: offer.group,
    by,
  });
}

export function isAccepted(store: KeeperStore, digest: Buffer, group: string): boolean {
  const row = store.db
    .prepare<[Buffer, string], { accepted_at: number | null }>(
      "SELECT accepted_at FROM offered WHERE digest = ? AND grp = ?",
    )
    .get(digest, group);
  return row !== undefined && row.accepted_at !== null;
}

export function isDeclined(store: KeeperStore, query: string): boolean {
  return store.db.prepare("SELECT 1 FROM declined WHERE query = ?").get(query) !== undefined;
}

function fromRow(row: Row): Offer {
  return {
    digest: row.digest,
    group: row.grp,
    query: row.query,
    version: row.version,
    offeredAt: row.offered_at,
    acceptedAt: row.accepted_at,
  };
}
