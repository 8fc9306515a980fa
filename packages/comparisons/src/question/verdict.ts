/** Whether a share differs from a reference, in three values: no other may be said of a group or a practice. */
import { funnelLimits, type Interval } from "@cairn/statistics/intervals";
import type { PublishedReference } from "../document.js";

/** A numerator of a denominator, each known as an interval. */
export interface Sum {
  readonly numerator: Interval;
  readonly denominator: Interval;
}

export type Verdict =
  | "higher" // differs: every completion lies above the 99.8 % limits
  | "lower" // differs: every completion lies below them
  | "does-not-differ" // every completion lies inside the 95 % limits, and those are no wider than the margin
  | "cannot-tell";

/**
 * Judges a sum against a reference's middle. Exact: each question is asked of the completion that answers it worst, and
 * the limits are those of that completion's own number of people (Spiegelhalter 2005).
 * @param margin percentage points
 */
export function verdictOf(
  { numerator: x, denominator: n }: Sum,
  reference: PublishedReference,
  margin: number,
): Verdict {
  const { p50, tau2 } = reference;
  if (n.low <= 0 || (tau2 === 0 && (p50 === 0 || p50 === 1))) return "cannot-tell"; // no limits around nothing
  const limits = (people: number, level: 0.95 | 0.998): Interval =>
    within(funnelLimits(p50, people, level, tau2));
  const lowest = x.low / n.high;
  const highest = Math.min(x.high, n.low) / n.low;
  if (lowest > limits(n.high, 0.998).high) return "higher";
  if (highest < limits(n.low, 0.998).low) return "lower";
  const widest = limits(n.low, 0.95);
  const isInside = highest <= widest.high && lowest >= limits(n.high, 0.95).low;
  return isInside && widest.high - widest.low <= margin / 100 ? "does-not-differ" : "cannot-tell";
}

/** Limits inside 0..1, where shares are. */
function within({ low, high }: Interval): Interval {
  return { low: Math.max(0, low), high: Math.min(1, high) };
}
