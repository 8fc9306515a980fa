/** What a document says beside the numbers of its collection. */
import type { BesideFacts } from "@cairn/comparisons";
import { notesOf } from "../notes/keep.js";
import { referenceAt } from "../references/keep.js";
import type { Kysely } from "kysely";
import type { CollectionRow, Tables } from "../store/tables.js";

/** @param tx inside of a change, its transaction */
export async function factsBeside(tx: Kysely<Tables>, collection: CollectionRow): Promise<BesideFacts> {
  const { group_name, query, reference_date } = collection;
  const notes = await notesOf(tx, group_name);
  return {
    same_practices_as: await samePracticesAs(tx, collection),
    reference: await referenceAt(tx, query, reference_date),
    notes: notes
      .filter((note) => note.query === query)
      .map(({ date, kind, text, share, measured_by, until, outcome }) => ({
        ...{ date, kind, text, share, measured_by, until, outcome },
      })),
  };
}

/** The newest earlier date of which the figure of everyone is shown, and of the same practices as this one's. */
async function samePracticesAs(tx: Kysely<Tables>, { id, ...own }: CollectionRow): Promise<string | null> {
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
