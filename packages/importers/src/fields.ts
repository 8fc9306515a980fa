/** Reads dates and numbers straight out of the text of a row: no field of a hot column becomes a string. */
import { dayNumber, daysInMonth } from "@cairn/query-library";

/**
 * Range of the days that an importer takes: 1800-01-01 to 2199-12-31. Systems write 9999-12-31 and 0001-01-01 for
 * unknown.
 */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2199;
export const DAY_WORDS = "is not a date from 1800 to 2199 written YYYY-MM-DD";

const MONTHS = (LAST_YEAR - FIRST_YEAR + 1) * 12;
const monthStart = new Int32Array(MONTHS);
const monthLength = new Uint8Array(MONTHS);
for (let i = 0; i < MONTHS; i++) {
  const year = FIRST_YEAR + Math.floor(i / 12);
  const month = (i % 12) + 1;
  monthStart[i] = dayNumber(`${year}-${String(month).padStart(2, "0")}-01`);
  monthLength[i] = daysInMonth(year, month);
}

/** The day of a calendar date, or NaN where it is no date or outside 1800 to 2199. */
export function dayOfParts(year: number, month: number, day: number): number {
  if (!(year >= FIRST_YEAR && year <= LAST_YEAR && month >= 1 && month <= 12)) return NaN;
  const i = (year - FIRST_YEAR) * 12 + month - 1;
  return day >= 1 && day <= monthLength[i]! ? monthStart[i]! + day - 1 : NaN;
}

/** The day of `YYYY-MM-DD`, alone or before a time (`T` or a space); NaN where it is none. */
export function dayAt(text: string, start: number, end: number): number {
  if (end - start < 10 || text.charCodeAt(start + 4) !== 45 || text.charCodeAt(start + 7) !== 45) return NaN;
  if (end - start > 10) {
    const next = text.charCodeAt(start + 10);
    if (next !== 84 && next !== 32) return NaN;
  }
  const year = digits(text, start, start + 4);
  const month = digits(text, start + 5, start + 7);
  return dayOfParts(year, month, digits(text, start + 8, start + 10));
}

/** `dayAt` for a whole text. */
export function dayOfText(text: string): number {
  return dayAt(text, 0, text.length);
}

function digits(text: string, start: number, end: number): number {
  let n = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return NaN;
    n = n * 10 + digit;
  }
  return n;
}

const POWERS = Array.from({ length: 16 }, (_, i) => 10 ** i);

/** A decimal number, or NaN where the text is none. Up to 15 digits exactly as `Number` would read it. */
export function numberAt(text: string, start: number, end: number): number {
  let i = start;
  const negative = text.charCodeAt(i) === 45;
  if (negative) i++;
  if (end - i > 16 || end === i) return slowNumber(text.substring(start, end));
  let mantissa = 0;
  let point = -1;
  for (; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c === 46 && point < 0) point = i;
    else if (c >= 48 && c <= 57) mantissa = mantissa * 10 + c - 48;
    else return slowNumber(text.substring(start, end));
  }
  if (mantissa >= 1e15 || point === end - 1 || point === start + (negative ? 1 : 0)) {
    return slowNumber(text.substring(start, end));
  }
  // One division of two exact numbers is rounded once, as reading the decimal would be.
  const size = point < 0 ? mantissa : mantissa / POWERS[end - point - 1]!;
  return negative ? -size : size;
}

function slowNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? finite(Number(text)) : NaN;
}

function finite(n: number): number {
  return Number.isFinite(n) ? n : NaN;
}

const YES: ReadonlySet<string> = new Set(["true", "1", "yes"]);
const NO: ReadonlySet<string> = new Set(["", "false", "0", "no"]);

/** Whether a row is marked deleted; null where the word is neither yes nor no. */
export function isDeleted(word: string): boolean | null {
  const known = word.trim().toLowerCase();
  return YES.has(known) ? true : NO.has(known) ? false : null;
}
