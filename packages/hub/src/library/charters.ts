/** Charters of groups: every version that was published, and the one in force. */
import {
  CharterError,
  readCharter,
  publishedCharters,
  type Charter,
  type PublishedCharter,
} from "@cairn/charters";
import type { Kysely } from "kysely";
import { HubError } from "../errors.js";
import type { Change } from "../store/store.js";
import type { Tables } from "../store/tables.js";

/** The store's database, or the transaction of a change under way. */
type Reader = Kysely<Tables>;

interface GroupCharter {
  readonly charter: Charter;
  readonly digest: Buffer; // SHA-256
  readonly library: string; // version of the publication that brought it
}

/** The charters among a publication's targets. @throws HubError library-wrong */
export function chartersIn(targets: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, PublishedCharter> {
  try {
    return publishedCharters(targets);
  } catch (error) {
    if (error instanceof CharterError)
      throw new HubError("library-wrong", `this is not published: ${error.message}`, { cause: error });
    throw error;
  }
}

/** Puts the charters of a publication in force, in the place of all before. */
export async function storeCharters(
  { tx }: Change,
  charters: ReadonlyMap<string, PublishedCharter>,
  library: string,
): Promise<void> {
  await tx.updateTable("charter").set({ in_force: 0 }).execute();
  for (const [group, { digest, bytes }] of charters)
    await tx
      .insertInto("charter")
      .values({ group_name: group, digest: Buffer.from(digest, "hex"), bytes, library, in_force: 1 })
      .onConflict((known) => known.doUpdateSet({ in_force: 1 }))
      .execute();
}

/** The charter in force of a group; null where the newest publication holds none. */
export async function charterOf(db: Reader, group: string): Promise<GroupCharter | null> {
  const row = await db
    .selectFrom("charter")
    .selectAll()
    .where("group_name", "=", group)
    .where("in_force", "=", 1)
    .executeTakeFirst();
  return row ? { charter: readCharter(row.bytes), digest: row.digest, library: row.library } : null;
}

/**
 * Whether a use under this charter can count for a group: one that was published for it, in force or not; none where
 * none is in force. @param digest empty for none
 */
export async function isItsCharter(db: Reader, group: string, digest: Buffer): Promise<boolean> {
  if (digest.length === 0) return (await charterOf(db, group)) === null;
  const known = await db
    .selectFrom("charter")
    .select("digest")
    .where("group_name", "=", group)
    .where("digest", "=", digest)
    .executeTakeFirst();
  return known !== undefined;
}

/** Gives what a group's charter says of its comparison, line by line; nothing for a group without one. */
export async function purposeLines(db: Reader, group: string): Promise<string[]> {
  const known = await charterOf(db, group);
  if (!known) return [];
  const { purpose, notFor, contributors } = known.charter;
  return [
    `What for: ${purpose}`,
    ...(notFor === null ? [] : [`Not for: ${notFor}`]),
    `Figures of the group: once ${contributors} practices contribute.`,
  ];
}

/** The version of each group's charter in force, by group. */
export async function charterVersions(
  db: Reader,
): Promise<{ group: string; library: string; digest: string }[]> {
  const rows = await db
    .selectFrom("charter")
    .select(["group_name", "library", "digest"])
    .where("in_force", "=", 1)
    .orderBy("group_name")
    .execute();
  return rows.map((row) => ({
    group: row.group_name,
    library: row.library,
    digest: row.digest.toString("hex"),
  }));
}

/** What the JSON of a group's comparisons says of its charter. */
interface CharterJson {
  readonly digest: string;
  readonly library: string;
  readonly purpose: string;
  readonly not_for: string | null;
}

/** @returns null for a group without a charter */
export async function charterJson(db: Reader, group: string): Promise<CharterJson | null> {
  const known = await charterOf(db, group);
  if (!known) return null;
  const { charter, digest, library } = known;
  return { digest: digest.toString("hex"), library, purpose: charter.purpose, not_for: charter.notFor };
}
