/**
 * A sum that is not shown because most of it would be one practice comes back as total minus the other parts.
 * So beside it another part is not shown either, large enough that what is left is not one practice's.
 */
import type { Cell } from "@cairn/query-library";
import { interval, sum, type Interval } from "@cairn/statistics";
import type { Family } from "./family.js";
import { dominates, SIDES, type Contribution, type Figure, type Side } from "./figure.js";

/** Positions of figures that are made and may not be shown, given all the others that are. */
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
 * Whether total minus the parts that are shown would tell how many there are in the parts that are not, and most
 * of them are one practice's. It tells nothing where rounding alone leaves room for nobody.
 */
function isOnes(family: Family, split: readonly number[], away: readonly number[], side: Side): boolean {
  const rest = restOf(family, away, side);
  if (!dominates(rest, side)) return false;
  const all = sum(rest.map((one) => one[side] as Interval));
  const parts = [0, ...split.filter((position) => !away.includes(position))];
  const unsure = parts
    .flatMap((position) => family.released[position] ?? [])
    .reduce((width, one) => width + (one[side] ? one[side].high - one[side].low : 0), 0);
  return all.low > unsure / 2;
}

/** What each practice has in these cells together; a withheld part may be nobody. */
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
