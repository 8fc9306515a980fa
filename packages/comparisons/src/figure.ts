/** A group's figure for one cell, by the rules that need no other figure: practices are units too. Pure. */
import {
  exactly,
  interval,
  largestPossibleShare,
  median,
  proportion,
  sum,
  type Interval,
} from "@cairn/statistics/intervals";

/** Why a group's sum for a cell is or is not shown. Its median stands whatever the state, where five have anyone. */
export type FigureState =
  | "made"
  | "too-few" // fewer than five practices contribute
  | "dominated" // one practice may make up more than 60 % of it
  | "too-close" // with other sums that are shown it would tell of one or two practices
  | "members-missing";

/**
 * One practice's released numbers for the cell; null is withheld. A carried number is an interval that holds today's.
 */
export interface Contribution {
  readonly practice: string; // as `unitOf` writes it
  readonly denominator: Interval | null;
  readonly numerator: Interval | null;
  readonly carried?: boolean;
}

export interface Figure {
  readonly state: FigureState;
  /** Practices whose denominator was released, sorted. */
  readonly contributors: readonly string[];
  /** The contributors whose numerator was released too, sorted. */
  readonly numerators: readonly string[];
  /** Number of contributors that repeat an earlier period. */
  readonly carried: number;
  /** The sums; only with "made". */
  readonly numbers: { readonly numerator: Interval; readonly denominator: Interval } | null;
  /**
   * The median of the proportions of all that released, whatever the state; null where fewer than five have anyone in
   * the cell.
   */
  readonly median: Interval | null;
}

export const FEWEST = 5;
const LARGEST_SHARE = 0.6;

type Known = Contribution & { readonly denominator: Interval };

/**
 * Makes the figure of a cell. Sums are intervals: a withheld numerator lies between 0 and its denominator; nothing is
 * imputed. At least five practices, or more where the group's charter asks, are in each of the two sums. The median is over the proportions of all that
 * released; an unknown one lies in 0..1.
 */
export function makeFigure(released: readonly Contribution[], fewest = FEWEST): Figure {
  const known = released.filter((one): one is Known => one.denominator !== null);
  const shares = released.flatMap((one) => share(one) ?? []);
  const numerators = known.filter((one) => one.numerator !== null);
  const state =
    numerators.length < fewest
      ? "too-few"
      : SIDES.some((side) => dominates(known, side))
        ? "dominated"
        : "made";
  return {
    state,
    contributors: namesOf(known),
    numerators: namesOf(numerators),
    carried: known.filter((one) => one.carried).length,
    numbers:
      state === "made"
        ? { denominator: sumOf(known, "denominator"), numerator: sumOf(known, "numerator") }
        : null,
    median: known.length >= fewest && shares.length >= fewest ? median(shares) : null,
  };
}

export type Side = "denominator" | "numerator";
export const SIDES: readonly Side[] = ["denominator", "numerator"];

function sumOf(known: readonly Known[], side: Side): Interval {
  return sum(known.map((one) => one[side] ?? interval(0, one.denominator.high)));
}

/** A practice's proportion, in 0..1; null where it has nobody in the cell. */
export function share({ denominator, numerator }: Contribution): Interval | null {
  if (denominator === null) return interval(0, 1);
  return proportion(numerator ?? interval(0, denominator.high), denominator);
}

/** Whether one practice could be more than 60 % of the denominator, or of the numerators that are known. */
export function dominates(released: readonly Contribution[], side: Side): boolean {
  return largestPossibleShare(released.map((one) => one[side] ?? exactly(0))) > LARGEST_SHARE;
}

function namesOf(contributions: readonly Contribution[]): string[] {
  return contributions.map((one) => one.practice).sort();
}
