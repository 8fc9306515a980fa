/** A group's share at each date as it would be if its patients' ages were those of a standard population. */
import { agesOf, cellsOf, labelsOf, type AgeRange, type Cell, type Query } from "@cairn/query-library";
import {
  directlyStandardisedRate,
  europeanStandardPopulation,
  proportion,
  type Interval,
} from "@cairn/statistics/intervals";
import type { ComparisonModel } from "../document.js";
import { percentOrNot } from "../words.js";
import { everyoneIn, sumIn } from "./series.js";

/** The standard whose weights are used, for a page to name. */
export const STANDARD = "the European Standard Population of 2013 (Eurostat)";

/** Shares in 0..1. */
interface StandardisedDate {
  readonly date: string; // ISO
  /** The share as it is; or why there is none. */
  readonly asItIs: Interval | null;
  /** The directly standardised share with its 95 % limits (Dobson), null where they could be anything; or why there is none, in words. */
  readonly standardised: { readonly share: Interval; readonly limits: Interval | null } | string;
}

export interface StandardisedSeries {
  /** Each date that closed, in order. */
  readonly dates: readonly StandardisedDate[];
  /** Whether there are people whose age is not known: they are in no band. */
  readonly agesMissing: boolean;
  /** Whether a band begins or ends inside a group of five years of the standard. */
  readonly cutsGroups: boolean;
}

interface Band extends AgeRange {
  readonly position: number;
  readonly label: string;
  readonly weight: number;
}

/**
 * Standardises the group's share of each date by age, from the sums of age bands that its page shows and from nothing
 * else, so it tells of no sum that is not shown.
 * @returns null where the query's numbers are not split by age; words where its bands do not fit the standard
 */
export function standardisedByAge(
  query: Query,
  dates: readonly ComparisonModel[],
): StandardisedSeries | string | null {
  const shown = dates.at(-1);
  const table = shown ? cellsOf(query, shown.date) : [];
  const labels = labelsOf(query, table);
  const own = table.flatMap((cell, position) => (isAge(cell) ? [{ cell, position }] : []));
  const held = own.flatMap(({ cell, position }) => {
    const ages = agesOf(query, cell);
    return ages === null ? [] : [{ ...ages, position, label: labels[position] ?? "" }];
  });
  if (held.length === 0) return null;
  const bands = held.flatMap((band): Band[] => {
    const weight = europeanStandardPopulation(band.from, band.to);
    return weight === null || weight === 0 ? [] : [{ ...band, weight }];
  });
  if (bands.length < held.length) return `the question's age bands do not fit ${STANDARD}`;
  return {
    dates: dates.filter(({ closed_at }) => closed_at !== null).map((model) => dateOf(model, query, bands)),
    agesMissing: own.some(
      ({ cell, position }) => cell["age_band"] === "unknown" && labels[position] !== null,
    ),
    cutsGroups: bands.some(({ from, to }) => from % 5 !== 0 || (to !== Infinity && to % 5 !== 4)),
  };
}

function isAge(cell: Cell): boolean {
  return Object.keys(cell).join() === "age_band";
}

function dateOf(model: ComparisonModel, query: Query, bands: readonly Band[]): StandardisedDate {
  const sum = sumIn(everyoneIn(model));
  const asItIs = sum && proportion(sum.numerator, sum.denominator);
  return {
    date: model.date,
    asItIs: asItIs && percentOrNot(asItIs) === null ? null : asItIs,
    standardised:
      model.query_digest === query.digest
        ? standardised(model, bands)
        : "another version of the question was asked",
  };
}

function standardised(model: ComparisonModel, bands: readonly Band[]): StandardisedDate["standardised"] {
  const rows = bands.map(({ position, label, weight }) => {
    const cell = model.cells.find((each) => each.position === position) ?? null;
    return { label, weight, sum: sumIn(cell) };
  });
  const strata = rows.flatMap(({ sum, weight }) =>
    sum === null ? [] : [{ x: sum.numerator, n: sum.denominator, weight }],
  );
  const missing = rows.filter(({ sum }) => sum === null).map(({ label }) => label);
  if (missing.length > 0) return `the group's sum is not shown for ${missing.join(", ")}`;
  if (!ofEveryPractice(model, bands)) return OTHER_PRACTICES;
  const found = directlyStandardisedRate({ strata, per: 1, level: 0.95 });
  if (found === null) {
    const empty = rows.filter(({ sum }) => sum !== null && sum.denominator.low <= 0);
    return `there may be nobody of ${empty.map(({ label }) => label).join(", ")}`;
  }
  const [share, limits] = [within(found.value), within(found.limits)];
  if (percentOrNot(share) === null) return "cannot tell";
  return { share, limits: percentOrNot(limits) === null ? null : limits };
}

export const OTHER_PRACTICES = "not every practice shows its number of people in every age band";

/**
 * Whether each of these cells is of every practice that the cell of everyone is of: bands of as many practices, but
 * fewer, may each lack another one.
 */
export function ofEveryPractice(
  model: ComparisonModel,
  cells: readonly { readonly position: number }[],
): boolean {
  const all = everyoneIn(model)?.figure.contributors;
  const practicesAt = new Map(model.cells.map(({ position, figure }) => [position, figure.contributors]));
  return all !== undefined && cells.every(({ position }) => practicesAt.get(position) === all);
}

/** A share is never above all: limits of a count can be. */
function within(value: Interval | number): Interval {
  const { low, high } = typeof value === "number" ? { low: value, high: value } : value;
  return { low: Math.max(0, Math.min(1, low)), high: Math.min(1, high) };
}
