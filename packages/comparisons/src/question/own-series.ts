/** A practice's own line over time, and what changed on it: by the rules of the group's. */
import { isApart, lookBackMonths, type Query } from "@cairn/query-library";
import { proportion } from "@cairn/statistics/intervals";
import { percentOrNot } from "../words.js";
import { changeOf, type Change } from "./change.js";
import { limitsOf, stepOf, type Limits, type Point } from "./limits.js";
import type { Sum } from "./verdict.js";

/** A practice's own number at a date (ISO); or why there is none, in words. */
export interface OwnFigure {
  readonly date: string;
  readonly number: Sum | string;
}

interface OwnSeries {
  readonly points: readonly Point[];
  readonly limits: Limits;
}

/** Makes the own line. @param figures in order of date */
export function ownSeriesOf(query: Query, figures: readonly OwnFigure[]): OwnSeries {
  const points = figures.map(({ date, number }) => ({ date, share: shareOf(number), joined: true }));
  const steps = figures.map(({ number }) => stepOf(sumOf(number), 1));
  return { points, limits: limitsOf(query, points, steps) };
}

function shareOf(number: Sum | string): Point["share"] {
  if (typeof number === "string") return number;
  const share = proportion(number.numerator, number.denominator);
  return share === null || percentOrNot(share) === null ? "cannot tell" : share;
}

function sumOf(number: Sum | string): Sum | null {
  return typeof number === "string" ? null : number;
}

/** A change since an earlier date of the practice's own, or why none is worked out. */
export type OwnChange =
  | { readonly since: string; readonly change: Change }
  | "no-beginning" // the query's windows have none: each date reads the same records
  | "no-date-apart" // no earlier date whose records do not overlap
  | "no-number"; // now, or at every such date

/**
 * Works out the change from the last date whose records do not overlap with those of the newest one.
 * @param figures in order of date
 */
export function ownChangeSince(query: Query, figures: readonly OwnFigure[]): OwnChange {
  const months = lookBackMonths(query);
  if (months === null) return "no-beginning";
  const now = figures.at(-1);
  const apart = now ? figures.filter(({ date }) => isApart(months, date, now.date)) : [];
  if (!now || apart.length === 0) return "no-date-apart";
  const then = apart.findLast(({ number }) => typeof number !== "string");
  if (typeof now.number === "string" || typeof then?.number !== "object") return "no-number";
  return { since: then.date, change: changeOf(then.number, now.number, query.margin) };
}
