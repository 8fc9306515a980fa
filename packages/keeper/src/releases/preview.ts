/**
 * Previews releases: what would leave if it were decided now, beside everything released before, and why a release
 * withheld what it did.
 */
import { decide, type UndecidedTable, type Decision, type LpSolver, type Policy } from "@cairn/disclosure";
import type { ExactTable } from "@cairn/tables";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { libraryReader } from "../trust/library.js";
import { storedHistory } from "../history/history.js";

/** The exact tables of one query, each with its query's disclosure settings. */
export function askedAs(query: Query, tables: readonly ExactTable[]): UndecidedTable[] {
  const { sensitive, temporal, periods } = query;
  return tables.map((table) => ({ ...table, sensitive, temporal, every: periods.every }));
}

/** Decides without writing anything: the same tables, once they are run, give the same. @throws DisclosureError */
export function previewReleases(
  store: KeeperStore,
  query: Query,
  tables: readonly ExactTable[],
  policy: Policy,
  solver: LpSolver,
): Decision {
  return decide(askedAs(query, tables), storedHistory(store, libraryReader(store)), policy, { solver });
}
