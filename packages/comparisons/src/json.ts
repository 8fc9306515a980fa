/** The `comparisons` array of the JSON output, which users script against. */
import type { Cell } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import type { CollectedAnswers, Member, Value } from "./collected.js";
import type { Alarm, ComparisonState } from "./states.js";
import { FEWEST, type FigureState } from "./figure.js";

export interface ComparisonJson {
  readonly query: string;
  readonly date: string;
  readonly split: Cell;
  readonly practices: readonly {
    readonly practice: string;
    readonly state: ComparisonState;
    readonly alarm?: Alarm; // with "refused": a release is here that this hub does not count
    readonly numerator?: Value;
    readonly denominator?: Value;
    readonly corrected?: true; // released in the place of numbers that the practice had withdrawn
    readonly joinedLater?: true; // after something of this date was shown: it is in no figure of the group
  }[];
  readonly group: GroupJson;
  /** The group's pages show its sums alone: dots, medians and counts would tell of a few practices beside another group's. */
  readonly dots?: "too-close";
}

/** One figure in JSON. States are those of a figure, `collecting` and `withdrawn`; sums only with `made`. */
export interface GroupJson {
  readonly state: "collecting" | "withdrawn" | FigureState;
  /** Number of practices whose denominator is in the sum; absent where dots are too close and there is no sum. */
  readonly contributors?: number;
  /** Number of these that withheld the numerator: it lies between 0 and their denominator. Absent for 0. */
  readonly withheld?: number;
  /** Number of these of which a number repeats an earlier period. Absent for 0. */
  readonly carried?: number;
  readonly numerator?: Interval;
  readonly denominator?: Interval;
  /**
   * The median of the practices' proportions, 0..1, also where the sum is not shown; absent where fewer than five
   * practices have anyone in the cell.
   */
  readonly median?: Interval;
}

export function cellsJson(found: CollectedAnswers): ComparisonJson[] {
  const lines = linesOf(found);
  return found.cells.map((split, position) => ({
    query: found.query.query,
    date: found.date,
    split,
    practices: lines.map(({ name, state, alarm, released, corrected, joinedLater }) => ({
      practice: name,
      state,
      ...(alarm === undefined ? {} : { alarm }),
      ...released?.[position],
      ...(corrected ? { corrected } : {}),
      ...(joinedLater ? { joinedLater } : {}),
    })),
    group: groupFigure(found, position),
    ...(found.shown === "sums-alone" ? { dots: "too-close" } : {}),
  }));
}

/** Every practice's own line, by name, for the hub's operator. */
export function linesOf({
  members,
  joiners,
}: CollectedAnswers): (Member & { readonly joinedLater: boolean })[] {
  return [
    ...members.map((member) => ({ ...member, joinedLater: false })),
    ...joiners.map((member) => ({ ...member, joinedLater: true })),
  ].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function groupFigure(found: CollectedAnswers, position: number): GroupJson {
  const figure = found.figures.get(position);
  if (!figure || !found.shown) return notShown(found, position);
  const { contributors, state, withheld, carried } = figure;
  if (figure.withdrawn) return { state: "withdrawn", contributors };
  return {
    state,
    contributors,
    ...(withheld > 0 ? { withheld } : {}),
    ...(carried > 0 ? { carried } : {}),
    ...(state === "made"
      ? {
          numerator: { low: figure.numerator_low as number, high: figure.numerator_high as number },
          denominator: { low: figure.denominator_low as number, high: figure.denominator_high as number },
        }
      : {}),
    ...(figure.median_low === null
      ? {}
      : { median: { low: figure.median_low, high: figure.median_high as number } }),
  };
}

/**
 * The JSON of a figure that is not shown, with those that have released by now: while nothing is shown, whoever comes
 * is one of them.
 */
function notShown(found: CollectedAnswers, position: number): GroupJson {
  const known = found.members.flatMap(({ released }) => {
    const cell = released?.[position];
    return cell === undefined || cell.denominator === "withheld" ? [] : [cell];
  });
  const withheld = known.filter(({ numerator }) => numerator === "withheld").length;
  const tooFew = found.closedAt !== null && known.length - withheld < FEWEST;
  return {
    state: tooFew ? "too-few" : "collecting",
    contributors: known.length,
    ...(withheld > 0 ? { withheld } : {}),
  };
}
