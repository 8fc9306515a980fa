/**
 * How many events a month usually has, and which months have hardly any.
 *
 * A month's *usual volume* is the median of the 24 newest months up to a day that have any events, leaving out those
 * with less than a hundredth of the busiest month's: dates that were mistyped must not become what is usual. It is
 * known from six such months on, and where the median is ten events or more.
 *
 * A month is *thin* with less than a third of that. Where months differ so much that a third is nothing out of the
 * ordinary (few people, many rows for each), a thin month has also to be an outlier among the 24: its modified z-score
 * is below -3.5 (Iglewicz and Hoaglin 1993, How to Detect and Handle Outliers). A month that is as quiet as the same
 * month in both years before is not thin: a university's practice has hardly anybody in summer. A month without any
 * event always is.
 */

/** Number of events by month (`2026-09`); months without any are left out. */
export type Months = Readonly<Record<string, number>>;

interface Usual {
  /** The usual number of events in a month. */
  readonly events: number;
  /** The number below which a month is thin, unless it is so every year. */
  readonly least: number;
  /** The number below which a month holds nothing but mistyped dates. */
  readonly stray: number;
}

const NEWEST = 24;
const ENOUGH_MONTHS = 6;
const ENOUGH_EVENTS = 10;
const STRAY = 1 / 100;
const THIN = 1 / 3;
/**
 * Bound in median absolute deviations: 0.6745 makes one a standard deviation where months are normally distributed.
 */
const OUTLIER = 3.5 / 0.6745;

/** @param upTo month. @returns null where there is too little to know what is usual */
export function usualMonth(months: Months, upTo: string): Usual | null {
  const known = Object.entries(months).filter(([month]) => month <= upTo);
  const busiest = known.reduce((most, [, events]) => Math.max(most, events), 0);
  const stray = busiest * STRAY;
  const newest = known
    .filter(([, events]) => events >= stray)
    .sort(([a], [b]) => (a < b ? 1 : -1))
    .slice(0, NEWEST)
    .map(([, events]) => events);
  if (newest.length < ENOUGH_MONTHS) return null;
  const events = median(newest);
  if (events < ENOUGH_EVENTS) return null;
  const spread = median(newest.map((each) => Math.abs(each - events)));
  return { events, stray, least: Math.max(1, Math.min(events * THIN, events - spread * OUTLIER)) };
}

function isThin(months: Months, month: string, { least, stray }: Usual): boolean {
  const events = months[month] ?? 0;
  if (events >= least) return false;
  const before = [1, 2].map((years) => months[`${Number(month.slice(0, 4)) - years}${month.slice(4)}`] ?? 0);
  return events === 0 || before.some((then) => then < stray || events < then * THIN);
}

/** The newest month up to a given one that is not thin; null where no usual volume is known. */
export function newestUsualMonth(months: Months, upTo: string): string | null {
  const usual = usualMonth(months, upTo);
  if (usual === null) return null;
  const full = Object.keys(months).filter((month) => month <= upTo && !isThin(months, month, usual));
  return full.sort().at(-1) ?? null;
}

/**
 * The thin months, of those given, beside the usual volume up to the last of them. Where none is known: all of them
 * if none has an event, and otherwise none.
 * @param lookedAt oldest first
 */
export function thinMonths(months: Months, lookedAt: readonly string[]): string[] {
  const usual = usualMonth(months, lookedAt.at(-1) ?? "");
  if (usual !== null) return lookedAt.filter((month) => isThin(months, month, usual));
  return lookedAt.some((month) => (months[month] ?? 0) > 0) ? [] : [...lookedAt];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}
