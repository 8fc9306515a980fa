import type { CsvRow } from "./csv.js";
import { numberAt } from "./fields.js";

/** NaN where the field is empty, null where it is not a number. */
export function numberIn(row: CsvRow, column: number): number | null {
  if (row.isEmpty(column)) return NaN;
  const n = numberAt(row.text, row.start[column]!, row.end[column]!);
  return Number.isNaN(n) ? null : n;
}
