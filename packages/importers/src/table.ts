/** Reads tables of delimited text: finds columns, notes those ignored, counts the rows skipped. */
import type { Load } from "@cairn/records";
import { findColumns } from "./columns.js";
import { COMMA_UTF8, type CsvFormat, type CsvRow, NOT_UTF8, readCsv } from "./csv.js";
import type { SourceFile } from "./source-file.js";
import type { Intake } from "./importer.js";
import type { Kind } from "./tally.js";

/** Why a row is skipped: kind and reason. Null where it was taken. */
export type Skip = { readonly kind: Kind; readonly reason: string } | null;

/** A row that is decided, and counted, later. */
export const LATER = "later";

export function skipBad(reason: string): Skip {
  return { kind: "bad", reason };
}
export const SKIP_BAD_DELETED = skipBad("deleted is neither true nor false");
export const SKIP_ORPHAN: Skip = { kind: "orphan", reason: "it points at no patient of these records" };

/** Skips a row that refers to nobody here, and removes it from whoever had it before. `row` is from `rowId`, `order` as in `Load`. */
export function skipOrphan(load: Load, row: number, order?: number): Skip {
  if (row !== 0) load.removeRow(row, "given to nobody", order);
  return SKIP_ORPHAN;
}
export const SKIP_UNDATED: Skip = { kind: "left-out", reason: "it has no date, so no question could see it" };

/** The layout of a table, where it differs from a journal's: comma, UTF-8, every unknown column noted. */
interface TableOptions {
  readonly format?: CsvFormat;
  /** Whether unknown columns go without a note: exports of this kind carry many. */
  readonly quietly?: boolean;
  /** Columns whose absence is not noted. */
  readonly unmissed?: readonly string[];
  /** The note on columns that are absent. */
  readonly absent?: string;
  /** Other columns of the format, in lower case: never read, and not noted. */
  readonly unread?: readonly string[];
  /** What notes on columns name instead of the file, so that many files of one table are one note. */
  readonly noteAs?: string;
  /** Whether `take` gets rows that are not UTF-8, too, as a row with that problem; else they are bad. */
  readonly takesNotUtf8?: boolean;
}

/** Reads one file. @param take handles each row, and returns why it is skipped, if it is */
export async function readTable<Name extends string>(
  intake: Intake,
  file: SourceFile,
  table: string,
  known: readonly Name[],
  required: readonly Name[],
  begin: (columns: Record<Name, number>) => (row: CsvRow, problem: string | null) => Skip | typeof LATER,
  {
    format = COMMA_UTF8,
    quietly = false,
    unmissed = [],
    absent = "taken as empty",
    unread = [],
    noteAs = file.shown,
    takesNotUtf8 = false,
  }: TableOptions = {},
): Promise<void> {
  let take: (row: CsvRow, problem: string | null) => Skip | typeof LATER = () => null;
  let taken = 0;
  await readCsv(intake.reader.chunks(file, table), file.shown, format, {
    header(names) {
      const ignored = (column: string): void => {
        if (quietly || unread.includes(column)) return;
        intake.note(`${noteAs}: the column ${column} is not part of the format and was ignored`);
      };
      const columns = findColumns(names, known, required, file.shown, ignored, format.delimiter);
      if (!quietly) noteAbsent(intake, noteAs, columns, unmissed, absent);
      take = begin(columns);
    },
    cutOff: () => intake.tally.isCutOff(file.shown),
    row(row, problem) {
      if (row.lines > 1 && problem === null && hidesRows(row, format.delimiter))
        intake.tally.doubted(table, HIDDEN, file.shown, row.line, row.lines - 1);
      const isTaken = problem === null || (takesNotUtf8 && problem === NOT_UTF8);
      const left = isTaken ? take(row, problem) : skipBad(problem);
      if (left === null) taken++;
      else if (left !== LATER) intake.tally.skipped(table, left.kind, left.reason, file.shown, row.line);
    },
  });
  intake.tally.taken(table, taken);
}

const HIDDEN =
  "a quoted field runs over the line's end, over what look like rows of their own; these lines are not read as rows: a quote may stand there alone";
/** Most lines that a quoted field may have. Notes have line breaks; with more than this, something is wrong. */
const LONGEST_NOTE = 10;

/** Whether a quoted field of the row holds as many delimiters as whole rows would, or very many lines. */
function hidesRows(row: CsvRow, delimiter: string): boolean {
  if (row.lines > LONGEST_NOTE) return true;
  for (let i = 0; i < row.count; i++) {
    const field = row.get(i);
    if (field.includes("\n") && field.split(delimiter).length >= row.count) return true;
  }
  return false;
}

/** Notes a column that may be absent, and is: nobody should find that out from an empty chart. */
function noteAbsent(
  intake: Intake,
  shown: string,
  columns: Readonly<Record<string, number>>,
  unmissed: readonly string[],
  words: string,
): void {
  const absent = Object.keys(columns).filter((name) => columns[name]! < 0 && !unmissed.includes(name));
  if (absent.length > 0) intake.note(`${shown}: has no column ${absent.join(", ")}; ${words}`);
}
