import { qchisq } from "./r.js";
import { interval, toInterval, type Interval, type Value } from "./interval.js";
import { tail, z, type Level } from "./normal.js";

/** The smallest count from which Byar's approximation takes the place of the exact limits. */
const BYAR_FROM = 10;

/**
 * Returns the exact Poisson limits of a count x >= 0 (Ulm 1990, from chi-square quantiles). For an interval: the lower
 * limit of its low end to the upper limit of its high end, which is exact.
 * @throws RangeError where x is below 0
 */
export function exactPoisson(x: Value, level: Level): Interval {
  const { low, high } = counted(x);
  return interval(exactLow(low, level), exactHigh(high, level));
}

/**
 * Returns Byar's limits of a count x >= 0 (Breslow and Day 1987, p. 69), and the exact Poisson limits below 10.
 * Intervals as in `exactPoisson`.
 * @throws RangeError where x is below 0
 */
export function byar(x: Value, level: Level): Interval {
  const { low, high } = counted(x);
  return interval(byarLow(low, level), byarHigh(high, level));
}

function counted(x: Value): Interval {
  const known = toInterval(x);
  if (known.low < 0) throw new RangeError(`a count below 0: ${known.low}`);
  return known;
}

function exactLow(x: number, level: Level): number {
  return x === 0 ? 0 : qchisq(tail(level), 2 * x) / 2;
}

function exactHigh(x: number, level: Level): number {
  return qchisq(1 - tail(level), 2 * x + 2) / 2;
}

function byarLow(x: number, level: Level): number {
  return x < BYAR_FROM ? exactLow(x, level) : byarLimit(x, -z(level));
}

function byarHigh(x: number, level: Level): number {
  return x < BYAR_FROM ? exactHigh(x, level) : byarLimit(x + 1, z(level));
}

function byarLimit(x: number, normal: number): number {
  return x * (1 - 1 / (9 * x) + normal / (3 * Math.sqrt(x))) ** 3;
}
