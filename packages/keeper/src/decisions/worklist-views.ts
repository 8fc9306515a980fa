import { practiceLog } from "@cairn/ledger";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { person } from "../store/person.js";

/**
 * Logs a view of patients' names, before they are shown: who, which query, which dates.
 * @param as see `person`
 * @throws KeeperError name-wrong
 */
export function logWorklistView(
  store: KeeperStore,
  query: Query,
  dates: readonly string[],
  as?: string,
): void {
  store.change((change) =>
    change.note(practiceLog.worklistViewed, {
      by: person(as),
      query: query.query,
      version: query.version,
      dates: dates.join(" "),
    }),
  );
}
