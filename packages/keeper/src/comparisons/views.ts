import { practiceLog, type Actor } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { markViewed } from "./kept.js";

/**
 * Logs a look at a group's comparison, before it is shown: who, which group and query, which date.
 * @param by null: whoever sits at the machine, while nobody has an account
 */
export function logComparisonView(
  store: KeeperStore,
  { group, query, date }: { readonly group: string; readonly query: Query; readonly date: string },
  by: Actor | null,
): void {
  store.change((change) => {
    markViewed(change, group, query.query);
    change.note(practiceLog.comparisonViewed, {
      group,
      query: query.query,
      version: query.version,
      dates: date,
      by,
    });
  });
}
