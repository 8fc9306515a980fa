/**
 * Dates, spans and windows. A day is its ISO text (YYYY-MM-DD): texts of that shape compare in the order of the
 * calendar, so `<` and `<=` below mean earlier and not later.
 */
import type { Span, Window } from "@cairn/query-library";
import { at } from "@cairn/tables";

export type Day = string;

/** The day a span before. */
export function before(day: Day, span: Span): Day {
  return moved(day, -span.n, span.unit);
}

/** The day a span after. */
export function after(day: Day, span: Span): Day {
  return moved(day, span.n, span.unit);
}

/** Whether the day is in the window (D - from, D - to]: open at the far end, closed at the near one. */
export function inWindow(day: Day, window: Window, D: Day): boolean {
  const notTooEarly = window.from === null || day > before(D, window.from);
  const notTooLate = day <= (window.to === null ? D : before(D, window.to));
  return notTooEarly && notTooLate;
}

/** Whether D - from <= day <= D - to: the window of `{date: ..., within: ...}`, closed at both ends. */
export function inClosedWindow(day: Day, window: Window, D: Day): boolean {
  const notTooEarly = window.from === null || day >= before(D, window.from);
  const notTooLate = day <= (window.to === null ? D : before(D, window.to));
  return notTooEarly && notTooLate;
}

function moved(day: Day, n: number, unit: Span["unit"]): Day {
  switch (unit) {
    case "days":
      return movedDays(day, n);
    case "weeks":
      return movedDays(day, 7 * n);
    case "months":
      return movedMonths(day, n);
    case "years":
      return movedMonths(day, 12 * n);
  }
}

function movedDays(day: Day, n: number): Day {
  const { year, month, dayOfMonth } = partsOf(day);
  return new Date(Date.UTC(year, month - 1, dayOfMonth + n)).toISOString().slice(0, 10);
}

/** The same day of another month, or the last day of that month where it is shorter. */
function movedMonths(day: Day, n: number): Day {
  const { year, month, dayOfMonth } = partsOf(day);
  const months = year * 12 + (month - 1) + n;
  const newYear = Math.floor(months / 12);
  const newMonth = months - newYear * 12 + 1;
  const newDay = Math.min(dayOfMonth, lastDayOf(newYear, newMonth));
  return [String(newYear).padStart(4, "0"), twoDigits(newMonth), twoDigits(newDay)].join("-");
}

export function partsOf(day: Day): { year: number; month: number; dayOfMonth: number } {
  return {
    year: Number(day.slice(0, 4)),
    month: Number(day.slice(5, 7)),
    dayOfMonth: Number(day.slice(8, 10)),
  };
}

function lastDayOf(year: number, month: number): number {
  const leapYear = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return at([31, leapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], month - 1);
}

function twoDigits(n: number): string {
  return String(n).padStart(2, "0");
}
