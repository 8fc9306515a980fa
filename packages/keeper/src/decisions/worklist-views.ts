import { practiceLog, type Actor } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { person } from "../store/person.js";

/** Logs a view of patients' names, before they are shown: who, which query, which dates. */
export function logWorklistView(
  store: KeeperStore,
  query: Pick<Query, "query" | "version">,
  dates: readonly string[],
  by: Actor = person(),
): void {
  store.change((change) =>
    change.note(practiceLog.worklistViewed, {
      by,
      query: query.query,
      version: query.version,
      dates: dates.join(" "),
    }),
  );
}
