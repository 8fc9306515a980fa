import type { CsvFormat, CsvRow } from "../csv.js";
import { dayOfParts, numberAt } from "../fields.js";
import { type Limit, limitOf, wholeNumber } from "../number-column.js";

export const TABS: CsvFormat = { delimiter: "\t", encoding: "latin1", bareQuotes: true };

/**
 * The field's text; empty where it is blank or the `NA` that research tools write; whole numbers without their `.0`.
 */
export function textIn(row: CsvRow, column: number): string {
  const text = row.trimmed(column);
  return text === "NA" ? "" : wholeNumber(text);
}

/** The day of `dd/mm/yyyy`; null where the field is blank or far in the future (systems write 31/12/9999), NaN where it is no date. */
export function dayIn(row: CsvRow, column: number): number | null {
  const text = textIn(row, column);
  if (text === "" || text.endsWith("9999")) return null;
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(text);
  return parts === null ? NaN : dayOfParts(Number(parts[3]), Number(parts[2]), Number(parts[1]));
}

/** The field's number; NaN where it is blank, null where it is not a number. */
export function quantityIn(row: CsvRow, column: number): number | null {
  const text = textIn(row, column);
  if (text === "") return NaN;
  const n = numberAt(text, 0, text.length);
  return Number.isNaN(n) ? null : n;
}

/** The field's number, with a comparator where it carries one; else as `quantityIn`. */
export function valueIn(row: CsvRow, column: number): Limit | null {
  const value = quantityIn(row, column);
  return value === null ? limitOf(textIn(row, column)) : { value, comparator: "" };
}
