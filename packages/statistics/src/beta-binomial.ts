import { digamma, trigamma, lgamma } from "./r.js";
import { betaQuantile } from "./beta.js";
import { interval, isExact, toInterval, type Interval, type Value } from "./interval.js";
import { tail, type Level } from "./normal.js";
import { extremes, type Counts } from "./interval.js";

/** The beta distribution that the true shares of practices follow. */
export interface BetaPrior {
  readonly a: number;
  readonly b: number;
}

/** A share drawn towards those of all: mean and limits in 0..1, and in 0..1 how far its own numbers decide it. */
export interface ShrunkEstimate {
  readonly mean: Value;
  readonly low: number;
  readonly high: number;
  readonly reliability: Value;
}

/**
 * Returns the beta distribution under which counts x of n are most likely (maximum likelihood of the beta-binomial, by
 * Newton steps until the gradient is below 1e-9); null where they vary no more than by chance, so that no a and b are
 * the most likely ones. Exact numbers only.
 * @throws RangeError for fewer than two pairs, or an x that is not in 0..n
 */
export function betaBinomial(x: readonly number[], n: readonly number[]): BetaPrior | null {
  const counts = x.map((each, i): Counts => ({ x: each, n: n[i] ?? NaN })).filter((each) => each.n !== 0);
  if (counts.length < 2 || x.length !== n.length)
    throw new RangeError("a distribution needs two pairs or more");
  if (!counts.every((each) => each.x >= 0 && each.x <= each.n)) throw new RangeError("an x is not in 0..n");
  if (!variesBeyondChance(counts)) return null;
  let at = start(counts);
  let now = likelihood(counts, at);
  for (let step = 0; step < 500; step++) {
    if (Math.abs(now.slope[0]) < 1e-9 && Math.abs(now.slope[1]) < 1e-9) break;
    const next = climb(counts, at, now);
    if (next === null) break;
    [at, now] = next;
  }
  return at;
}

/**
 * Returns the share of x of n given how practices vary: posterior mean (a + x) / (a + b + n), limits by beta quantiles
 * and reliability n / (n + a + b). For intervals, given the prior, from (x low, n high) to (x high, n low): exact.
 */
export function shrink({ a, b }: BetaPrior, x: Value, n: Value, level: Level): ShrunkEstimate {
  const whole = toInterval(n);
  const [lowest, highest] = extremes(toInterval(x), whole);
  const mean = (of: Counts): number => (a + of.x) / (a + b + of.n);
  const limit = (of: Counts, p: number): number => betaQuantile(p, a + of.x, b + of.n - of.x);
  const reliability = (of: number): number => of / (of + a + b);
  const known = (low: number, high: number): Value =>
    isExact(x) && isExact(n) ? low : (interval(low, high) satisfies Interval);
  return {
    mean: known(mean(lowest), mean(highest)),
    low: limit(lowest, tail(level)),
    high: limit(highest, 1 - tail(level)),
    reliability: known(reliability(whole.low), reliability(whole.high)),
  };
}

/**
 * Tells whether the likelihood rises from the binomial, the limit of a and b without bound, towards the beta-binomial:
 * the sign of its slope there (Tarone 1979, Biometrika 66:585).
 */
function variesBeyondChance(counts: readonly Counts[]): boolean {
  const p = pooled(counts);
  if (p === 0 || p === 1) return false;
  const slope = counts.reduce(
    (all, { x, n }) => all + (x * (x - 1)) / p + ((n - x) * (n - x - 1)) / (1 - p) - n * (n - 1),
    0,
  );
  return slope > 0;
}

function pooled(counts: readonly Counts[]): number {
  const total = counts.reduce((all, { x, n }) => ({ x: all.x + x, n: all.n + n }), { x: 0, n: 0 });
  return total.x / total.n;
}

/** Where the steps begin: the pooled share, and the a + b that the variance of the shares would have (moments). */
function start(counts: readonly Counts[]): BetaPrior {
  const p = pooled(counts);
  const people = counts.reduce((all, { n }) => all + n, 0);
  const squares = counts.reduce((all, { x, n }) => all + n * (x / n - p) ** 2, 0);
  const freedom = people - counts.reduce((all, { n }) => all + n * n, 0) / people;
  const between = (squares - (counts.length - 1) * p * (1 - p)) / freedom;
  const precision = between > 0 ? Math.min(1e6, Math.max(0.1, (p * (1 - p)) / between - 1)) : 1e3;
  return { a: p * precision, b: (1 - p) * precision };
}

/** Logarithm of the likelihood, but for a constant, with its slopes and second derivatives by (log a, log b). */
interface Likelihood {
  readonly value: number;
  readonly slope: readonly [number, number];
  readonly bend: { readonly aa: number; readonly ab: number; readonly bb: number };
}

function likelihood(counts: readonly Counts[], { a, b }: BetaPrior): Likelihood {
  let [value, byA, byB, aa, ab, bb] = [0, 0, 0, 0, 0, 0];
  const s = a + b;
  const [logs, firsts, seconds] = [
    [lgamma(a), lgamma(b), lgamma(s)],
    [digamma(a), digamma(b), digamma(s)],
    [trigamma(a), trigamma(b), trigamma(s)],
  ] as [Triple, Triple, Triple];
  for (const { x, n } of counts) {
    const rest = n - x;
    value += lgamma(a + x) - logs[0] + lgamma(b + rest) - logs[1] - lgamma(s + n) + logs[2];
    const all = digamma(s + n) - firsts[2];
    byA += digamma(a + x) - firsts[0] - all;
    byB += digamma(b + rest) - firsts[1] - all;
    const both = seconds[2] - trigamma(s + n);
    aa += trigamma(a + x) - seconds[0] + both;
    bb += trigamma(b + rest) - seconds[1] + both;
    ab += both;
  }
  const slope = [a * byA, b * byB] as const;
  return { value, slope, bend: { aa: a * a * aa + slope[0], ab: a * b * ab, bb: b * b * bb + slope[1] } };
}

type Triple = [number, number, number];

/** One Newton step, halved until the likelihood does not fall; null where no step is left. */
function climb(
  counts: readonly Counts[],
  { a, b }: BetaPrior,
  { value, slope: [byA, byB], bend: { aa, ab, bb } }: Likelihood,
): [BetaPrior, Likelihood] | null {
  const determinant = aa * bb - ab * ab;
  const peak = aa < 0 && determinant > 0;
  const [stepA, stepB] = peak
    ? [(ab * byB - bb * byA) / determinant, (ab * byA - aa * byB) / determinant]
    : [byA, byB];
  const scale = Math.min(1, 2 / Math.max(Math.abs(stepA), Math.abs(stepB), 1e-300));
  for (let part = scale; part > 1e-12; part /= 2) {
    const next = { a: a * Math.exp(part * stepA), b: b * Math.exp(part * stepB) };
    const there = likelihood(counts, next);
    if (there.value > value || (part === 1 && flatter(there.slope, [byA, byB]))) return [next, there];
  }
  return null;
}

/** Near the top rounding hides whether the likelihood rises; the slopes still tell. */
function flatter(one: readonly [number, number], other: readonly [number, number]): boolean {
  return Math.hypot(...one) < Math.hypot(...other);
}
