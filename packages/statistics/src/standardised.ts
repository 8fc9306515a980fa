import { interval, isExact, sum, toInterval, type Interval, type Value } from "./interval.js";
import type { Level } from "./normal.js";
import { byar } from "./poisson.js";

/** A rate or ratio, a number where everything was, with the limits of its level. */
export interface Estimate {
  readonly value: Value;
  readonly limits: Interval;
}

/** One group of people of a standardised rate: events, people (or time), and the weight of the group in the standard. */
export interface Stratum {
  readonly x: Value;
  readonly n: Value;
  readonly weight: number;
}

/** Completions are tried one by one up to this number; beyond it the limits are an outer bound. */
const TRIED = 100_000;

/**
 * Returns the directly standardised rate per `per` people with Dobson's limits (Dobson and others 1991, Statistics in
 * Medicine 10:457; Byar's limits for the total count); null where a denominator may be 0. For intervals of whole
 * numbers the limits hold those of every completion: the lowest and highest of them up to 100,000 completions, an outer
 * bound beyond.
 * @throws RangeError for no stratum, a count below 0, or weights that are not above 0 together
 */
export function directlyStandardisedRate(of: {
  readonly strata: readonly Stratum[];
  readonly per: number;
  readonly level: Level;
}): Estimate | null {
  const weights = of.strata.reduce((total, { weight }) => total + weight, 0);
  if (!(weights > 0)) throw new RangeError("a standardised rate needs strata with weights above 0");
  const strata = of.strata.map(({ x, n, weight }) => ({
    x: toInterval(x),
    n: toInterval(n),
    weight: (of.per * weight) / weights,
  }));
  if (strata.some(({ n }) => n.low <= 0)) return null;
  const value = sum(
    strata.map(({ x, n, weight }) => interval((weight * x.low) / n.high, (weight * x.high) / n.low)),
  );
  const limits =
    completions(strata) <= TRIED ? limitsOfEach(strata, of.level) : outerLimits(strata, value, of.level);
  const exact = of.strata.every(({ x, n }) => isExact(x) && isExact(n));
  return { value: exact ? value.low : value, limits };
}

/**
 * Returns the indirectly standardised ratio, observed over expected events, with Byar's limits of the observed count
 * over the expected; null where nothing may be expected. End points: exact.
 * @throws RangeError where observed is below 0
 */
export function indirectlyStandardisedRatio(of: {
  readonly observed: Value;
  readonly expected: Value;
  readonly level: Level;
}): Estimate | null {
  const [observed, expected] = [toInterval(of.observed), toInterval(of.expected)];
  if (expected.low <= 0) return null;
  const over = ({ low, high }: Interval): Interval => interval(low / expected.high, high / expected.low);
  const exact = isExact(of.observed) && isExact(of.expected);
  const ratio = over(observed);
  return { value: exact ? ratio.low : ratio, limits: over(byar(observed, of.level)) };
}

interface KnownStratum {
  readonly x: Interval;
  readonly n: Interval;
  /** Share of the standard population, times the unit of the rate. */
  readonly weight: number;
}

/** The number of pairs of whole numbers for all strata together. */
function completions(strata: readonly KnownStratum[]): number {
  return strata.reduce((all, { x, n }) => all * (x.high - x.low + 1) * (n.high - n.low + 1), 1);
}

/** The lowest lower and the highest upper limit of all completions. */
function limitsOfEach(strata: readonly KnownStratum[], level: Level): Interval {
  const totals = new Map<number, Interval>(); // Byar's limits cost 80 microseconds below 10
  let [low, high] = [Infinity, -Infinity];
  const visit = (at: number, rate: number, variance: number, total: number): void => {
    const stratum = strata[at];
    if (stratum === undefined) {
      const limits = totals.get(total) ?? byar(total, level);
      totals.set(total, limits);
      const spread = total > 0 ? Math.sqrt(variance / total) : widest(strata);
      low = Math.min(low, rate - spread * (total - limits.low));
      high = Math.max(high, rate + spread * (limits.high - total));
      return;
    }
    for (let { low: x } = stratum.x; x <= stratum.x.high; x++) {
      for (let { low: n } = stratum.n; n <= stratum.n.high; n++) {
        const each = stratum.weight / n;
        visit(at + 1, rate + each * x, variance + each * each * x, total + x);
      }
    }
  };
  visit(0, 0, 0, 0);
  return interval(low, high);
}

/**
 * Limits that no completion passes. The rate lies in `rate`; the factor from the total's limits to the rate's,
 * sqrt(sum of c x / sum of x) with c = (weight / n)^2, is a weighted mean of the c and so between the extremes of
 * `meanOf`; the distance from a total to Byar's limits grows with the total.
 */
function outerLimits(strata: readonly KnownStratum[], rate: Interval, level: Level): Interval {
  const total = sum(strata.map(({ x }) => x));
  const limits = byar(total.high, level);
  const largest = meanOf(strata.map(({ x, n, weight }) => ({ x, c: (weight / n.low) ** 2 })));
  const spread = total.low > 0 ? Math.sqrt(largest) : widest(strata);
  return interval(
    rate.low - spread * (total.high - limits.low),
    rate.high + spread * (limits.high - total.high),
  );
}

/** The largest mean of the c, weighted by an x of each interval: those with the largest c count fully, the others as little as they may. */
function meanOf(parts: readonly { x: Interval; c: number }[]): number {
  const sorted = [...parts].sort((a, b) => b.c - a.c);
  let best = 0;
  for (let full = 1; full <= sorted.length; full++) {
    const weights = sorted.map(({ x }, i) => (i < full ? x.high : x.low));
    const total = weights.reduce((all, each) => all + each, 0);
    if (total === 0) continue;
    best = Math.max(best, sorted.reduce((all, { c }, i) => all + c * (weights[i] as number), 0) / total);
  }
  return best;
}

/** The factor for a total of 0, where Dobson's is 0 / 0: that of one event in the stratum where it weighs most. */
function widest(strata: readonly KnownStratum[]): number {
  return Math.max(...strata.map(({ n, weight }) => weight / n.low));
}
