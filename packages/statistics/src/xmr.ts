import { interval, sum, toInterval, type Interval, type Value } from "./interval.js";

/** A rule that a point of an XmR chart can meet. */
export type XmrRule =
  | "outside-limits"
  | "seven-on-one-side" // of the mean, one after the other
  | "seven-rising"
  | "seven-falling" // without a tie
  | "two-of-three"; // between the near and the outer limit, all three on that side of the mean

/** The rules that a point meets: `rules` whatever is true of the intervals, `possible` for some completions only. */
export interface XmrPoint {
  readonly rules: readonly XmrRule[];
  readonly possible: readonly XmrRule[];
}

export interface XmrChart {
  readonly mean: Interval;
  readonly movingRange: Interval;
  /** Null where there are too few points or too few different values: such limits mean nothing. */
  readonly limits: Interval | null;
  readonly near: Interval | null;
  /** Why there are no limits, and so no signal. */
  readonly without: "too-few-points" | "too-few-different-values" | null;
  readonly points: readonly XmrPoint[];
}

/** Limits are drawn from this number of points on. */
const FEWEST = 13;
/** From the mean moving range to three standard deviations: 3 / 1.128. */
const OUTER = 2.66;
const NEAR = (OUTER * 2) / 3;
/** Mean moving range over the standard deviation of independent normal values (Montgomery 2013, d2 for n = 2). */
const D2 = 1.128;

/**
 * Returns the XmR chart of values in their order of time (Wheeler 1993; rules as in NHS England's Making Data Count):
 * mean +- 2.66 mean moving ranges, near limits at two thirds of that, and for each point every rule that it meets.
 * For intervals a rule is met only where it is for every completion; the bounds used are outer ones, so that a rule may
 * be `possible` that no completion meets, and none is met that one completion lacks.
 * @param how `step`: the smallest change that the values can show, one person or the rounding base over the
 * denominator, in units of the values; where it is larger than mean moving range / 1.128 there are no limits.
 * `baseline`: the number of first points that mean and limits are made of; all without it
 */
export function xmr(values: readonly Value[], how: { step?: number; baseline?: number } = {}): XmrChart {
  const known = values.map(toInterval);
  const base = known.slice(0, how.baseline ?? known.length);
  if (base.length === 0) throw new RangeError("a chart of no points");
  const mean = over(sum(base), base.length);
  const ranges = base.slice(1).map((value, i) => distance(base[i] as Interval, value));
  const movingRange = ranges.length > 0 ? over(sum(ranges), ranges.length) : interval(0, 0);
  const step = how.step ?? 0;
  const chunky = (range: number): boolean => range === 0 || step > range / D2;
  const without: XmrChart["without"] =
    base.length < FEWEST ? "too-few-points" : chunky(movingRange.high) ? "too-few-different-values" : null;
  const chart = { mean, movingRange, without };
  if (without !== null) {
    return { ...chart, limits: null, near: null, points: known.map(() => ({ rules: [], possible: [] })) };
  }
  const lines = new Lines(mean, movingRange);
  const certain = chunky(movingRange.low)
    ? known.map(() => new Set<XmrRule>())
    : rules(known, lines, CERTAIN);
  const possible = rules(known, lines, POSSIBLE);
  const points = known.map((_, i) => {
    const met = certain[i] as Set<XmrRule>;
    return { rules: [...met], possible: [...(possible[i] as Set<XmrRule>)].filter((rule) => !met.has(rule)) };
  });
  return { ...chart, limits: lines.around(OUTER), near: lines.around(NEAR), points };
}

function over({ low, high }: Interval, divisor: number): Interval {
  return interval(low / divisor, high / divisor);
}

/** The distance between two values. */
function distance(one: Interval, other: Interval): Interval {
  const apart = Math.max(one.low - other.high, other.low - one.high, 0);
  return interval(apart, Math.max(one.high - other.low, other.high - one.low));
}

/** The lines of a chart, each known as an interval. */
class Lines {
  readonly mean: Interval;
  readonly #range: Interval;
  constructor(mean: Interval, range: Interval) {
    this.mean = mean;
    this.#range = range;
  }
  /** The line so many moving ranges above (negative: below) the mean. */
  at(ranges: number): Interval {
    const ends = [ranges * this.#range.low, ranges * this.#range.high];
    return interval(this.mean.low + Math.min(...ends), this.mean.high + Math.max(...ends));
  }
  /** From the lowest that the lower line may be to the highest of the upper. */
  around(ranges: number): Interval {
    return interval(this.at(-ranges).low, this.at(ranges).high);
  }
}

/** How two values compare: for every completion, or for one at least. */
interface Comparison {
  readonly above: (one: Interval, other: Interval) => boolean;
  readonly atMost: (one: Interval, other: Interval) => boolean;
  /** Whether the values in this order rise at each step. */
  readonly rising: (values: readonly Interval[]) => boolean;
}

const CERTAIN: Comparison = {
  above: (one, other) => one.low > other.high,
  atMost: (one, other) => one.high <= other.low,
  rising: (values) => values.every((value, i) => i === 0 || value.low > (values[i - 1] as Interval).high),
};

const POSSIBLE: Comparison = {
  above: (one, other) => one.high > other.low,
  atMost: (one, other) => one.low <= other.high,
  rising: (values) => {
    let reached = -Infinity;
    return values.every(({ low, high }, i) => {
      const can = i === 0 || high > reached;
      reached = Math.max(reached, low);
      return can;
    });
  },
};

/** The rules that each point meets. A run's points all carry its rule; of two of three, the points between the limits. */
function rules(values: readonly Interval[], lines: Lines, is: Comparison): Set<XmrRule>[] {
  const met = values.map(() => new Set<XmrRule>());
  const upper = { values, lines: { mean: lines.mean, near: lines.at(NEAR), outer: lines.at(OUTER) } };
  const lower = {
    values: values.map(turned),
    lines: {
      mean: turned(lines.mean),
      near: turned(lines.at(-NEAR)),
      outer: turned(lines.at(-OUTER)),
    },
  };
  for (const side of [upper, lower]) {
    const { mean, near, outer } = side.lines;
    const between = side.values.map((value) => is.above(value, near) && is.atMost(value, outer));
    side.values.forEach((value, i) => {
      if (is.above(value, outer)) met[i]?.add("outside-limits");
      const seven = side.values.slice(i, i + 7);
      const mark = (rule: XmrRule): void => seven.forEach((_, k) => met[i + k]?.add(rule));
      if (seven.length === 7) {
        if (seven.every((each) => is.above(each, mean))) mark("seven-on-one-side");
        if (is.rising(seven)) mark(side === upper ? "seven-rising" : "seven-falling");
      }
      const three = side.values.slice(i, i + 3);
      if (three.length < 3 || !three.every((each) => is.above(each, mean))) return;
      const close = [i, i + 1, i + 2].filter((each) => between[each]);
      if (close.length >= 2) for (const each of close) met[each]?.add("two-of-three");
    });
  }
  return met;
}

function turned({ low, high }: Interval): Interval {
  return interval(-high, -low);
}
