/**
 * The dates of a query that can be asked for at all. Pure. Practices answer the ends of its own periods and no
 * others.
 */
import { periodEnds } from "@cairn/query-library";
import type { Query } from "@cairn/query-library";
import type { PeriodLength } from "../store/tables.js";

type Periods = Pick<Query, "query" | "periods">;

/** Ends of the query's own periods, as many of them back from `today` (YYYY-MM-DD) as it has, oldest first. */
export function answerable({ periods }: Periods, today: string): string[] {
  return periodEnds(periods.every, periods.count, today);
}

/** The reason why no practice would answer all of this, in words for the person who asks; null where they would. */
export function unanswerable(
  query: Periods,
  asked: { readonly every: PeriodLength; readonly periods: number; readonly until: string },
  today: string,
): string | null {
  const { every, count } = query.periods;
  const own = `${query.query} is a query by ${every}, answered for ${count} ${every}s at most`;
  if (asked.every !== every) return `${own}: use --every ${every}`;
  if (asked.periods > count) return `${own}: use --periods ${count} or fewer`;
  const dates = answerable(query, today);
  const beyond = periodEnds(every, asked.periods, asked.until).filter((date) => !dates.includes(date));
  if (beyond.length === 0) return null;
  return `${own}, today from ${dates[0]} to ${dates.at(-1)}, and this asks for ${range(beyond)}: choose --until and --periods within them`;
}

/** The reason why a schedule does not ask for these dates, for its list and the log. */
export function skipWords(query: Periods, dates: readonly string[], today: string): string {
  const own = answerable(query, today);
  return `not asked for ${range(dates)}: practices answer ${query.query} by ${query.periods.every}, from ${own[0]} to ${own.at(-1)}`;
}

function range(dates: readonly string[]): string {
  return dates.length === 1 ? `${dates[0]}` : `${dates.length} dates from ${dates[0]} to ${dates.at(-1)}`;
}
