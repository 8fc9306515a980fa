import { interval, type Interval } from "./interval.js";

/**
 * Sample quantile, type 7 of Hyndman and Fan 1996 (R's default): linear between order statistics
 * floor(h) and floor(h) + 1 with h = (n - 1) p, counted from 0.
 * @param values any order, at least one. @param p in 0..1.
 */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError("a quantile of nothing");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`not a probability: ${p}`);
  const sorted = [...values].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const below = sorted[Math.floor(h)] as number;
  const above = sorted[Math.ceil(h)] as number;
  return below + (h - Math.floor(h)) * (above - below);
}

/**
 * The quantile of numbers known as intervals: from that of all lower ends to that of all upper ends. Exact, as order
 * statistics never fall when a value rises.
 */
export function intervalQuantile(values: readonly Interval[], p: number): Interval {
  return interval(
    quantile(
      values.map((v) => v.low),
      p,
    ),
    quantile(
      values.map((v) => v.high),
      p,
    ),
  );
}

export function median(values: readonly Interval[]): Interval {
  return intervalQuantile(values, 0.5);
}

/** First quartile, median, third quartile. */
export function quartiles(values: readonly Interval[]): [Interval, Interval, Interval] {
  return [intervalQuantile(values, 0.25), median(values), intervalQuantile(values, 0.75)];
}
