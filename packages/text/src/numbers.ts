/**
 * Percentages and counts in words. The space before "%" does not break. Ends of a range are joined by "to": a dash
 * between numbers is read as a minus by some screen readers.
 */

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** "34 %": whole, but never 0 % of something or 100 % of less than all: "<1 %", ">99 %". @param share in 0..1 */
export function percent(share: number): string {
  return `${points(share)}\u00a0%`;
}

/** "34 to 36 %", or "34 %" where both ends read the same. @param share in 0..1 */
export function percentRange({ low, high }: Range): string {
  return points(low) === points(high) ? percent(low) : `${points(low)} to ${percent(high)}`;
}

function points(share: number): string {
  if (share > 0 && share < 0.01) return "<1";
  if (share > 0.99 && share < 1) return ">99";
  return String(Math.round(100 * share));
}

/**
 * A difference of shares: "2 to 9 points", "up to 4 points" from less than half a point, "less than 1 point".
 * @param range in 0..1, from less to more
 */
export function pointsRange({ low, high }: Range): string {
  const [from, to] = [Math.round(100 * low), Math.round(100 * high)];
  if (to === 0) return "less than 1 point";
  const unit = to === 1 ? "point" : "points";
  if (from === to) return `${to} ${unit}`;
  return from === 0 ? `up to ${to} ${unit}` : `${from} to ${to} ${unit}`;
}

/** "0.86 to 1.56": a ratio of two numbers. */
export function ratioRange({ low, high }: Range): string {
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

let counts: Intl.NumberFormat | undefined; // at the first count: making one takes 7 ms, and most commands write none

/** "1,240" */
export function count(n: number): string {
  return (counts ??= new Intl.NumberFormat("en-GB")).format(n);
}

/** "1,230 to 1,250", or "1,240" where both ends are the same. */
export function countRange({ low, high }: Range): string {
  return low === high ? count(low) : `${count(low)} to ${count(high)}`;
}
