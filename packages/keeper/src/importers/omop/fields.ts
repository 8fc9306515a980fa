import { COMMA_UTF8, type CsvFormat, type CsvRow } from "../csv.js";

/** Athena gives its vocabulary out with tabs and without quotes, under the name of a CSV. */
export const CDM: CsvFormat = { ...COMMA_UTF8, orTabs: true, bareQuotes: true };

/** An id, without the `.0` that tools leave which keep whole numbers with gaps as floating ones. */
export function idIn(row: CsvRow, column: number): string {
  const text = row.trimmed(column);
  return /^\d+\.0+$/.test(text) ? text.slice(0, text.indexOf(".")) : text;
}
