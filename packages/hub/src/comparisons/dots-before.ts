/** Comparisons of which this hub has shown dots: of the same question as one that closes now, of any group. */
import type { CollectedAnswers, ShownDots } from "@cairn/comparisons";
import type { Query } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";
import type { Change } from "../store/store.js";
import { populationsOf } from "./before.js";

/** @returns those of any version of the question, and of others that count the same people of the same people */
export async function dotsBefore(
  hub: Hub,
  tx: Change["tx"],
  found: Pick<CollectedAnswers, "id" | "query">,
): Promise<ShownDots[]> {
  const rows = await tx
    .selectFrom("collection")
    .select(["id", "group_name as group", "reference_date as date", "query_digest"])
    .where("dots", "=", "shown")
    .where("id", "<>", found.id)
    .execute();
  const same = new Map<string, boolean>();
  const before: ShownDots[] = [];
  for (const { id, group, date, query_digest: digest } of rows) {
    const asksTheSame = same.get(digest) ?? isSameQuestion(found.query, await queryByDigest(hub, digest, tx));
    same.set(digest, asksTheSame);
    if (asksTheSame) before.push({ group, date, ...(await askedOf(tx, id)) });
  }
  return before;
}

function isSameQuestion(query: Query, other: Query): boolean {
  const [mine, theirs] = [populationsOf(query, ""), populationsOf(other, "")];
  return (
    query.query === other.query ||
    (mine.denominator === theirs.denominator && mine.numerator === theirs.numerator)
  );
}

/** Those of whom the figures are: asked before any of it was shown; and who of them had left when it closed. */
export async function askedOf(
  tx: Change["tx"],
  collection: number,
): Promise<Pick<ShownDots, "members" | "left">> {
  const rows = await tx
    .selectFrom("collection_member")
    .select(["practice", "left_before"])
    .where("collection", "=", collection)
    .where("late", "=", 0)
    .execute();
  const left = rows.filter((row) => row.left_before === 1);
  return { members: rows.map(({ practice }) => practice), left: left.map(({ practice }) => practice) };
}
