/** Reads the rows of a table of an extract, and the fields that all tables have in common. */
import type { CsvRow } from "../csv.js";
import { isDeleted } from "../fields.js";
import type { Intake } from "../importer.js";
import { numberIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { type LATER, readTable, type Skip, skipBad, SKIP_BAD_DELETED } from "../table.js";
import { LAYOUTS } from "./columns.js";
import type { Table } from "./names.js";

/** The place of each column in a file, by its name in lower case; -1 where it is absent. */
export type RowColumns = Readonly<Record<string, number>>;

/** Reads a file of a table. @throws ImportError where it lacks a needed column */
export async function readRows(
  intake: Intake,
  file: SourceFile,
  table: Table,
  begin: (at: RowColumns) => (row: CsvRow) => Skip | typeof LATER,
): Promise<void> {
  const { needed, wanted, unread } = LAYOUTS[table];
  await readTable<string>(intake, file, table, [...needed, ...wanted], needed, begin, {
    unread,
    noteAs: table,
  });
}

/** A GUID as it is kept: without braces, in capital letters. Empty where the field is. */
export function guidIn(row: CsvRow, column: number): string {
  const text = row.trimmed(column);
  return bareGuid(text);
}

export function bareGuid(text: string): string {
  return (text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text).toUpperCase();
}

/** The place of a row in the order in which rows are to be applied, by its ProcessingId; null where it has none. */
export function orderIn(row: CsvRow, column: number): number | null {
  const order = numberIn(row, column);
  return order === null || !Number.isSafeInteger(order) || order < 0 ? null : order;
}
export const NO_ORDER: Skip = skipBad("ProcessingId is not a whole number from 0 on");

/** Whether the row is a tombstone; null where the word is neither yes nor no. */
export function isTombstone(row: CsvRow, at: RowColumns): boolean | null {
  if (row.isEmpty(at.deleted!)) return false;
  return isDeleted(row.get(at.deleted!));
}
export const BAD_DELETED = SKIP_BAD_DELETED;
