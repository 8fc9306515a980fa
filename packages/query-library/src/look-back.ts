/** How far back a query looks: which dates of it repeat the same records, and which do not. */
import { civilDate, dayNumber } from "./calendar.js";
import { windowsOf } from "./months.js";
import type { Condition, Fact, Query, Span, Window } from "./query.js";
import { factRead, within } from "./walk.js";

/**
 * Returns the months of the query's longest window that has a beginning, rounded up to whole ones; null where it has
 * none. Windows without a beginning (a register: "ever") count for nothing here: the people are the same at each date.
 */
export function lookBackMonths(query: Query): number | null {
  const months = windowsOf(query).flatMap(({ from }) => (from === null ? [] : [monthsOf(from)]));
  return months.length === 0 ? null : Math.max(...months);
}

/** A third of a week of grace: 92 days are three months, and 13 weeks too. */
function monthsOf({ n, unit }: Span): number {
  if (unit === "months") return n;
  if (unit === "years") return 12 * n;
  return Math.max(1, Math.ceil((unit === "weeks" ? 7 * n : n) / 30.5 - 0.1));
}

/**
 * Tells whether answers for successive dates are about different records, as limits and run rules need: the query looks
 * back three months or less, and no further than to the date before, and what it counts has a beginning.
 */
export function hasIndependentDates(query: Query): boolean {
  const months = lookBackMonths(query);
  return (
    months !== null &&
    months <= Math.min(3, PERIOD[query.periods.every]) &&
    numeratorWindows(query).every(({ from }) => from !== null)
  );
}

const PERIOD = { month: 1, quarter: 3, year: 12 } as const;

/**
 * Tells whether the records that are read for an earlier date are none of those that are read for a later one.
 * @param months that are looked back, as `lookBackMonths` gives them
 * @param earlier ISO, as `later`
 */
export function isApart(months: number, earlier: string, later: string): boolean {
  return monthsBetween(earlier, later) >= months;
}

/** The number of calendar months from one date (ISO) to a later one: 12 from March 2024 to March 2025. */
export function monthsBetween(earlier: string, later: string): number {
  const [from, to] = [earlier, later].map((iso) => {
    const { year, month } = civilDate(dayNumber(iso));
    return 12 * year + month;
  }) as [number, number];
  return to - from;
}

/** The windows that decide who is in the numerator, those of the facts that it reads among them. */
function numeratorWindows(query: Query): Window[] {
  if (query.unit !== "people") return [query.numerator.window];
  return conditionWindows(query.numerator, query);
}

function conditionWindows(condition: Condition, query: Query): Window[] {
  return [...within(condition)].flatMap((part) => {
    const name = factRead(part);
    const fact = name === null ? undefined : query.facts[name];
    return [...("window" in part ? [part.window] : []), ...(fact ? factWindows(fact, query) : [])];
  });
}

function factWindows(fact: Fact, query: Query): Window[] {
  return fact.form === "condition" ? conditionWindows(fact.condition, query) : [fact.window];
}
