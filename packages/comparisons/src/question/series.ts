/** A group's line over time: one share for each date, known as an interval, or why there is none. */
import { isApart, lookBackMonths, type Query } from "@cairn/query-library";
import { proportion, type Interval } from "@cairn/statistics/intervals";
import type { DocumentCell } from "../document-cell.js";
import type { ComparisonModel } from "../document.js";
import { figureWords, percentOrNot } from "../words.js";
import { changeOf, type Change } from "./change.js";
import { limitsOf, stepOf, type Limits, type Point } from "./limits.js";
import type { Sum } from "./verdict.js";

/** The share of a line: of all people of the contributing practices together, or the middle of the practices. */
export type Measure = "together" | "middle";

export interface Series {
  readonly measure: Measure;
  readonly points: readonly Point[];
  readonly limits: Limits;
}

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
  const steps = totals.map((total) => stepOf(sumIn(total), total?.figure.contributors ?? 1));
  return { measure, points, limits: limitsOf(query, points, steps) };
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
