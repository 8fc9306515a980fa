import type { Transaction } from "kysely";
import type { Tables } from "./tables.js";

/** The closed collections whose documents are meant. */
type DocumentScope =
  | { readonly collections: readonly number[] }
  | { readonly run: string } // those that it counts in
  | { readonly query: string; readonly group?: string } // of each group, or this one, the newest date alone
  | "all";

/**
 * Has documents of closed collections looked at again, where what they tell may have changed: a figure that came down,
 * a group's notes. Those that then tell the same stay; a newer revision takes the place of the others.
 */
export async function reviseDocuments(tx: Transaction<Tables>, scope: DocumentScope): Promise<void> {
  const closed = tx
    .updateTable("collection")
    .set({ document_due: 1, retry_at: null })
    .where("closed_at", "is not", null);
  if (scope === "all") await closed.execute();
  else if ("collections" in scope) await closed.where("id", "in", scope.collections).execute();
  else if ("run" in scope)
    await closed
      .where("id", "in", (those) =>
        those.selectFrom("collection_member").select("collection").where("run", "=", scope.run),
      )
      .execute();
  else {
    const { query, group } = scope;
    const newest = tx
      .selectFrom("collection")
      .select(({ fn }) => fn.max("id").as("id"))
      .where("query", "=", query)
      .where("closed_at", "is not", null)
      .$if(group !== undefined, (those) => those.where("group_name", "=", group as string))
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom("collection as later")
              .select("later.id")
              .whereRef("later.group_name", "=", "collection.group_name")
              .whereRef("later.query", "=", "collection.query")
              .whereRef("later.reference_date", ">", "collection.reference_date")
              .where("later.closed_at", "is not", null),
          ),
        ),
      )
      .groupBy("group_name");
    await closed.where("id", "in", newest).execute();
  }
}
