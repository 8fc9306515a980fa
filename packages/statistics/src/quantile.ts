import { interval, toInterval, type Interval, type Value } from "./interval.js";

/**
 * Returns the sample quantile of values at p in 0..1: type 7 of Hyndman and Fan 1996 (R's default), linear between order
 * statistics floor(h) and floor(h) + 1 with h = (n - 1) p, counted from 0. For intervals: the quantile of all lower
 * ends to that of all upper ends, which is exact, as order statistics never fall when a value rises.
 * @param values in any order
 * @throws RangeError for no values, or p outside 0..1
 */
export function quantile(values: readonly number[], p: number): number;
export function quantile(values: readonly Value[], p: number): Value;
export function quantile(values: readonly Value[], p: number): Value {
  if (values.every((value) => typeof value === "number")) return ofNumbers(values, p);
  const known = values.map(toInterval);
  return interval(
    ofNumbers(
      known.map(({ low }) => low),
      p,
    ),
    ofNumbers(
      known.map(({ high }) => high),
      p,
    ),
  );
}

function ofNumbers(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError("a quantile of nothing");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`not a probability: ${p}`);
  const sorted = [...values].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const below = sorted[Math.floor(h)] as number;
  const above = sorted[Math.ceil(h)] as number;
  return below + (h - Math.floor(h)) * (above - below);
}

/** Returns the median of intervals. @throws RangeError for none */
export function median(values: readonly Interval[]): Interval {
  return toInterval(quantile(values, 0.5));
}
