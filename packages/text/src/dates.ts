/** Writes the day of a moment in UTC. Its formatter is made at the first one, which takes some milliseconds. */
function inUtc(options: Intl.DateTimeFormatOptions): (iso: string) => string {
  let words: Intl.DateTimeFormat | undefined;
  return (iso) =>
    (words ??= new Intl.DateTimeFormat("en-GB", { ...options, timeZone: "UTC" })).format(new Date(iso));
}

/** "31/03/2026", as dates are typed. @param iso YYYY-MM-DD */
export function shortDate(iso: string): string {
  return iso.split("-").toReversed().join("/");
}

/** "30 June 2026". In what is read; what is typed into a command or read by a program stays ISO. @param iso "2026-06-30" */
export const longDate = inUtc({ dateStyle: "long" });

/** "15 April 2026 at 05:23 (Europe/London)". @param iso a moment, ISO 8601 */
export function longMoment(iso: string, timeZone: string): string {
  const words = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "long", timeStyle: "short" });
  return `${words.format(Date.parse(iso))} (${timeZone})`;
}

/** "2026-11-29 11:20 UTC": in lists of what happened when. @param iso a moment, ISO 8601, in UTC */
export function minute(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}

/** "1 second", "40 seconds", "15 minutes": a time to wait, rounded up. @param ms milliseconds */
export function lasting(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const [n, unit] = seconds < 60 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return `${n} ${unit}${n === 1 ? "" : "s"}`;
}

/** "Jun 2026", where there is no room for a day. @param iso "2026-06-30" */
export const shortMonth = inUtc({ month: "short", year: "numeric" });

/** "March 2026". @param month "2026-03" */
export const longMonth = inUtc({ month: "long", year: "numeric" });

const NUMBERS = ["", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"];

/** "a year", "two years", "15 months", "three months". @param months 1 or more */
export function monthsLong(months: number): string {
  const [n, unit] = months % 12 === 0 ? [months / 12, "year"] : [months, "month"];
  if (n === 1) return `a ${unit}`;
  return `${NUMBERS[n] ?? n} ${unit}s`;
}
