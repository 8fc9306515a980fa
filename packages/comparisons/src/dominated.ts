/**
 * A sum that is not shown because most of it would be one practice comes back as total minus the other parts.
 * So beside it another part is not shown either, large enough that what is left is not one practice's. Across
 * splits, pages and dates, no figure is shown with which all that is shown would give it (`HiddenSums`).
 */
import type { Cell } from "@cairn/query-library";
import { interval, sum, type Interval } from "@cairn/statistics/intervals";
import type { Family } from "./family.js";
import { dominates, SIDES, type Contribution, type Figure, type Side } from "./figure.js";

/** Positions of figures that must not be shown, given all the others that are. */
export function besideDominated(family: Family, figures: readonly Figure[]): number[] {
  const hidden = new Set<number>();
  const isShown = (position: number): boolean => figures[position]?.state === "made" && !hidden.has(position);
  for (const split of splitsOf(family.cells)) {
    if (!isShown(0)) continue;
    const comesBack = (): boolean => {
      const away = split.filter((position) => !isShown(position));
      return SIDES.some((side) => isOnes(family, split, away, side));
    };
    const smallestFirst = split
      .filter(isShown)
      .sort((a, b) => peopleIn(family, a) - peopleIn(family, b) || a - b);
    while (comesBack() && smallestFirst.length > 0) hidden.add(smallestFirst.shift() as number);
  }
  return [...hidden];
}

/** A dominated sum, as cells of one population over the practices added up: one practice makes up most of it. */
export interface DominatedSum {
  readonly population: string;
  readonly cells: readonly Cell[];
  readonly practices: readonly string[];
}

/**
 * The sums that no combination of shown sums may give: each part of which one practice may be most; the same of all
 * that are in the total, for total minus parts counts also those that withheld theirs; and such a part with another
 * of its split, or with its smallest ones, where that changes nothing.
 */
export function dominatedIn(family: Family): DominatedSum[] {
  const splits = [[0], ...splitsOf(family.cells)];
  return SIDES.flatMap((side) =>
    splits.flatMap((split) =>
      split
        .filter((position) => isToldOfOne(family, [position], side))
        .flatMap((position) => {
          const own = knownTo(family, position, side);
          const all = knownTo(family, 0, side);
          const others = split.filter((other) => other !== position);
          others.sort((a, b) => peopleIn(family, a) - peopleIn(family, b) || a - b);
          const unions = others
            .flatMap((other, nth) => [
              [position, other],
              [position, ...others.slice(0, nth + 1)],
            ])
            .filter((several) => isToldOfOne(family, several, side));
          const sums = [
            { positions: [position], practices: own },
            ...[[position], ...unions].map((positions) => ({ positions, practices: all })),
          ];
          return sums.map(({ positions, practices }) => ({
            population: family.populations[side],
            cells: positions.map((each) => family.cells[each] as Cell),
            practices,
          }));
        }),
    ),
  );
}

/** The sides of a cell of which one practice may be most, so that a later sum may not give them either. */
export function dominatedSides(family: Family, position: number): Side[] {
  return SIDES.filter((side) => isToldOfOne(family, [position], side));
}

/**
 * Whether the two sums or more that give a hidden one tell a practice's number; they do not where their rounding
 * leaves room for nobody.
 */
function isToldOfOne(family: Family, positions: readonly number[], side: Side): boolean {
  const rest = restOf(family, positions, side);
  if (!dominates(rest, side)) return false;
  return sum(rest.map((one) => one[side] as Interval)).low > widthOf(family, [0], side);
}

/** The practices whose number for this side is known, sorted. */
function knownTo(family: Family, position: number, side: Side): string[] {
  return (family.released[position] ?? [])
    .flatMap((one) => (one.denominator && one[side] ? [one.practice] : []))
    .sort();
}

/** Positions of the parts of each split. */
function splitsOf(cells: readonly Cell[]): number[][] {
  const splits = new Map<string, number[]>();
  for (const [position, cell] of cells.entries()) {
    const keys = Object.keys(cell).sort().join();
    if (keys !== "") splits.set(keys, [...(splits.get(keys) ?? []), position]);
  }
  return [...splits.values()];
}

/**
 * Whether total minus the shown parts would tell the number in the other parts, most of which is one practice's. It
 * does not where rounding alone leaves room for nobody.
 */
function isOnes(family: Family, split: readonly number[], away: readonly number[], side: Side): boolean {
  const rest = restOf(family, away, side);
  if (!dominates(rest, side)) return false;
  const all = sum(rest.map((one) => one[side] as Interval));
  const parts = [0, ...split.filter((position) => !away.includes(position))];
  return all.low > widthOf(family, parts, side) / 2;
}

/** Width of the interval that the sums of these cells leave open together. */
function widthOf(family: Family, positions: readonly number[], side: Side): number {
  return positions
    .flatMap((position) => family.released[position] ?? [])
    .reduce((width, one) => width + (one[side] ? one[side].high - one[side].low : 0), 0);
}

/** Each practice's number in these cells together; a withheld part may be nobody. */
function restOf(family: Family, positions: readonly number[], side: Side): Contribution[] {
  const found = new Map<string, Interval>();
  for (const one of positions.flatMap((position) => family.released[position] ?? [])) {
    const part = one[side] ?? interval(0, 0);
    const before = found.get(one.practice) ?? interval(0, 0);
    found.set(one.practice, interval(before.low + part.low, before.high + part.high));
  }
  return [...found].map(([practice, all]) => ({ practice, denominator: all, numerator: all }));
}

function peopleIn(family: Family, position: number): number {
  return (family.released[position] ?? []).reduce((people, one) => people + (one.denominator?.high ?? 0), 0);
}
