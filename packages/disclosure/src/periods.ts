/** How far apart two reference dates are, in the query's own periods. */
import type { UndecidedTable } from "./table.js";

const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** Whole periods from `earlier` to `later` (ISO dates), to the nearest; 0 where they are less than half of one apart. */
export function periodsApart(
  earlier: string,
  later: string,
  every: UndecidedTable["every"] = "quarter",
): number {
  return Math.round((months(later) - months(earlier)) / MONTHS[every]);
}

function months(date: string): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) + Number(date.slice(8, 10)) / 31;
}
