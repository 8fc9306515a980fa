/** The dates of a query for which these records can say something: as for what leaves, after the settle time. */
import { periodEnds, type Query } from "@cairn/query-library";
import { SETTLE_DAYS } from "../runs/states.js";

const DAY_MS = 86_400_000;
/** At most so many points on a run chart: five years of quarters. */
const MOST = 20;

/**
 * The ends of the query's periods that the records cover with their settle time, ascending (ISO); empty where nobody
 * said how far the records are complete.
 * @param today ISO: records that say they are complete to a day to come do not bring it nearer
 */
export function coveredDates({ periods }: Query, coversTo: string | null, today: string): string[] {
  if (coversTo === null) return [];
  const known = coversTo < today ? coversTo : today;
  const settled = new Date(Date.parse(known) - SETTLE_DAYS * DAY_MS).toISOString().slice(0, 10);
  return periodEnds(periods.every, Math.min(periods.count, MOST), settled);
}

/** The newest of them; null where there is none. */
export function newestCovered(query: Query, coversTo: string | null, today: string): string | null {
  return coveredDates({ ...query, periods: { ...query.periods, count: 1 } }, coversTo, today).at(-1) ?? null;
}

/** The end of the period that comes next, after those that are covered, ISO. */
export function nextDate({ periods }: Query, newest: string): string {
  const dayAfter = new Date(Date.parse(newest) + DAY_MS).toISOString().slice(0, 10);
  const inAYear = new Date(Date.parse(dayAfter) + 366 * DAY_MS).toISOString().slice(0, 10);
  const ends = periodEnds(periods.every, 13, inAYear);
  return ends.find((end) => end > newest) ?? inAYear;
}
