/** A period of days, and what of a log lies in it. */
import { longDate } from "@cairn/text";

export interface Period {
  /** The first and last day, ISO; null where it has no such end. Days are UTC, as a log's times are. */
  readonly from: string | null;
  readonly to: string | null;
}

export function isWithin({ time }: { readonly time: string }, { from, to }: Period): boolean {
  const day = time.slice(0, 10);
  return (from === null || day >= from) && (to === null || day <= to);
}

/** Whether it was written by the end of the period. */
export function isBy({ time }: { readonly time: string }, { to }: Period): boolean {
  return to === null || time.slice(0, 10) <= to;
}

/** "1 to 31 March 2026" as "1 March 2026 to 31 March 2026"; "all of it". */
export function periodWords({ from, to }: Period): string {
  if (from === null && to === null) return "all of the time that the logs cover";
  if (from === null) return `up to ${longDate(to ?? "")}`;
  return to === null ? `from ${longDate(from)} on` : `${longDate(from)} to ${longDate(to)}`;
}

/** "31 December 2025", or "31 December 2022 to 30 September 2026 (16 dates)". @param dates ISO */
export function datesWords(dates: readonly string[]): string {
  const each = [...new Set(dates)].toSorted();
  const [first, last] = [each[0] ?? "", each.at(-1) ?? ""];
  const words = (date: string): string =>
    /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date)) ? longDate(date) : date;
  return each.length < 2 ? words(first) : `${words(first)} to ${words(last)} (${each.length} dates)`;
}
