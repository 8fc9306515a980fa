import { interval, quantile, toInterval, type Interval, type Value } from "./interval.js";
import { z, type Level } from "./normal.js";

/**
 * Returns the limits in which the share of n people lies around a target share, at a level (Spiegelhalter 2005,
 * Statistics in Medicine 24:1185, appendix A.1). With tau2 = 0: target +- z sqrt(target (1 - target) / n), which may lie
 * outside 0..1; above 0, on the arcsine scale: sin^2(asin(sqrt(target)) +- z sqrt(1 / (4 n) + tau2)). For an interval n:
 * the widest of its limits, so that a segment outside of them is outside at every n.
 * @throws RangeError where n is not above 0, target outside 0..1 or tau2 below 0
 */
export function funnelLimits(target: number, n: Value, level: Level, tau2 = 0): Interval {
  const fewest = toInterval(n).low;
  if (!(fewest > 0 && target >= 0 && target <= 1 && tau2 >= 0)) {
    throw new RangeError(`no funnel limits: target ${target}, n ${fewest}, tau2 ${tau2}`);
  }
  if (tau2 === 0) {
    const reach = z(level) * Math.sqrt((target * (1 - target)) / fewest);
    return interval(target - reach, target + reach);
  }
  const centre = Math.asin(Math.sqrt(target));
  const reach = z(level) * Math.sqrt(1 / (4 * fewest) + tau2);
  const share = (angle: number): number => Math.sin(Math.min(Math.PI / 2, Math.max(0, angle))) ** 2;
  return interval(share(centre - reach), share(centre + reach));
}

/** How much more shares vary than by chance: phi the ratio of variances, tau2 the variance between on the arcsine scale. */
export interface Overdispersion {
  readonly phi: number;
  readonly tau2: number;
}

/**
 * Returns how far shares x / n vary around a target beyond chance (Spiegelhalter 2005, section 4.3 and appendix A.3):
 * arcsine scale, z-scores winsorised at their type 7 quantiles 0.1 and 0.9. Exact numbers only, of 30 practices or more
 * where it is to be trusted.
 * @throws RangeError where the lists differ in length, fewer than two have people, or an x is not in 0..n
 */
export function overdispersion(of: {
  readonly x: readonly number[];
  readonly n: readonly number[];
  readonly target: number;
}): Overdispersion {
  if (of.x.length !== of.n.length) throw new RangeError("as many x as n");
  const parts = of.x.map((x, i) => ({ x, n: of.n[i] as number })).filter(({ n }) => n > 0);
  if (parts.length < 2) throw new RangeError("overdispersion of fewer than two");
  if (!parts.every(({ x, n }) => x >= 0 && x <= n)) throw new RangeError("an x is not in 0..n");
  const centre = Math.asin(Math.sqrt(of.target));
  const scores = parts.map(({ x, n }) => (Math.asin(Math.sqrt(x / n)) - centre) * 2 * Math.sqrt(n));
  const [lowest, highest] = [quantile(scores, 0.1), quantile(scores, 0.9)];
  const squares = scores.map((score) => Math.min(highest, Math.max(lowest, score)) ** 2);
  const phi = squares.reduce((all, each) => all + each, 0) / parts.length;
  const weights = parts.map(({ n }) => 4 * n); // 1 / s^2, s = 1 / (2 sqrt n)
  const s1 = weights.reduce((all, each) => all + each, 0);
  const s2 = weights.reduce((all, each) => all + each * each, 0);
  const tau2 = Math.max(0, (parts.length * phi - (parts.length - 1)) / (s1 - s2 / s1));
  return { phi, tau2 };
}
