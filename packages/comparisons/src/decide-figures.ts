/**
 * The figures of one collection, decided together: a sum is shown only where it cannot be put together with any
 * other that is shown to tell of one or two practices. Pure.
 *
 * Total minus its parts is a subtraction like any other, so are two groups, two queries that count the same
 * people, and two dates. Five rules hold:
 *
 * 1. The practices of two sums are the same or differ by three or more: within the collection, between collections
 *    of one date that count the same, and for one cell between any two dates.
 * 2. No combination of all these sums, times whatever number, is about one or two practices (`ShownSums`). Dates
 *    are taken as one: in a quarter a practice changes by less than it is.
 * 3. What public list sizes give is shown of all members or not at all: it would name who is missing.
 * 4. No combination gives a sum that is not shown because most of it may be one practice's (`HiddenSums`): neither
 *    of this date alone, nor with dates taken as one. One that is shown at another date is hidden at its own.
 * 5. Where one or two practices count people with a type 1 opt-out and the others do not, or the other way round, what
 *    public list sizes give is not shown: it would name them. A practice that counts them is another unit in every rule
 *    than the same one when it does not, so that from one date to the next a choice is as little told as a practice that
 *    joined.
 *
 * The total comes first, then cells of more practices before cells of fewer, then the order of the table: the
 * order says no more than the number of practices beside each sum. What was shown before stays; the later one
 * is not shown.
 */
import type { Cell } from "@cairn/query-library";
import { HiddenSums, ShownSums, type MemberSum } from "@cairn/statistics/intervals";
import { besideDominated, dominatedIn, type DominatedSum } from "./dominated.js";
import { cellKey, isCounting, practiceOf, sumsOf, type Family, type ShownSum } from "./family.js";
import { makeFigure, type Figure } from "./figure.js";
import { quantitiesOf } from "./quantities.js";

/** The rules in force; a test leaves one out and sees an attacker succeed. */
export interface Rules {
  readonly sets: boolean;
  readonly combinations: boolean;
  readonly listSizes: boolean;
  readonly dominated: boolean;
  readonly choices: boolean;
}

export const ALL_RULES: Rules = {
  ...{ sets: true, combinations: true },
  ...{ listSizes: true, dominated: true, choices: true },
};

/**
 * Decides every figure of a collection.
 * @param before sums that this hub has shown of the same populations
 * @param others further cells of tables that `before` comes from: whole splits
 * @param dominated sums that this hub has not shown, for most of each may be one practice's
 * @returns by position
 */
export function decideFigures(
  family: Family,
  before: readonly ShownSum[],
  others: readonly Cell[],
  rules: Rules = ALL_RULES,
  dominated: readonly ShownSum[] = [],
): Figure[] {
  const figures = family.released.map((released) => {
    const figure = makeFigure(released, family.fewest);
    const missing = figure.numerators.length < family.members;
    const named = rules.listSizes && family.followsListSizes && missing;
    if (figure.state === "made" && named) return without(figure, "members-missing");
    const chooses = rules.choices && family.followsListSizes && fewChoose(figure);
    return figure.state === "made" && chooses ? without(figure, "too-close") : figure;
  });
  const hideBeside = (): void => {
    for (const position of rules.dominated ? besideDominated(family, figures) : [])
      figures[position] = without(figures[position] as Figure, "too-close");
  };
  hideBeside(); // the smallest part goes, before any other is found to be one too many
  const room = roomFor(family, figures, before, others, rules, dominated);
  for (const position of inOrder(figures)) {
    if (!room.takes(position)) figures[position] = without(figures[position] as Figure, "too-close");
  }
  hideBeside();
  return figures;
}

function without(figure: Figure, state: Figure["state"]): Figure {
  return { ...figure, state, numbers: null };
}

/** Whether one or two contributors differ from the others in whether they count people who opted out. */
function fewChoose({ contributors, numerators }: Figure): boolean {
  return [contributors, numerators].some((units) => {
    const counting = units.filter(isCounting).length;
    const fewer = Math.min(counting, units.length - counting);
    return fewer === 1 || fewer === 2;
  });
}

/** Positions of the figures that may be shown, in the order of deciding. */
function inOrder(figures: readonly Figure[]): number[] {
  const size = (position: number): number =>
    (figures[position] as Figure).contributors.length + (figures[position] as Figure).numerators.length;
  return figures
    .flatMap(({ state }, position) => (state === "made" ? [position] : []))
    .sort((a, b) => Number(b === 0) - Number(a === 0) || size(b) - size(a) || a - b);
}

/** The sums shown so far, with a test whether one figure more may be shown, which then adds it. */
function roomFor(
  family: Family,
  figures: readonly Figure[],
  before: readonly ShownSum[],
  others: readonly Cell[],
  rules: Rules,
  dominated: readonly ShownSum[],
): { takes(position: number): boolean } {
  const cells = [...new Map([...family.cells, ...others].map((cell) => [cellKey(cell), cell])).values()];
  const quantities = new Map(quantitiesOf(cells).map((quantity, i) => [cellKey(cells[i] as Cell), quantity]));
  const populations = [
    ...new Set([
      ...[...before, ...dominated].map((one) => one.population),
      ...Object.values(family.populations),
    ]),
  ];
  const memberSum = ({ population, cell, practices }: ShownSum): MemberSum => {
    const own = quantities.get(cellKey(cell)) as number[];
    const quantity = populations.flatMap((each) => (each === population ? own : own.map(() => 0)));
    return { quantity, members: practices };
  };
  const candidates = figures.map((figure, position) =>
    sumsOf({ ...figure, date: family.date, cell: family.cells[position] as Cell }, family.populations),
  );
  const combined = new ShownSums([...before, ...candidates.flat()].map(memberSum));
  for (const one of before) combined.show([memberSum(one)]);
  const made = candidates.filter((_, position) => figures[position]?.state === "made").flat();
  const hidden = rules.dominated ? hiddenSums(family, before, made, dominated, memberSum) : [];
  const shown: ShownSum[] = [];
  return {
    takes(position) {
      const figure = figures[position] as Figure;
      const sums = candidates[position] as ShownSum[];
      const sets = sums.slice(0, 2);
      if (rules.sets && sets.some((one) => isTooClose(one, before, [...shown, ...sets]))) return false;
      const more = sums.map(memberSum);
      if (hidden.some((each) => each.wouldGive(more))) return false;
      if (rules.combinations && !combined.showIfSafe(more)) return false;
      for (const each of hidden) each.show(more);
      shown.push(...sets);
      return figure.state === "made";
    },
  };
}

/** The sums that must not be computable: from the sums of this date, and from those of all dates as one. */
function hiddenSums(
  family: Family,
  before: readonly ShownSum[],
  made: readonly ShownSum[],
  dominated: readonly ShownSum[],
  memberSum: (sum: ShownSum) => MemberSum,
): HiddenSums[] {
  const own = dominatedIn(family);
  const ofDate = (sums: readonly ShownSum[]): ShownSum[] => sums.filter(({ date }) => date === family.date);
  const known = new Set(made.map(sumKey));
  const still = dominated.filter((one) => one.date === family.date || !known.has(sumKey(one))); // by now it is not
  const over = (shown: readonly ShownSum[], earlier: readonly ShownSum[]): HiddenSums => {
    const all = [...own, ...earlier.map((one) => ({ ...one, cells: [one.cell] }))];
    const sums = all.map(({ cells, ...one }: DominatedSum) =>
      cells.map((cell) => memberSum({ ...one, cell, date: family.date })),
    );
    const hidden = new HiddenSums([...shown, ...made].map(memberSum), sums);
    for (const one of shown) hidden.show([memberSum(one)]);
    return hidden;
  };
  return [over(before, still), over(ofDate(before), ofDate(still))];
}

function sumKey({ population, cell, practices }: ShownSum): string {
  return JSON.stringify([population, cellKey(cell), practices]);
}

/** Whether a sum shown beside this one is over practices that differ by one or two. */
function isTooClose(one: ShownSum, before: readonly ShownSum[], beside: readonly ShownSum[]): boolean {
  const differs = ({ practices }: ShownSum): boolean => differByOneOrTwo(one.practices, practices);
  if (beside.some(differs)) return true;
  const same = before.filter(({ population }) => population === one.population);
  if (same.some((other) => other.date === one.date && differs(other))) return true;
  const ofCell = same.filter(({ cell }) => cellKey(cell) === cellKey(one.cell));
  const known = ofCell.some(({ practices }) => practices.join("\n") === one.practices.join("\n"));
  return !known && ofCell.some(differs); // shown before, it tells nothing that was not told
}

function differByOneOrTwo(mine: readonly string[], other: readonly string[]): boolean {
  const a = new Set(mine);
  const b = new Set(other);
  const apart = [...mine.filter((one) => !b.has(one)), ...other.filter((one) => !a.has(one))];
  const { size } = new Set(apart.map(practiceOf));
  return size === 1 || size === 2;
}
