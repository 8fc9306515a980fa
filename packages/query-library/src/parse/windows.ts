/** How windows lie to each other, on every reference date there can be. */
import { dayNumber, windowBounds } from "../calendar.js";
import type { Span, Window } from "../query.js";

const FIRST = dayNumber("2023-01-01"); // two common years either side of a leap year
const DAYS = 1461;

/** Whether `a` reaches back at least as far as `b` from every day: months against days are tried out. */
function reaches(a: Span | null, b: Span | null, strictly: boolean): boolean {
  const day = (span: Span | null, d: number) => windowBounds({ from: null, to: span }, d).upTo;
  for (let d = FIRST; d < FIRST + DAYS; d++) {
    if (strictly ? day(a, d) >= day(b, d) : day(a, d) > day(b, d)) return false;
  }
  return true;
}

/** Whether, on some reference date, no day lies in the window. */
export function turnedRound(window: Window): boolean {
  return window.from !== null && !reaches(window.from, window.to, true);
}

/** Whether every day of `inner` lies in `outer`, on every reference date. */
export function liesWithin(inner: Window, outer: Window): boolean {
  const starts = outer.from === null || (inner.from !== null && reaches(outer.from, inner.from, false));
  return starts && reaches(inner.to, outer.to, false);
}
