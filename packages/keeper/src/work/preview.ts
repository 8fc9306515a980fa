/**
 * Previews releases: what would leave if it were decided now, beside everything released before, and why a release
 * withheld what it did.
 */
import { decide, type Decision, type LpSolver, type Policy } from "@cairn/disclosure";
import type { ExactTable } from "@cairn/tables";
import type { Query } from "@cairn/query-library";
import type { KeeperStore } from "../store/store.js";
import { libraryReader } from "../trust/library.js";
import { storedHistory } from "../history/history.js";
import { askedAs } from "./make.js";

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
