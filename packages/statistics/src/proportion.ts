import { interval, type Interval } from "./interval.js";

/** Two-sided 95 % and 99.8 % of the standard normal, as public health tables print them. */
export const Z95 = 1.959964;
export const Z998 = 3.090232;

/**
 * x / n for a numerator and a denominator that are each known as an interval, with x <= n.
 * In 0..1; null where the denominator may be zero and nothing can be said of a proportion of nobody.
 */
export function proportion(x: Interval, n: Interval): Interval | null {
  const [lowest, highest] = extremes(x, n);
  if (n.low <= 0) return n.high <= 0 ? null : interval(0, 1);
  return interval(lowest.x / lowest.n, highest.x / highest.n);
}

/**
 * The Wilson score interval of x / n (Wilson 1927; Newcombe 1998, method 3), carried through intervals:
 * it rises with x and falls with n at the lower end, so lower(x low, n high) to upper(x high, n low) with
 * x <= n is exact. In 0..1.
 * @param z standard normal quantile, such as Z95.
 * @returns null where the denominator may be zero.
 */
export function wilson(x: Interval, n: Interval, z: number = Z95): Interval | null {
  if (n.low <= 0) return null;
  const [lowest, highest] = extremes(x, n);
  return interval(wilsonLimit(lowest.x, lowest.n, -z), wilsonLimit(highest.x, highest.n, z));
}

/** The pairs at which a proportion is smallest and largest; a numerator never exceeds its denominator. */
function extremes(x: Interval, n: Interval): [{ x: number; n: number }, { x: number; n: number }] {
  if (x.low > n.high) throw new RangeError(`a numerator from ${x.low} over a denominator up to ${n.high}`);
  const most = Math.min(x.high, n.high);
  return [
    { x: x.low, n: n.high },
    { x: most, n: Math.max(n.low, most) },
  ];
}

/** One limit of the score interval: upper for a positive z, lower for a negative one. Wilson 1927, eq. for p. */
function wilsonLimit(x: number, n: number, z: number): number {
  const p = x / n;
  const square = z * z;
  const centre = p + square / (2 * n);
  const reach = z * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  return Math.min(1, Math.max(0, (centre + reach) / (1 + square / n)));
}
