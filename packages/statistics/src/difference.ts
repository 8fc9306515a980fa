import { interval, toInterval, type Interval, type Value } from "./interval.js";
import type { Level } from "./normal.js";
import type { Counts } from "./interval.js";
import { wilson } from "./wilson.js";

/**
 * Returns the limits of x1 / n1 - x2 / n2 in -1..1 (Newcombe 1998, Statistics in Medicine 17:873, method 10); null
 * where a denominator may be 0. For intervals: from the lowest lower to the highest upper limit over all corners with
 * x <= n, which is exact.
 * @throws RangeError where an x is above its n
 */
export function difference(x1: Value, n1: Value, x2: Value, n2: Value, level: Level): Interval | null {
  const [firsts, seconds] = [corners(x1, n1), corners(x2, n2)];
  if (firsts === null || seconds === null) return null;
  const limits = firsts.flatMap((first) => seconds.map((second) => newcombe(first, second, level)));
  return interval(Math.min(...limits.map(({ low }) => low)), Math.max(...limits.map(({ high }) => high)));
}

/** The corners of all (x, n) with x <= n; null where n may be 0. */
function corners(x: Value, n: Value): Counts[] | null {
  const [part, whole] = [toInterval(x), toInterval(n)];
  if (part.low > whole.high)
    throw new RangeError(`a numerator from ${part.low} over a denominator up to ${whole.high}`);
  if (Math.max(whole.low, part.low) <= 0) return null;
  const most = Math.min(part.high, whole.high);
  return [part.low, most].flatMap((one) => [
    { x: one, n: Math.max(one, whole.low) },
    { x: one, n: whole.high },
  ]);
}

/** Limits of the difference of two exact proportions. */
function newcombe(first: Counts, second: Counts, level: Level): Interval {
  const [p1, p2] = [first.x / first.n, second.x / second.n];
  const one = wilson(first.x, first.n, level) as Interval;
  const two = wilson(second.x, second.n, level) as Interval;
  return interval(
    p1 - p2 - Math.hypot(p1 - one.low, two.high - p2),
    p1 - p2 + Math.hypot(one.high - p1, p2 - two.low),
  );
}
