/** An interval that a number lies in: [low, high], both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** A number, or the interval of one that was rounded or withheld. */
export type Value = number | Interval;

/** Returns the interval of a value; of a number, that number alone. @throws RangeError for NaN */
export function toInterval(value: Value): Interval {
  return typeof value === "number" ? exactly(value) : value;
}

/** Tells whether a value leaves no doubt: a number, or an interval of one. */
export function isExact(value: Value): boolean {
  return typeof value === "number" || value.low === value.high;
}

/** The interval of a number that is known exactly. */
export function exactly(value: number): Interval {
  return interval(value, value);
}

/**
 * The interval [low, high].
 * @throws RangeError where the ends are swapped or not numbers: such an interval holds nothing.
 */
export function interval(low: number, high: number): Interval {
  if (!(low <= high)) throw new RangeError(`not an interval: [${low}, ${high}]`);
  return { low, high };
}

/** The sum of numbers that are each known as an interval. Exact: both ends can be reached. */
export function sum(parts: readonly Interval[]): Interval {
  return parts.reduce((total, part) => interval(total.low + part.low, total.high + part.high), exactly(0));
}

/**
 * The part of the whole that one member may make up at most, in 0..1: its high end against the low ends
 * of the others. 1 for a single member; 0 where all are zero.
 */
export function largestPossibleShare(parts: readonly Interval[]): number {
  const lows = parts.reduce((total, part) => total + part.low, 0);
  return parts.reduce((largest, part) => {
    const whole = part.high + lows - part.low;
    return Math.max(largest, whole === 0 ? 0 : part.high / whole);
  }, 0);
}

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

/**
 * x / n for a numerator and a denominator that are each known as an interval, with x <= n.
 * In 0..1; null where the denominator may be zero and nothing can be said of a proportion of nobody.
 */
export function proportion(x: Interval, n: Interval): Interval | null {
  if (n.low <= 0) return n.high <= 0 ? null : interval(0, 1);
  const [lowest, highest] = extremes(x, n);
  return interval(lowest.x / lowest.n, highest.x / highest.n);
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
