import type { Transaction } from "kysely";
import type { Tables } from "./tables.js";

/** The closed collections whose documents are meant. */
export type DocumentScope =
  | { readonly collections: readonly number[] }
  | { readonly run: string } // those that it counts in
  | { readonly group: string; readonly query: string }
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
  else await closed.where("group_name", "=", scope.group).where("query", "=", scope.query).execute();
}
