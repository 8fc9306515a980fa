/** What changed between two dates whose records do not overlap. */
import { difference, type Interval } from "@cairn/statistics/intervals";
import type { Sum } from "./verdict.js";

export type Change =
  | { readonly change: "higher" | "lower"; /** In 0..1, from less to more. */ readonly by: Interval }
  | { readonly change: "none" } // none larger than the margin
  | { readonly change: "cannot-tell" };

/**
 * Judges the change from one sum to a later one by the 95 % limits of their difference (Newcombe 1998, method 10).
 * @param margin percentage points
 */
export function changeOf(then: Sum, now: Sum, margin: number): Change {
  const limits = difference(now.numerator, now.denominator, then.numerator, then.denominator, 0.95);
  if (limits === null) return { change: "cannot-tell" };
  if (limits.low > 0) return { change: "higher", by: limits };
  if (limits.high < 0) return { change: "lower", by: { low: -limits.high, high: -limits.low } };
  const most = margin / 100;
  return limits.low >= -most && limits.high <= most ? { change: "none" } : { change: "cannot-tell" };
}
