/** From a decided family to its history entry, and from an entry to what may leave: asking again reads the same entry. */
import type { Count, Family, FamilyCell } from "./family.js";
import type { HistoryCell, HistoryEntry, HistorySide } from "./history.js";
import { integersOf, roundCount, type Policy } from "./policy.js";
import type { Reason } from "./reason.js";
import { makeReleased, type ReleasedTable } from "./released.js";

/** Why each count of a cell is withheld, null where it is released. For the practice alone. */
export interface CellReasons {
  readonly denominator: Reason | null;
  readonly numerator: Reason | null;
}

export function entryOf(family: Family, policy: Policy): HistoryEntry {
  const { query, version, digest, date } = family.asked;
  const cells = family.cells.map((cell) => historyCell(cell, policy));
  return { query, version, digest, date, policy: integersOf(policy), cells };
}

function historyCell(cell: FamilyCell, policy: Policy): HistoryCell {
  const side = ({ reason, people: members, sum: count, carries }: Count): HistorySide => {
    if (!carries)
      return { code: reason === null ? roundCount(policy, count) + 1 : 0, reason, members, count };
    const { code, ...carried } = carries;
    return { code, reason, members, count, carried };
  };
  return { split: cell.split, denominator: side(cell.denominator), numerator: side(cell.numerator) };
}

/** Builds the released table of an entry, with its reasons. The only caller of `makeReleased`. */
export function releasedFrom(entry: HistoryEntry): {
  readonly released: ReleasedTable;
  readonly reasons: readonly CellReasons[];
} {
  const released = makeReleased(
    entry,
    entry.cells.map((cell) => cell.split),
    entry.cells.map(({ denominator, numerator }) => ({
      denominator: denominator.code,
      numerator: numerator.code,
      carriedDenominator: denominator.carried?.periods ?? 0,
      carriedNumerator: numerator.carried?.periods ?? 0,
    })),
  );
  const reasons = entry.cells.map(({ denominator, numerator }) => ({
    denominator: denominator.reason,
    numerator: numerator.reason,
  }));
  return { released, reasons };
}
