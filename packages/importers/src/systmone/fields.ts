/** Fields as SystmOne writes them: `-1` and nothing are none; dates are `dd MMM yyyy`, with and without a time. */
import { isUtf8 } from "node:buffer";
import type { CsvFormat, CsvRow } from "../csv.js";
import { dayOfParts } from "../fields.js";

/**
 * Windows-1252, read as Latin-1: the two differ in 27 characters, which occur in no code, id, date or number. `unitIn`
 * puts them right.
 */
export const SYSTMONE: CsvFormat = { delimiter: ",", encoding: "latin1" };

/** The field's text; empty where it is none. */
export function textIn(row: CsvRow, column: number): string {
  const text = row.trimmed(column);
  return text === "-1" ? "" : text;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH_OF = new Map(MONTHS.map((name, i) => [lettersAt(name, 0), i + 1]));

/** Three letters as one number, whatever their case. */
function lettersAt(text: string, at: number): number {
  return (
    ((text.charCodeAt(at) | 32) << 16) |
    ((text.charCodeAt(at + 1) | 32) << 8) |
    (text.charCodeAt(at + 2) | 32)
  );
}

/** The day of the field; null where it is none or of the year 9999, NaN where it is no date from 1800 to 2199. */
export function dayIn(row: CsvRow, column: number): number | null {
  if (column < 0 || row.isEmpty(column)) return null;
  const start = row.start[column]!;
  const length = row.end[column]! - start;
  if (length === 11 || length === 20) return dayAt(row.text, start);
  const text = textIn(row, column);
  if (text === "") return null;
  return /^\d{2} [A-Za-z]{3} \d{4}( \d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/.test(text) ? dayAt(text, 0) : NaN;
}

/** The day of `dd MMM yyyy` at a place of the text. */
function dayAt(text: string, at: number): number | null {
  if (text.charCodeAt(at + 2) !== 32 || text.charCodeAt(at + 6) !== 32) return NaN;
  const year = digitsAt(text, at + 7, 4);
  if (year === 9999) return null;
  return dayOfParts(year, MONTH_OF.get(lettersAt(text, at + 3)) ?? NaN, digitsAt(text, at, 2));
}

function digitsAt(text: string, at: number, count: number): number {
  let n = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    n = n * 10 + digit;
  }
  return n;
}

export const DAY_WORDS = "is not a date from 1800 to 2199 written dd MMM yyyy";

const TRUE: ReadonlySet<string> = new Set(["true", "1", "y", "yes"]);

export function isTrue(row: CsvRow, column: number): boolean {
  if (row.isEmpty(column)) return false;
  const first = row.text.charCodeAt(row.start[column]!);
  // `0` and `false` are what nearly every row has.
  if (first === 48 || first === 102) return false;
  return TRUE.has(row.trimmed(column).toLowerCase());
}

/** What Windows-1252 has from 0x80 to 0x9f, where Latin-1 has control characters. */
const OTHERS = "\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178"; // prettier-ignore

const units = new Map<string, string>();
const MOST_UNITS = 10_000;
/** Longest unit that is known, in characters as read: a file can have a field of any length there. */
const LONGEST_UNIT = 256;

/** The unit, in the characters that were meant, whether written in Windows-1252 or UTF-8; empty where there is none. */
export function unitIn(row: CsvRow, column: number): string {
  const read = textIn(row, column);
  const known = units.get(read);
  if (known !== undefined) return known;
  const bytes = Buffer.from(read, "latin1");
  const unit = isUtf8(bytes)
    ? bytes.toString()
    : read.replace(/[\u0080-\u009f]/g, (c) => OTHERS[c.charCodeAt(0) - 0x80]!);
  if (units.size < MOST_UNITS && read.length <= LONGEST_UNIT) units.set(bytes.toString("latin1"), unit);
  return unit;
}

const NUMBER = String.raw`(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?`;
const QUANTITY = new RegExp(`^${NUMBER}(?: ?[x*] ?${NUMBER} ?([a-z%]*))?(?![\\d.,/]|e\\d|-\\d)`, "i");
/** Units of a strength: `56 x 500 mg` is 56 of them. */
const STRENGTH = /^(mg|mcg|micrograms?|ug|ng|iu|units?|%|mmol)$/i;

/**
 * The number of a quantity such as `28 tablets`, `2 x 100 ml`, `56 x 500 mg` or `1,000 ml`; NaN where the text begins with
 * none.
 */
export function quantityIn(row: CsvRow, column: number): number {
  const parts = QUANTITY.exec(textIn(row, column));
  if (parts === null) return NaN;
  const [, whole = "", part = "", times, timesPart = "", unit = ""] = parts;
  const many = times === undefined || STRENGTH.test(unit) ? 1 : numberOf(times, timesPart);
  return numberOf(whole, part) * many;
}

function numberOf(digits: string, rest: string): number {
  return Number(digits.replaceAll(",", "") + rest);
}
