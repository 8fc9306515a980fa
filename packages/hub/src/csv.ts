/** Lists as an operator keeps them in a spreadsheet: CSV, UTF-8. */
import { createRequire } from "node:module";
import type * as Csv from "csv-parse/sync";

const require = createRequire(import.meta.url);

/** A line of a list, and what is wrong with it. */
export interface CsvProblem {
  readonly line: number;
  readonly words: string;
}

/** A line of a list that is not empty. */
export interface CsvRow {
  readonly line: number;
  readonly fields: readonly string[];
}

/** Reads the lines of a list with their numbers. @returns why it cannot be read, where it cannot */
export function csvRows(
  text: string,
): { readonly rows: readonly CsvRow[] } | { readonly problems: readonly CsvProblem[] } {
  if (text.includes("\ufffd") || text.includes("\0"))
    return { problems: [{ line: 1, words: "it is not UTF-8: save it as CSV UTF-8" }] };
  const csv = require("csv-parse/sync") as typeof Csv; // loaded where a list is read
  const options = {
    bom: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
  } as const;
  try {
    const rows = csv.parse(text.normalize("NFC"), options) as unknown as {
      record: string[];
      info: { lines: number };
    }[];
    return {
      rows: rows
        .filter(({ record }) => record.some((field) => field !== ""))
        .map(({ record, info }) => ({ line: info.lines, fields: record })),
    };
  } catch (cause) {
    const line = typeof cause === "object" && cause !== null && "lines" in cause ? Number(cause.lines) : 1;
    const words = "a quotation mark is not closed, or stands inside a field";
    return { problems: [{ line, words }] };
  }
}
