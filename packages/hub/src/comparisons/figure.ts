/** A group's figure for one cell: practices are units too, so it is made under rules of its own. Pure. */
import {
  exactly,
  interval,
  largestPossibleShare,
  median,
  proportion,
  sum,
  type Interval,
} from "@cairn/statistics";
import type { FigureState } from "../store/tables.js";

/** What one practice released for the cell; null is withheld. */
export interface Contribution {
  readonly practice: string;
  readonly denominator: Interval | null;
  readonly numerator: Interval | null;
}

export interface Figure {
  readonly state: FigureState;
  /** Practices whose denominator was released, sorted. */
  readonly contributors: readonly string[];
  readonly numbers: {
    readonly numerator: Interval;
    readonly denominator: Interval;
    readonly median: Interval | null; // null where fewer than five have anyone in the cell
  } | null;
}

export const FEWEST = 5;
const LARGEST_SHARE = 0.6;

/**
 * Sums as intervals: a withheld numerator lies between 0 and its denominator; nothing is imputed. The
 * median is over the proportions of all that released, one of which nothing is known lies in 0..1.
 * @param others contributors of the figures that other groups have for this query, date and cell.
 */
export function makeFigure(
  released: readonly Contribution[],
  others: readonly (readonly string[])[],
): Figure {
  const known = released.filter(
    (one): one is Contribution & { denominator: Interval } => one.denominator !== null,
  );
  const contributors = known.map((one) => one.practice).sort();
  const figure = (state: FigureState): Figure => ({ state, contributors, numbers: null });
  if (contributors.length < FEWEST) return figure("too-few");
  if (isDominated(known)) return figure("dominated");
  if (others.some((other) => isTooClose(contributors, other))) return figure("too-close");
  const shares = released.flatMap((one) => share(one) ?? []);
  return {
    state: "made",
    contributors,
    numbers: {
      denominator: sum(known.map((one) => one.denominator)),
      numerator: sum(known.map((one) => one.numerator ?? interval(0, one.denominator.high))),
      median: shares.length >= FEWEST ? median(shares) : null,
    },
  };
}

/** In 0..1; null for a practice that has nobody in the cell, of whom no proportion can be taken. */
export function share({ denominator, numerator }: Contribution): Interval | null {
  if (denominator === null) return interval(0, 1);
  return proportion(numerator ?? interval(0, denominator.high), denominator);
}

/** Could one practice be more than 60 % of the denominator, or of the numerators that are known? */
function isDominated(known: readonly (Contribution & { denominator: Interval })[]): boolean {
  const numerators = known.map((one) => one.numerator ?? exactly(0));
  return [known.map((one) => one.denominator), numerators].some(
    (parts) => largestPossibleShare(parts) > LARGEST_SHARE,
  );
}

/** Sets that differ by one or two practices: their figures' difference would be that of one or two practices. */
function isTooClose(mine: readonly string[], other: readonly string[]): boolean {
  const a = new Set(mine);
  const b = new Set(other);
  const difference = mine.filter((one) => !b.has(one)).length + other.filter((one) => !a.has(one)).length;
  return difference === 1 || difference === 2;
}
