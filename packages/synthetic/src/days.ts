/** Days are whole numbers since 1 January 1970. Weeks, months and financial years of a practice's life. */
export const YEAR = 365.2425;

export function dayOf(year: number, month: number, day: number): number {
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

export function textOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** The day of a `YYYY-MM-DD` text, or null where it is none. */
export function parseDay(text: string): number | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return null;
  const day = dayOf(Number(found[1]), Number(found[2]), Number(found[3]));
  return textOf(day) === text ? day : null;
}

export function yearOf(day: number): number {
  return new Date(day * 86_400_000).getUTCFullYear();
}

/** The same date n years on; 29 February becomes 28 February in a common year. */
export function addYears(day: number, n: number): number {
  const date = new Date(day * 86_400_000);
  const year = date.getUTCFullYear() + n;
  const month = date.getUTCMonth() + 1;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return dayOf(year, month, Math.min(date.getUTCDate(), last));
}

/** The first of the financial years (April to March) that a stretch of days touches, by its first of April. */
export function financialYear(day: number): number {
  const year = yearOf(day);
  return day >= dayOf(year, 4, 1) ? year : year - 1;
}

/**
 * The working day of a day: practices close at weekends, so Saturday and Sunday move to Monday. 1 January 1970 was a
 * Thursday.
 */
export function workingDay(day: number): number {
  const weekday = (((day + 3) % 7) + 7) % 7;
  return weekday === 5 ? day + 2 : weekday === 6 ? day + 1 : day;
}
