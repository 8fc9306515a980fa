/** The questions that a group looks at first, in its order. */
import { hubLog, type Actor } from "@cairn/ledger";
import type { Hub } from "../hub.js";

/** A newcomer takes in no more at once. */
const MOST_CHOSEN = 5;

/** Names of queries. */
export async function chosenOf(hub: Hub, group: string): Promise<string[]> {
  const rows = await hub.store.db
    .selectFrom("group_question")
    .select("query")
    .where("group_name", "=", group)
    .orderBy("position")
    .execute();
  return rows.map(({ query }) => query);
}

/** Keeps the choice in place of the one before. @param queries names, five at most */
export async function choose(hub: Hub, group: string, queries: readonly string[], by: Actor): Promise<void> {
  if (queries.length > MOST_CHOSEN) throw new RangeError(`a group chooses at most ${MOST_CHOSEN} questions`);
  await hub.store.change(async ({ tx, note }) => {
    await tx.deleteFrom("group_question").where("group_name", "=", group).execute();
    const rows = queries.map((query, position) => ({ group_name: group, query, position }));
    if (rows.length > 0) await tx.insertInto("group_question").values(rows).execute();
    note(hubLog.questionsChosen, { group, queries: queries.join(","), by });
  });
}
