/** What a document says beside the numbers of its collection. */
import { NOTHING_BESIDE, type BesideFacts } from "@cairn/comparisons";
import type { Change } from "../store/store.js";
import type { CollectionRow } from "../store/tables.js";

export async function factsBeside(tx: Change["tx"], collection: CollectionRow): Promise<BesideFacts> {
  return { ...NOTHING_BESIDE, same_practices_as: await samePracticesAs(tx, collection) };
}

/** The newest earlier date of which the figure of everyone is shown, and of the same practices as this one's. */
async function samePracticesAs(tx: Change["tx"], { id, ...own }: CollectionRow): Promise<string | null> {
  const earlier = await tx
    .selectFrom("group_figure as mine")
    .innerJoin("group_figure as theirs", "theirs.contributor_set", "mine.contributor_set")
    .innerJoin("collection", "collection.id", "theirs.collection")
    .select("collection.reference_date as date")
    .where("mine.collection", "=", id)
    .where("mine.position", "=", 0)
    .where("mine.state", "=", "made")
    .where("mine.withdrawn", "=", 0)
    .where("theirs.position", "=", 0)
    .where("theirs.state", "=", "made")
    .where("theirs.withdrawn", "=", 0)
    .where("collection.group_name", "=", own.group_name)
    .where("collection.query", "=", own.query)
    .where("collection.reference_date", "<", own.reference_date)
    .orderBy("collection.reference_date", "desc")
    .limit(1)
    .executeTakeFirst();
  return earlier?.date ?? null;
}
