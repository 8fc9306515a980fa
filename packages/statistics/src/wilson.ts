import { extremes, interval, toInterval, type Interval, type Value } from "./interval.js";
import { z, type Level } from "./normal.js";

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

/** One limit of the score interval; the sign of `normal` says which. Wilson 1927, eq. for p. */
function wilsonLimit(x: number, n: number, normal: number): number {
  const p = x / n;
  const square = normal * normal;
  const centre = p + square / (2 * n);
  const reach = normal * Math.sqrt((p * (1 - p)) / n + square / (4 * n * n));
  return Math.min(1, Math.max(0, (centre + reach) / (1 + square / n)));
}
