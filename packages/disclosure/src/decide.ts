/** The guard: exact tables and what was released before go in, tables that may leave come out. Pure. */
import { familyOf, type Family, type FamilyCell } from "./family.js";
import { g0 } from "./g0-cells.js";
import { memoryHistory, type History, type HistoryCell, type HistoryEntry } from "./history.js";
import { integersOf, roundCount, type Policy } from "./policy.js";
import type { Reason } from "./reason.js";
import { makeReleased, type ReleasedTable } from "./released.js";
import type { Asked, ExactTable } from "./table.js";

/** The true reasons by cell position, null where released. For the practice alone. */
export interface CellReasons {
  readonly denominator: Reason | null;
  readonly numerator: Reason | null;
}

export interface DecidedTable {
  readonly table: ExactTable;
  readonly released: ReleasedTable;
  readonly reasons: readonly CellReasons[];
  /** Made before, and handed out again as it was: there is no new entry for it. */
  readonly again: boolean;
}

export interface RefusedTable {
  readonly table: ExactTable;
  /** `expired`: a later date of this query version has left. `history-gone`: older than the kept history. */
  readonly code: "expired" | "history-gone";
}

export interface Decision {
  /** In the order in which they were decided: oldest date first. */
  readonly tables: readonly DecidedTable[];
  readonly refused: readonly RefusedTable[];
  /** To be added to the history, in this order, before anything leaves. */
  readonly entries: readonly HistoryEntry[];
}

/**
 * Decides a batch: one or several queries, any number of dates, oldest date first.
 * Same history, same tables, same policy: same decision.
 * @throws DisclosureError where a table's counts and sets do not agree.
 */
export function decide(batch: readonly Asked[], history: History, policy: Policy): Decision {
  const ledger = memoryHistory([], history);
  const tables: DecidedTable[] = [];
  const refused: RefusedTable[] = [];
  const entries: HistoryEntry[] = [];
  for (const asked of oldestFirst(batch)) {
    const made = ledger.at(asked.date).find((entry) => entry.digest === asked.digest);
    if (made) {
      tables.push(again(asked, made));
      continue;
    }
    const code = refusal(asked, ledger);
    if (code) {
      refused.push({ table: asked, code });
      continue;
    }
    const family = familyOf(asked);
    g0(family, policy);
    const entry = entryOf(family, policy);
    ledger.append([entry]);
    entries.push(entry);
    tables.push({ ...again(asked, entry), again: false });
  }
  return { tables, refused, entries };
}

function oldestFirst(batch: readonly Asked[]): Asked[] {
  return [...batch].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

function refusal(asked: Asked, history: History): RefusedTable["code"] | null {
  if (history.keptFrom !== null && asked.date < history.keptFrom) return "history-gone";
  const newest = history.newest(asked.digest);
  return newest !== null && asked.date < newest ? "expired" : null;
}

function entryOf(family: Family, policy: Policy): HistoryEntry {
  const { query, version, digest, date } = family.asked;
  const cells = family.cells.map((cell) => historyCell(cell, policy));
  return { query, version, digest, date, policy: integersOf(policy), cells };
}

function historyCell(cell: FamilyCell, policy: Policy): HistoryCell {
  const side = (count: FamilyCell["denominator"]): HistoryCell["denominator"] => ({
    code: count.reason === null ? roundCount(policy, count.sum) + 1 : 0,
    reason: count.reason,
    members: count.people,
    count: count.sum,
  });
  return {
    split: cell.split,
    denominator: side(cell.denominator),
    numerator: side(cell.numerator),
    carriedFrom: null,
    carried: 0,
  };
}

function again(table: ExactTable, entry: HistoryEntry): DecidedTable {
  const released = makeReleased(
    entry,
    entry.cells.map((cell) => cell.split),
    entry.cells.map(({ denominator, numerator, carried }) => ({
      denominator: denominator.code,
      numerator: numerator.code,
      carried,
    })),
  );
  const reasons = entry.cells.map(({ denominator, numerator }) => ({
    denominator: denominator.reason,
    numerator: numerator.reason,
  }));
  return { table, released, reasons, again: true };
}
