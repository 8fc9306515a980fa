import { interval, toInterval, type Interval, type Value } from "./interval.js";
import { z, type Level } from "./normal.js";

/**
 * x / n for a numerator and a denominator that are each known as an interval, with x <= n.
 * In 0..1; null where the denominator may be zero and nothing can be said of a proportion of nobody.
 */
export function proportion(x: Interval, n: Interval): Interval | null {
  if (n.low <= 0) return n.high <= 0 ? null : interval(0, 1);
  const [lowest, highest] = extremes(x, n);
  return interval(lowest.x / lowest.n, highest.x / highest.n);
}

/**
 * Returns the Wilson score limits of x / n in 0..1 (Wilson 1927; Newcombe 1998, method 3); null where n may be 0.
 * The limit rises with x and falls with n, so lower(x low, n high) and upper(x high, n low), with x <= n, are exact.
 * @throws RangeError where x is above n
 */
export function wilson(x: Value, n: Value, level: Level): Interval | null {
  const [part, whole] = [toInterval(x), toInterval(n)];
  if (Math.max(whole.low, part.low) <= 0) return null; // a numerator of one or more is of somebody
  const [lowest, highest] = extremes(part, whole);
  return interval(wilsonLimit(lowest.x, lowest.n, -z(level)), wilsonLimit(highest.x, highest.n, z(level)));
}

/** A numerator and its denominator, both numbers. */
export interface Counts {
  readonly x: number;
  readonly n: number;
}

/** The pairs at which x / n is smallest and largest, with x <= n. @throws RangeError where x is above n */
export function extremes(x: Interval, n: Interval): [Counts, Counts] {
  if (x.low > n.high) throw new RangeError(`a numerator from ${x.low} over a denominator up to ${n.high}`);
  const most = Math.min(x.high, n.high);
  return [
    { x: x.low, n: n.high },
    { x: most, n: Math.max(n.low, most) },
  ];
}

/** One limit of the score interval; the sign of `normal` says which. Wilson 1927, eq. for p. */
function wilsonLimit(x: number, n: number, normal: number): number {
  const p = x / n;
  const square = normal * normal;
  const centre = p + square / (2 * n);
  const reach = normal * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  return Math.min(1, Math.max(0, (centre + reach) / (1 + square / n)));
}
