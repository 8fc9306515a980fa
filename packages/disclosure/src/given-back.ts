/**
 * Releases that a hub restored, as history entries: the released codes are known, the people behind them are not.
 * Later dates are decided beside them as if the worst were so: what was withheld was withheld by a guard (G5), and no
 * cell of a strict query is shown beside a value whose people are unknown (G4).
 */
import type { HistoryCell, HistoryEntry, HistorySide } from "./history.js";

/**
 * The history entry of a restored release.
 * @param codes as on the wire, by cell position; `placed` names the cells.
 */
export function restoredEntry(
  about: Omit<HistoryEntry, "cells" | "givenBack">,
  codes: { readonly denominator: readonly number[]; readonly numerator: readonly number[] },
): HistoryEntry {
  const side = (code = 0): HistorySide => ({
    code,
    reason: code === 0 ? "g5-given-back" : null,
    members: new Int32Array(0),
    count: 0,
  });
  const cells = codes.denominator.map((code, i) => ({
    split: {},
    denominator: side(code),
    numerator: side(codes.numerator[i]),
  }));
  return { ...about, cells, givenBack: true };
}

/**
 * Names the cells of such an entry.
 * @param splits of the query's table, by position; null where the query is unknown: any cell may then have been
 * withheld, and the entry has none.
 */
export function placed(entry: HistoryEntry, splits: readonly HistoryCell["split"][] | null): HistoryEntry {
  return {
    ...entry,
    cells: splits ? entry.cells.map((cell, i) => ({ ...cell, split: splits[i] ?? {} })) : [],
  };
}
