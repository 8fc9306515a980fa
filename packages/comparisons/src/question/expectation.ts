/** A practice's count beside the one that its group's shares let expect: indirect standardisation by age, and sex where there is one. */
import { cellsOf, labelsOf, type Query } from "@cairn/query-library";
import {
  indirectlyStandardisedRatio,
  interval,
  proportion,
  sum,
  type Interval,
} from "@cairn/statistics/intervals";
import { countRange, ratioRange } from "@cairn/text";
import type { MemberCell } from "../collected.js";
import type { ComparisonModel } from "../document.js";
import { sumIn } from "./series.js";
import { OTHER_PRACTICES, ofEveryPractice } from "./standardised.js";

interface Expectation {
  /** The practice's count; where numbers are rounded, every count that they can stand for. */
  readonly observed: Interval;
  /** The count that is expected if each band of its people had the group's share. */
  readonly expected: Interval;
  /** Byar's 95 % limits of observed over expected. */
  readonly limits: Interval;
  readonly bands: "age band" | "band of age and sex";
}

type NoExpectation =
  | "no-bands" // the query's table is not split by age
  | "own-withheld" // the practice has no number of everyone, or none of the people of a band
  | "sums-not-shown" // the group's sum of a band in which the practice has people
  | "other-practices" // a band's sum is not of the practices that the sum of everyone is of
  | "too-few-expected";

/** Fewest expected that a ratio is told of: of fewer, its limits are so wide that they say nothing. */
const FEWEST_EXPECTED = 5;

/** @param own the practice's released cells, by position */
export function expectationOf(
  query: Query,
  model: ComparisonModel,
  own: readonly MemberCell[],
): Expectation | NoExpectation {
  const split = bandsOf(query, model.date);
  if (split === null) return "no-bands";
  const observed = own[0]?.numerator ?? "withheld";
  if (observed === "withheld") return "own-withheld";
  const expected: Interval[] = [];
  const used: { readonly position: number }[] = [];
  for (const position of split.positions) {
    const people = own[position]?.denominator ?? "withheld";
    if (people === "withheld") return "own-withheld";
    if (people.high === 0) continue; // nobody of the practice is in the band
    const group = sumIn(model.cells.find((cell) => cell.position === position) ?? null);
    const share = group && proportion(group.numerator, group.denominator);
    if (!share) return "sums-not-shown";
    used.push({ position });
    expected.push(interval(people.low * share.low, people.high * share.high));
  }
  if (!ofEveryPractice(model, used)) return "other-practices";
  const all = expected.length === 0 ? interval(0, 0) : sum(expected);
  const observedIn = interval(observed.low, observed.high);
  if (all.low < FEWEST_EXPECTED) return "too-few-expected";
  const ratio = indirectlyStandardisedRatio({ observed: observedIn, expected: all, level: 0.95 });
  if (ratio === null) return "too-few-expected";
  return { observed: observedIn, expected: all, limits: ratio.limits, bands: split.bands };
}

/** The positions of the split by age, the one by age and sex where there is one. */
function bandsOf(
  query: Query,
  date: string,
): { readonly positions: readonly number[]; readonly bands: Expectation["bands"] } | null {
  const cells = cellsOf(query, date);
  const labels = labelsOf(query, cells); // null: a band that the question leaves out
  const keys = cells.map((cell, i) => (labels[i] === null ? "" : Object.keys(cell).toSorted().join(" ")));
  for (const [split, bands] of [
    ["age_band sex", "band of age and sex"],
    ["age_band", "age band"],
  ] as const) {
    const positions = keys.flatMap((key, position) => (key === split ? [position] : []));
    if (positions.length > 0) return { positions, bands };
  }
  return null;
}

/** Says what would be expected, or why that cannot be told; null where the question does not split by age. */
export function expectationWords(found: Expectation | NoExpectation): string | null {
  switch (found) {
    case "no-bands":
      return null;
    case "own-withheld":
      return `${CANNOT_TELL}: this practice withheld a number that it needs.`;
    case "sums-not-shown":
      return `${CANNOT_TELL}: the group's sums are not shown for every age band in which this practice has people.`;
    case "other-practices":
      return `${CANNOT_TELL}: ${OTHER_PRACTICES}.`;
    case "too-few-expected":
      return `${CANNOT_TELL}: it may be fewer than ${FEWEST_EXPECTED}, and limits of the ratio would say nothing.`;
    default: {
      const { observed, expected, limits, bands } = found;
      const whole = { low: Math.round(expected.low), high: Math.round(expected.high) };
      const are = observed.low === observed.high && observed.low === 1 ? "is" : "are";
      return `${countRange(whole)} would be expected of your patients if each ${bands} had the group's share; there ${are} ${countRange(observed)}. The ratio is ${ratioRange(limits)}: ${verdictWords(limits)}.`;
    }
  }
}

const CANNOT_TELL =
  "What would be expected of your patients, by the group's share in each age band, we cannot tell";

function verdictWords({ low, high }: Interval): string {
  if (low > 1) return "higher than expected";
  if (high < 1) return "lower than expected";
  return "we cannot tell whether that is higher or lower than expected";
}
