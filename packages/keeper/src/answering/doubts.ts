/** Doubts about an answer that may be wrong for what the records lack. They never leave the practice. */
import { monthsLookedAt, type Query } from "@cairn/query-library";
import { emptyCodelists, type Records, thinMonths } from "@cairn/records";

/** The months of a date that are thin. */
export interface ThinDate {
  readonly date: string;
  readonly months: readonly string[]; // `2026-09`, oldest first
}

/** The codelists of the query without any event in these records, as `name@version`. */
export function emptyListsOf(query: Query, records: Pick<Records, "formats" | "withoutEvents">): string[] {
  return emptyCodelists(records, Object.values(query.codelists));
}

/** The dates for which the query looks at a month with less than a third of the usual events (`@cairn/records`, volume.ts). */
export function thinDates(
  query: Query,
  dates: readonly string[],
  records: Pick<Records, "months">,
): ThinDate[] {
  const months = records.months();
  return dates
    .map((date) => ({ date, months: thinMonths(months, monthsLookedAt(query, date)) }))
    .filter((each) => each.months.length > 0);
}

/** The thin months as a sentence for the practice's own screens; months that follow one another as one stretch. */
export function thinWords(months: readonly string[]): string {
  return `the records hold less than a third of the usual events, or none, in ${stretches(months).join(", ")}`;
}

export function emptyListWords(lists: readonly string[]): string {
  return `these records have no event of ${lists.join(", ")}, so nobody has one in this answer`;
}

function stretches(months: readonly string[]): string[] {
  const found: [first: string, last: string][] = [];
  for (const month of months) {
    const open = found.at(-1);
    if (open !== undefined && next(open[1]) === month) open[1] = month;
    else found.push([month, month]);
  }
  return found.map(([first, last]) => (first === last ? first : `${first} to ${last}`));
}

function next(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number)).toISOString().slice(0, 7);
}
