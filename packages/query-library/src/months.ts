/** The months that a query looks at. */
import { civilDate, dayNumber, dayOf, windowBounds } from "./calendar.js";
import type { Query, Window } from "./query.js";
import { allConditions } from "./walk.js";

/**
 * Lists the months (`2026-09`, oldest first) that a query looks at for a reference date: those of the period that ends
 * there, and those of every window that has a beginning. A month belongs to a window that holds its 15th. Windows
 * that reach back without limit add none: records begin somewhere.
 */
export function monthsLookedAt(query: Query, date: string): string[] {
  const day = dayNumber(date);
  const period: Window = { from: { n: PERIOD_MONTHS[query.periods.every], unit: "months" }, to: null };
  const months = new Set<number>();
  for (const window of [period, ...windowsOf(query)]) {
    if (window.from === null) continue;
    const { after, upTo } = windowBounds(window, day);
    for (let month = monthOf(after); month <= monthOf(upTo); month++) {
      const middle = dayOf({ year: Math.floor(month / 12), month: (month % 12) + 1, day: 15 });
      if (after < middle && middle <= upTo) months.add(month);
    }
  }
  return [...months].sort((a, b) => a - b).map(written);
}

const PERIOD_MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** Every window of a query, in its facts too. */
export function windowsOf(query: Query): Window[] {
  const windows = [...allConditions(query), ...Object.values(query.facts)].flatMap((part) =>
    "window" in part ? [part.window] : [],
  );
  if (query.unit === "people") return windows;
  return [...windows, query.denominator.window, query.numerator.window];
}

/** Number of months since the year 0. */
function monthOf(day: number): number {
  const { year, month } = civilDate(day);
  return year * 12 + month - 1;
}

function written(month: number): string {
  return `${String(Math.floor(month / 12)).padStart(4, "0")}-${String((month % 12) + 1).padStart(2, "0")}`;
}
