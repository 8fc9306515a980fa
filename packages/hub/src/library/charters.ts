/** Charters of groups: every version that was published, and the one in force. */
import {
  CharterError,
  explainCharter,
  readCharter,
  publishedCharters,
  reviewStanding,
  strictestSight,
  type Charter,
  type CharterLine,
  type PublishedCharter,
} from "@cairn/charters";
import type { GroupCharter as CharterOfGroup } from "@cairn/access";
import { hubLog } from "@cairn/ledger";
import type { Kysely } from "kysely";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { setConsentsAside } from "../enrolment/set-consents-aside.js";
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

/** Puts the charters of a publication in force, in the place of all before, and says so in the log. */
export async function storeCharters(
  change: Change,
  charters: ReadonlyMap<string, PublishedCharter>,
  library: string,
): Promise<void> {
  const { tx, note } = change;
  const before = await tx
    .selectFrom("charter")
    .select(["group_name", "digest"])
    .where("in_force", "=", 1)
    .execute();
  for (const { group_name: group, digest } of before) {
    if (!charters.has(group)) note(hubLog.charterEnded, { group, library });
    if (charters.get(group)?.digest !== digest.toString("hex")) await setConsentsAside(change, { group });
  }
  for (const [group, { digest }] of charters)
    note(hubLog.charterPublished, { group, charter: digest, library });
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
  return row ? { charter: parsedCharter(row), digest: row.digest, library: row.library } : null;
}

/** The charter of a group that is in force, or the last that was; null where none was ever published. */
export async function lastCharterOf(
  db: Reader,
  group: string,
): Promise<(GroupCharter & { inForce: boolean }) | null> {
  const rows = await db.selectFrom("charter").selectAll().where("group_name", "=", group).execute();
  const row = oldestFirst(rows).at(-1);
  return row
    ? { charter: parsedCharter(row), digest: row.digest, library: row.library, inForce: row.in_force === 1 }
    : null;
}

/** Charters in the order in which they came, that in force last. */
function oldestFirst<R extends Pick<Tables["charter"], "in_force" | "library">>(rows: readonly R[]): R[] {
  return rows.toSorted((a, b) => a.in_force - b.in_force || Number(a.library) - Number(b.library));
}

/** What `may` asks of a group's charter, and the purpose that a look at its figures has. */
interface GroupSight extends CharterOfGroup {
  readonly purpose: string;
}

/**
 * Gives, by group, who sees what: by the charter in force, or the last that was; and no more than by the charter under
 * which a practice gave its newest use, so that one which lets more be seen opens no numbers that came under another.
 */
export async function sights(db: Reader): Promise<(group: string) => GroupSight | null> {
  const rows = oldestFirst(await db.selectFrom("charter").selectAll().execute());
  const newest = new Map(rows.map((row) => [row.group_name, row]));
  const changed = rows.filter((row) => newest.get(row.group_name) !== row).map((row) => row.group_name);
  const underUse = changed.length === 0 ? [] : await chartersOfUses(db, changed);
  const known = new Map<string, GroupSight>();
  for (const [group, row] of newest) {
    const { purpose, ...own } = parsedCharter(row);
    const others = underUse.filter(({ group_name }) => group_name === group).map(parsedCharter);
    known.set(group, { digest: row.digest.toString("hex"), purpose, ...strictestSight(own, ...others) });
  }
  return (group) => known.get(group) ?? null;
}

/** Of each practice in these groups, the charter of its newest use. */
async function chartersOfUses(db: Reader, groups: readonly string[]) {
  return db
    .selectFrom("release_use as use")
    .innerJoin("run", "run.id", "use.run")
    .innerJoin("charter", (join) =>
      join
        .onRef("charter.group_name", "=", "use.group_name")
        .onRef("charter.digest", "=", "use.charter_digest"),
    )
    .select(["charter.group_name", "charter.digest", "charter.bytes"]) // of the row with the maximum
    .select(({ fn }) => fn.max("use.hub_log_index").as("newest"))
    .where("use.group_name", "in", groups)
    .groupBy(["run.practice", "use.group_name"])
    .execute();
}

/** Every charter that was ever published, as it was signed: by the order of their digests. */
export async function allCharters(db: Reader): Promise<{ group: string; bytes: Buffer }[]> {
  const rows = await db.selectFrom("charter").select(["group_name", "bytes"]).orderBy("digest").execute();
  return rows.map(({ group_name: group, bytes }) => ({ group, bytes }));
}

/** Charters by digest: each page asks for the same few. */
const parsed = new Map<string, Charter>();
const MOST_PARSED = 200;

function parsedCharter({ digest, bytes }: { readonly digest: Buffer; readonly bytes: Buffer }): Charter {
  const name = digest.toString("hex");
  const charter = parsed.get(name) ?? readCharter(bytes);
  if (parsed.size >= MOST_PARSED) parsed.clear();
  parsed.set(name, charter);
  return charter;
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

/**
 * Gives, for the charter (its digest) under which a use was given, what it says of people with a type 1 opt-out; null where
 * the use was given under none.
 */
export async function optOutsUnder(
  db: Reader,
  group: string,
): Promise<(digest: Buffer) => Charter["optOuts"] | null> {
  const rows = await db.selectFrom("charter").selectAll().where("group_name", "=", group).execute();
  const counting = rows.filter((row) => parsedCharter(row).optOuts === "counted");
  return (digest) => {
    if (digest.length === 0) return null;
    return counting.some((row) => row.digest.equals(digest)) ? "counted" : "left-out";
  };
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

/** Says a charter line by line, with which library it was signed, and whether it is in force no more. */
export function charterLinesOf({
  charter,
  digest,
  library,
  inForce,
}: GroupCharter & { readonly inForce: boolean }): CharterLine[] {
  const signed = `By a clinical and a governance signer, with library ${library} (sha256 ${digest.toString("hex").slice(0, 16)}). Nobody at this hub can change it.`;
  const ended = {
    label: "In force",
    says: "No more: who sees what of the numbers that are here goes by it still.",
  };
  return [...explainCharter(charter), { label: "Signed", says: signed }, ...(inForce ? [] : [ended])];
}

/** The version of each group's charter in force with how it stands to its review date, by group. */
export async function charterVersions({ store, settings }: Hub): Promise<
  {
    group: string;
    library: string;
    digest: string;
    review: string;
    standing: ReturnType<typeof reviewStanding>;
  }[]
> {
  const today = new Date(settings.now()).toISOString().slice(0, 10);
  const rows = await store.db
    .selectFrom("charter")
    .selectAll()
    .where("in_force", "=", 1)
    .orderBy("group_name")
    .execute();
  return rows.map((row) => {
    const charter = parsedCharter(row);
    return {
      ...{ group: row.group_name, library: row.library, digest: row.digest.toString("hex") },
      ...{ review: charter.review, standing: reviewStanding(charter, today) },
    };
  });
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
