/** A group's line over time: one share for each date, known as an interval, or why there is none. */
import { hasIndependentDates, isApart, lookBackMonths, type Query } from "@cairn/query-library";
import { proportion, xmr, type Interval, type XmrRule } from "@cairn/statistics/intervals";
import type { DocumentCell } from "../document-cell.js";
import type { ComparisonModel } from "../document.js";
import { figureWords, percentOrNot } from "../words.js";
import { changeOf, type Change } from "./change.js";
import type { Sum } from "./verdict.js";

/** The share of a line: of all people of the contributing practices together, or the middle of the practices. */
export type Measure = "together" | "middle";

export interface Point {
  readonly date: string; // ISO
  /** In 0..1; or why there is none, in words. */
  readonly share: Interval | string;
  /** Whether the same practices contribute as to the point before. */
  readonly joined: boolean;
}

export interface Series {
  readonly measure: Measure;
  readonly points: readonly Point[];
  readonly limits: Limits;
}

/** Limits by chance around the line (XmR), or why there are none. */
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

/** Makes the line of some dates of one query. @param dates in order, one or more */
export function seriesOf(query: Query, dates: readonly ComparisonModel[]): Series {
  const totals = dates.map(everyoneIn);
  const sums = totals.filter((total) => sumIn(total) !== null).length;
  const middles = totals.filter((total) => total?.figure.median !== undefined).length;
  const measure: Measure = 2 * sums >= middles ? "together" : "middle";
  const points = dates.map((model, i) => ({
    date: model.date,
    share: shareOf(model, measure),
    joined: i > 0 && model.same_practices_as === dates[i - 1]?.date,
  }));
  return { measure, points, limits: limitsOf(query, dates, points) };
}

function shareOf(model: ComparisonModel, measure: Measure): Interval | string {
  const total = everyoneIn(model);
  if (!total) return model.closed_at === null ? "still collecting" : "too few practices";
  const share = measure === "together" ? shareTogether(total) : (total.figure.median ?? null);
  if (share !== null) return percentOrNot(share) === null ? "cannot tell" : share;
  return figureWords(total.figure) ?? "nobody is in it";
}

function shareTogether(total: DocumentCell): Interval | null {
  const sum = sumIn(total);
  return sum && proportion(sum.numerator, sum.denominator);
}

/** The cell of everyone, where something of the date is shown. */
export function everyoneIn(model: ComparisonModel): DocumentCell | null {
  return model.cells.find(({ position }) => position === 0) ?? null;
}

/** The sum of a cell, where it may be shown. */
export function sumIn(cell: DocumentCell | null): Sum | null {
  const { numerator, denominator } = cell?.figure ?? {};
  return numerator && denominator ? { numerator, denominator } : null;
}

function limitsOf(query: Query, dates: readonly ComparisonModel[], points: readonly Point[]): Limits {
  if (!hasIndependentDates(query)) return "overlapping";
  const from = points.findLastIndex(({ share, joined }) => typeof share === "string" || !joined);
  const first = typeof points[from]?.share === "string" ? from + 1 : Math.max(0, from);
  const values = points.slice(first).flatMap(({ share }) => (typeof share === "string" ? [] : [share]));
  if (values.length === 0) return "too-few-points";
  const step = Math.max(...dates.slice(first).map((model) => stepOf(everyoneIn(model))));
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
 * The smallest change that a share can show: what one practice's number is rounded to, over all people. A sum of
 * rounded numbers is as wide as they are together, so the width of one is at most the sum's over the practices.
 */
function stepOf(total: DocumentCell | null): number {
  const sum = sumIn(total);
  if (!total || !sum || sum.denominator.low === 0) return 1;
  const { numerator, denominator } = sum;
  const base = Math.ceil((numerator.high - numerator.low) / (total.figure.contributors ?? 1)) + 1;
  return base / denominator.low;
}

/** A change since an earlier date, or why none is worked out. */
export type GroupChange =
  | { readonly since: string; readonly change: Change }
  | "no-beginning" // the query's windows have none: each date reads the same records
  | "no-date-apart" // no earlier date whose records do not overlap
  | "other-practices" // contributed at every such date
  | "no-sum"; // now, or at every such date

/**
 * Works out the change from the last date of the same practices whose records do not overlap with those of the newest
 * one. Of other practices the difference would be theirs.
 * @param dates in order, without a gap; the last is the newest
 */
export function changeSince(query: Query, dates: readonly ComparisonModel[]): GroupChange {
  const months = lookBackMonths(query);
  if (months === null) return "no-beginning";
  const now = dates.at(-1);
  const apart = now ? dates.filter(({ date }) => isApart(months, date, now.date)) : [];
  if (!now || apart.length === 0) return "no-date-apart";
  const after = sumIn(everyoneIn(now));
  const withSum = apart.flatMap((model) => {
    const sum = sumIn(everyoneIn(model));
    return sum === null ? [] : [{ date: model.date, sum }];
  });
  if (after === null || withSum.length === 0) return "no-sum";
  const same = datesOfTheSame(dates);
  const then = withSum.findLast(({ date }) => same.has(date));
  if (!then) return "other-practices";
  return { since: then.date, change: changeOf(then.sum, after, query.margin) };
}

/** The earlier dates of the same practices as the newest: each names the one before it. */
function datesOfTheSame(dates: readonly ComparisonModel[]): Set<string> {
  const same = new Set<string>();
  let before = dates.at(-1)?.same_practices_as ?? null;
  while (before !== null && !same.has(before)) {
    same.add(before);
    const named = before;
    before = dates.find(({ date }) => date === named)?.same_practices_as ?? null;
  }
  return same;
}
