/**
 * Charters of the practice's groups: those of the library in force, and of each group the one that was accepted here.
 * Where the two differ, the group gets nothing new until the newer is accepted: by a rule where it widens nothing, else
 * by a person.
 */
import type { GroupCharter } from "@cairn/access";
import {
  asksQuery,
  charterDiff,
  readCharter,
  reviewStanding,
  sightOf,
  strictestFloor,
  type Charter,
  type CharterChange,
} from "@cairn/charters";
import type { PolicyIntegers } from "@cairn/disclosure";
import type { Refusal } from "../history/lost.js";
import type { Change, Reader } from "../store/store.js";

export interface KnownCharter {
  readonly charter: Charter;
  readonly digest: Buffer; // SHA-256
}

interface Row {
  digest: Buffer;
  bytes: Buffer;
}

/** The group's charter in the library in force; null where it has none. */
export function charterInForce(store: Reader, group: string): KnownCharter | null {
  return known(store.db.prepare<[string], Row>("SELECT digest, bytes FROM charter WHERE grp = ?").get(group));
}

/** The charter that was accepted here for the group; null where none was. */
export function acceptedCharter(store: Reader, group: string): KnownCharter | null {
  return known(
    store.db.prepare<[string], Row>("SELECT digest, bytes FROM charter_accepted WHERE grp = ?").get(group),
  );
}

/**
 * The charter that holds here for the group: the accepted one, or where none is (before the group is joined, and after it
 * was left) the one in force; null where there is neither.
 */
export function heldCharter(store: Reader, group: string): KnownCharter | null {
  return acceptedCharter(store, group) ?? charterInForce(store, group);
}

/** The charter that holds here for the group, as `may` asks for it; null where there is none. */
export function charterHere(store: Reader, group: string): GroupCharter | null {
  const held = heldCharter(store, group);
  return held ? { digest: held.digest.toString("hex"), ...sightOf(held.charter) } : null;
}

/** The groups that have a charter here, accepted or in force, by name. */
export function groupsWithCharter(store: Reader): string[] {
  return store.db
    .prepare<[], { grp: string }>(
      "SELECT grp FROM charter UNION SELECT grp FROM charter_accepted ORDER BY grp",
    )
    .all()
    .map(({ grp }) => grp);
}

/** The charters that are accepted here or in force, as they were signed: by the order of their digests. */
export function chartersHere(store: Reader): { readonly group: string; readonly bytes: Buffer }[] {
  return store.db
    .prepare<[], { group: string; bytes: Buffer }>(
      `SELECT grp AS "group", bytes FROM
         (SELECT grp, digest, bytes FROM charter UNION SELECT grp, digest, bytes FROM charter_accepted)
       ORDER BY digest`,
    )
    .all();
}

/** SHA-256 of the charters in force of which it is decided here: they are accepted, or their group was left. */
export function decidedCharters(store: Reader): Buffer[] {
  return store.db
    .prepare<[], { digest: Buffer }>(
      `SELECT charter.digest FROM charter
         LEFT JOIN charter_accepted AS own ON own.grp = charter.grp AND own.digest = charter.digest
         LEFT JOIN membership ON membership.grp = charter.grp
       WHERE own.grp IS NOT NULL OR membership.state = 'left' ORDER BY charter.grp`,
    )
    .all()
    .map(({ digest }) => digest);
}

/** Whether the library in force holds a charter of the group that nobody here has accepted. */
export function charterWaits(store: Reader, group: string): boolean {
  const waits = store.db
    .prepare<[string], { waits: number }>(
      `SELECT 1 AS waits FROM charter WHERE grp = ?
          AND NOT EXISTS (SELECT 1 FROM charter_accepted AS own WHERE own.grp = charter.grp AND own.digest = charter.digest)`,
    )
    .get(group);
  return waits !== undefined;
}

/** The differences between the accepted charter and the one in force; empty where either is missing. */
export function charterChanges(store: Reader, group: string): CharterChange[] {
  const accepted = acceptedCharter(store, group);
  const inForce = charterInForce(store, group);
  return accepted && inForce ? charterDiff(accepted.charter, inForce.charter) : [];
}

/** Forgets what was accepted, once the practice has left the group. */
export function forgetCharter(change: Change, group: string): void {
  change.db.prepare("DELETE FROM charter_accepted WHERE grp = ?").run(group);
}

/** SHA-256 of the accepted charter, under which a use is given; empty where the group has none. */
export function charterDigestOf(store: Reader, group: string): Buffer {
  const row = store.db
    .prepare<[string], { digest: Buffer }>("SELECT digest FROM charter_accepted WHERE grp = ?")
    .get(group);
  return row?.digest ?? Buffer.alloc(0);
}

/**
 * Why the group may not ask a query under the charter that was accepted; null where it may, has none, or has a newer one
 * that waits.
 */
export function whyNotInCharter(store: Reader, group: string, query: string): Refusal | null {
  const accepted = acceptedCharter(store, group);
  if (!accepted || asksQuery(accepted.charter, query) || charterWaits(store, group)) return null;
  return {
    code: "not-in-charter",
    words: `${query} is not among the queries of the charter of ${group} that was accepted here`,
  };
}

/** How the charter that holds here stands to its review date; null of a group without one, and before that date. */
export function overdueReview(
  store: Reader,
  group: string,
): { readonly review: string; readonly stopsNewQueries: boolean } | null {
  const held = heldCharter(store, group);
  const standing = held ? reviewStanding(held.charter, store.today) : "current";
  if (!held || standing === "current") return null;
  return { review: held.charter.review, stopsNewQueries: standing === "stops-new-queries" };
}

/** Why nobody may accept a new query for the group, in words; null where the charter's review is not a year overdue. */
export function whyNothingNew(store: Reader, group: string): string | null {
  const overdue = overdueReview(store, group);
  if (!overdue?.stopsNewQueries) return null;
  return `the charter of ${group} was to be reviewed by ${overdue.review}, more than a year ago: no new query is accepted for it until a reviewed charter is signed and accepted here; what was accepted goes on`;
}

/** The floors that a release for the group has to meet: the one that it asks, and its charter's. */
export function floorsFor(
  store: Reader,
  { group, floor }: { readonly group: string; readonly floor: PolicyIntegers },
): PolicyIntegers[] {
  const charter = heldCharter(store, group);
  return charter ? [floor, strictestFloor(charter.charter.floor)] : [floor];
}

/** Charters by digest: a review asks for the same few once for each request. */
const parsed = new Map<string, Charter>();
const MOST_PARSED = 100;

function known(row: Row | undefined): KnownCharter | null {
  if (!row) return null;
  const name = row.digest.toString("hex");
  const charter = parsed.get(name) ?? readCharter(row.bytes);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(name, charter);
  return { charter, digest: row.digest };
}
