/**
 * Days and months, without a clock: a day is a whole number of days since 1970-01-01.
 *
 * Month arithmetic clamps to the end of the month (31 August less 6 months is 28 or 29 February), and is
 * done here and never by a database: SQLite's modifiers overflow into the next month instead.
 */
import type { Span, Window } from "./query.js";

/** A day before every day that a record can carry: the start of a window without one. Fits an Int32Array. */
export const BEFORE_ALL = -0x80000000;

export interface CivilDate {
  readonly year: number;
  readonly month: number; // 1..12
  readonly day: number; // 1..31
}

const DAYS_IN_ERA = 146_097; // 400 Gregorian years
const DAYS_TO_EPOCH = 719_468; // from 0000-03-01 to 1970-01-01

/** Day number of a date of the Gregorian calendar; years start in March inside, so that 29 February comes last. */
export function dayOf({ year, month, day }: CivilDate): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * DAYS_IN_ERA + dayOfEra - DAYS_TO_EPOCH;
}

/** The date of a day number: the inverse of `dayOf`. */
export function civilDate(dayNumber: number): CivilDate {
  const z = dayNumber + DAYS_TO_EPOCH;
  const era = Math.floor(z / DAYS_IN_ERA);
  const dayOfEra = z - era * DAYS_IN_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Number of days of the month; `month` is 1..12. */
export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Day number of an ISO date (YYYY-MM-DD), or null where the text is not a date of the calendar. */
export function tryDayNumber(iso: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return dayOf({ year, month, day });
}

/** The ISO date that somebody typed as 2026-03-31, 31/03/2026 or 31.03.2026; null where it is none of the calendar. */
export function readDate(typed: string): string | null {
  const [, day, month, year] =
    /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})$/.exec(typed.trim())?.filter((_, i) => i !== 2) ?? [];
  const iso =
    year === undefined ? typed.trim() : `${year}-${month?.padStart(2, "0")}-${day?.padStart(2, "0")}`;
  return tryDayNumber(iso) === null ? null : iso;
}

/** Day number of an ISO date (YYYY-MM-DD). @throws RangeError where it is not one */
export function dayNumber(iso: string): number {
  const day = tryDayNumber(iso);
  if (day === null) throw new RangeError(`not a date: write it as YYYY-MM-DD`);
  return day;
}

/** ISO date (YYYY-MM-DD) of a day number. */
export function isoDate(dayNumber: number): string {
  const { year, month, day } = civilDate(dayNumber);
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** The day `months` later (earlier where negative), clamped to the end of its month. */
export function addMonths(dayNumber: number, months: number): number {
  const { year, month, day } = civilDate(dayNumber);
  const index = year * 12 + (month - 1) + months;
  const toYear = Math.floor(index / 12);
  const toMonth = index - toYear * 12 + 1;
  return dayOf({ year: toYear, month: toMonth, day: Math.min(day, daysInMonth(toYear, toMonth)) });
}

/** The day a span later; `times` -1 goes back. */
export function addSpan(dayNumber: number, span: Span, times: 1 | -1 = 1): number {
  switch (span.unit) {
    case "days":
      return dayNumber + times * span.n;
    case "weeks":
      return dayNumber + times * span.n * 7;
    case "months":
      return addMonths(dayNumber, times * span.n);
    case "years":
      return addMonths(dayNumber, times * span.n * 12);
  }
}

/** Days d with `after` < d <= `upTo`; `after` is BEFORE_ALL where the window reaches back without limit. */
export interface WindowBounds {
  readonly after: number;
  readonly upTo: number;
}

/** The window as days, for reference day `day`. (For `compare_date`, `after` itself is included.) */
export function windowBounds(window: Window, day: number): WindowBounds {
  return {
    after: window.from === null ? BEFORE_ALL : addSpan(day, window.from, -1),
    upTo: window.to === null ? day : addSpan(day, window.to, -1),
  };
}

/** Completed years at `day`; someone born on 29 February has the birthday on 1 March in a common year. */
export function ageAt(birthDay: number, day: number): number {
  const born = civilDate(birthDay);
  const now = civilDate(day);
  const hadBirthday = now.month > born.month || (now.month === born.month && now.day >= born.day);
  return now.year - born.year - (hadBirthday ? 0 : 1);
}

/**
 * The last `count` ends of calendar periods on or before `upTo` (ISO), oldest first, as ISO dates.
 * Quarters end in March, June, September and December; years on 31 December.
 */
export function periodEnds(every: "month" | "quarter" | "year", count: number, upTo: string): string[] {
  const step = every === "month" ? 1 : every === "quarter" ? 3 : 12;
  const { year, month, day } = civilDate(dayNumber(upTo));
  const ended = year * 12 + month - (day === daysInMonth(year, month) ? 0 : 1); // months that have ended
  const last = Math.floor(ended / step) * step;
  return Array.from({ length: count }, (_, i) => {
    const months = last - (count - 1 - i) * step - 1;
    const y = Math.floor(months / 12);
    const m = months - y * 12 + 1;
    return isoDate(dayOf({ year: y, month: m, day: daysInMonth(y, m) }));
  });
}
