/** Reads the rows of a table of an extract, and the fields that all tables have in common. */
import { type CsvRow, NOT_UTF8 } from "../csv.js";
import { isDeleted } from "../fields.js";
import type { Intake } from "../importer.js";
import { numberIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { type LATER, readTable, type Skip, skipBad, SKIP_BAD_DELETED } from "../table.js";
import { LAYOUTS } from "./columns.js";
import type { Table } from "./names.js";

/** The place of each column in a file, by its name in lower case; -1 where it is absent. */
export type RowColumns = Readonly<Record<string, number>>;

/** What a field holds, once read, in the place of bytes that are not UTF-8. */
const REPLACED = "\uFFFD";
const IS_NOT_UTF8 = skipBad(NOT_UTF8);

/** Whether bytes of the text were not UTF-8. */
export function isGarbled(text: string): boolean {
  return text.includes(REPLACED);
}

/** Reads a file of a table; a row of which a column that is read is not UTF-8 is bad. @throws ImportError where it lacks a needed column */
export async function readRows(
  intake: Intake,
  file: SourceFile,
  table: Table,
  begin: (at: RowColumns) => (row: CsvRow) => Skip | typeof LATER,
): Promise<void> {
  await readRowsAndGarbled(intake, file, table, (at) => {
    const take = begin(at);
    return (row, garbled) => garbled ?? take(row);
  });
}

/**
 * Reads a file of a table, with the rows of which a column that is read is not UTF-8: what is wrong with one stands beside
 * it. Bytes in columns that are not read are no fault of a row. @throws ImportError where it lacks a needed column
 */
export async function readRowsAndGarbled(
  intake: Intake,
  file: SourceFile,
  table: Table,
  begin: (at: RowColumns) => (row: CsvRow, garbled: Skip) => Skip | typeof LATER,
): Promise<void> {
  const { needed, wanted, unread } = LAYOUTS[table];
  const begun = (at: RowColumns) => {
    const take = begin(at);
    const isRead = (row: CsvRow): boolean => Object.values(at).every((column) => row.isUtf8(column));
    return (row: CsvRow, problem: string | null) =>
      take(row, problem === null || isRead(row) ? null : IS_NOT_UTF8);
  };
  const options = { unread, noteAs: table, takesNotUtf8: true };
  await readTable<string>(intake, file, table, [...needed, ...wanted], needed, begun, options);
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
