/** Numbers of a row: values may carry a comparator (`<5`, `>= 90`), as laboratories report beyond their range. */
import type { COMPARATORS } from "@cairn/tables";
import type { CsvRow } from "./csv.js";
import { numberAt } from "./fields.js";

type Comparator = (typeof COMPARATORS)[number];

/** The field's number; NaN where it is empty, null where it is not a number. */
export function numberIn(row: CsvRow, column: number): number | null {
  if (row.isEmpty(column)) return NaN;
  const n = numberAt(row.text, row.start[column]!, row.end[column]!);
  if (!Number.isNaN(n)) return n;
  const bare = row.trimmed(column);
  if (bare === "") return NaN;
  const again = numberAt(bare, 0, bare.length);
  return Number.isNaN(again) ? null : again;
}

export interface Limit {
  readonly value: number;
  readonly comparator: Comparator;
}

const SIGNS: Readonly<Record<string, Comparator>> = {
  "\u2264": "<=",
  "\u2265": ">=",
  "=<": "<=",
  "=>": ">=",
};

/** The comparator that a sign stands for, of those that `limitOf` reads. */
export function comparatorOf(sign: string): Comparator {
  return SIGNS[sign] ?? (sign as Comparator);
}

/** A number behind a comparator, such as `<5`, or null. */
export function limitOf(text: string): Limit | null {
  const parts = /^\s*(<=?|>=?|=[<>]|[\u2264\u2265~])\s*(\S+)\s*$/.exec(text);
  if (parts === null) return null;
  const [sign, digits] = [parts[1]!, parts[2]!];
  const value = numberAt(digits, 0, digits.length);
  return Number.isNaN(value) ? null : { value, comparator: comparatorOf(sign) };
}

/** An id, without the `.0` that tools leave which keep whole numbers with gaps as floating ones. */
export function idIn(row: CsvRow, column: number): string {
  return wholeNumber(row.trimmed(column));
}

/** The text, without the `.0` of a whole number. */
export function wholeNumber(text: string): string {
  return text.endsWith("0") && /^\d+\.0+$/.test(text) ? text.slice(0, text.indexOf(".")) : text;
}
