/** Limits by chance around a line of shares over time (XmR), a group's or a practice's own; or why it has none. */
import { hasIndependentDates, type Query } from "@cairn/query-library";
import { xmr, type Interval, type XmrRule } from "@cairn/statistics/intervals";
import type { Sum } from "./verdict.js";

export interface Point {
  readonly date: string; // ISO
  /** In 0..1; or why there is none, in words. */
  readonly share: Interval | string;
  /** Whether it is of the same practices as the point before. */
  readonly joined: boolean;
}

export type Limits =
  | {
      readonly mean: Interval;
      readonly outer: Interval;
      /** The rules that the newest point meets for certain. */
      readonly signals: readonly XmrRule[];
    }
  | "overlapping" // successive dates read the same records: limits would mean nothing
  | "too-few-points"
  | "too-few-different-values";

/**
 * Makes the limits of the newest unbroken part of a line.
 * @param points in order of date
 * @param steps of each point, as `stepOf` gives them
 */
export function limitsOf(query: Query, points: readonly Point[], steps: readonly number[]): Limits {
  if (!hasIndependentDates(query)) return "overlapping";
  const from = points.findLastIndex(({ share, joined }) => typeof share === "string" || !joined);
  const first = typeof points[from]?.share === "string" ? from + 1 : Math.max(0, from);
  const values = points.slice(first).flatMap(({ share }) => (typeof share === "string" ? [] : [share]));
  if (values.length === 0) return "too-few-points";
  const step = Math.max(...steps.slice(first));
  const chart = xmr(values, { step });
  // The middles of ranges that are as good as equal vary by less than one step, however much the ranges would allow.
  if (xmr(values.map(middle), { step }).without === "too-few-different-values")
    return "too-few-different-values";
  if (chart.without !== null || chart.limits === null) return chart.without ?? "too-few-points";
  const outer = { low: Math.max(0, chart.limits.low), high: Math.min(1, chart.limits.high) };
  return { mean: chart.mean, outer, signals: chart.points.at(-1)?.rules ?? [] };
}

function middle({ low, high }: Interval): number {
  return (low + high) / 2;
}

/**
 * The smallest change that a share can show, in 0..1: what one practice's number is rounded to, over all people. A sum of
 * rounded numbers is as wide as they are together, so the width of one is at most the sum's over the practices.
 * @param practices that it is the sum of
 */
export function stepOf(sum: Sum | null, practices: number): number {
  if (!sum || sum.denominator.low === 0) return 1;
  const { numerator, denominator } = sum;
  const base = Math.ceil((numerator.high - numerator.low) / practices) + 1;
  return base / denominator.low;
}
