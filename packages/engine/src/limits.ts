/** Comparing a number, or an interval that stands for one, with limits. */
import type { Limit } from "@cairn/query-library";
import { COMPARATORS } from "@cairn/tables";

/** The strictest of several limits that all have to be kept: low <= x <= high, without the end where it is open. */
export interface Range {
  readonly low: number;
  readonly lowOpen: boolean;
  readonly high: number;
  readonly highOpen: boolean;
}

export function rangeOf(limits: readonly Limit[]): Range {
  let range: Range = { low: -Infinity, lowOpen: false, high: Infinity, highOpen: false };
  for (const { op, x } of limits) {
    const open = op === "above" || op === "below";
    if (op === "at_least" || op === "above") {
      if (x > range.low || (x === range.low && open)) range = { ...range, low: x, lowOpen: open };
    } else if (x < range.high || (x === range.high && open)) {
      range = { ...range, high: x, highOpen: open };
    }
  }
  return range;
}

/**
 * Flags for the interval that a comparator makes of a number, so that a sum of readings has the flags of all of them:
 * "<5" lies below 5, "<=5" at most at 5. "~5" is taken as 5.
 */
const BELOW = 1;
const AT_MOST = 2;
const ABOVE = 4;
const AT_LEAST = 8;

const SHAPES: Readonly<Record<(typeof COMPARATORS)[number], number>> = {
  "": 0,
  "~": 0,
  "<": BELOW,
  "<=": AT_MOST,
  ">": ABOVE,
  ">=": AT_LEAST,
};

/** Flags by index into COMPARATORS. */
export const SHAPE_OF_COMPARATOR = COMPARATORS.map((comparator) => SHAPES[comparator]);

/** Order of two readings of a day with one number: the smaller rank is lower. By index into COMPARATORS. */
export const RANK_OF_COMPARATOR = COMPARATORS.map((comparator) =>
  ["<", "<=", "", ">=", ">"].indexOf(comparator === "~" ? "" : comparator),
);

export const KEPT = 1;
const BROKEN = 0;
export const UNDECIDED = -1;

/**
 * Whether x keeps the range: yes, no or undecided. `shape` 0 is the number x itself; otherwise x is an end of an
 * interval, and the answer is undecided where part of the interval keeps the range and part does not.
 */
export function decide(x: number, shape: number, range: Range): number {
  const { low, lowOpen, high, highOpen } = range;
  const overLow = x > low || (x === low && !lowOpen);
  const underHigh = x < high || (x === high && !highOpen);
  if (shape === 0) return overLow && underHigh ? KEPT : BROKEN;
  const endsAbove = (shape & (ABOVE | AT_LEAST)) === 0; // x is the upper end of the interval
  const endsBelow = (shape & (BELOW | AT_MOST)) === 0; // x is the lower end
  const withoutTop = (shape & BELOW) !== 0;
  const withoutBottom = (shape & ABOVE) !== 0;
  const allUnderLow = endsAbove && (x < low || (x === low && (lowOpen || withoutTop)));
  const allOverHigh = endsBelow && (x > high || (x === high && (highOpen || withoutBottom)));
  if (allUnderLow || allOverHigh) return BROKEN;
  const allOverLow = low === -Infinity || (endsBelow && (overLow || (x === low && withoutBottom)));
  const allUnderHigh = high === Infinity || (endsAbove && (underHigh || (x === high && withoutTop)));
  return allOverLow && allUnderHigh ? KEPT : UNDECIDED;
}
