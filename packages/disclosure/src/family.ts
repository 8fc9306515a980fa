/** One table under decision: its cells as member lists, and what has been decided of each count so far. */
import type { HistorySide } from "./history.js";
import { membersOf, isSubset, type Members } from "./members.js";
import type { Reason } from "./reason.js";
import { DisclosureError, labelOf, type Asked, type ExactCell, type Side } from "./table.js";

/** One count of one cell. `reason` is null while nothing speaks against it. */
export interface Count {
  readonly side: Side;
  readonly position: number;
  readonly people: Members;
  readonly sum: number;
  readonly largest: number;
  reason: Reason | null;
}

export interface FamilyCell {
  readonly split: Readonly<Record<string, string>>;
  readonly label: string;
  readonly keys: number;
  readonly denominator: Count;
  readonly numerator: Count;
  /** Set by G4: this cell repeats an earlier release, and nothing of it is decided anew. */
  carries: { readonly periods: number; readonly from: CarriedCell } | null;
}

/** What a carried cell repeats. */
export interface CarriedCell {
  readonly date: string;
  readonly denominator: HistorySide;
  readonly numerator: HistorySide;
}

export interface Family {
  readonly asked: Asked;
  readonly cells: readonly FamilyCell[];
}

/** @throws DisclosureError where counts and sets do not belong together: then nothing about them can be promised. */
export function familyOf(asked: Asked): Family {
  const cells = asked.cells.map((cell, position): FamilyCell => {
    const denominator = countOf(cell, "denominator", position);
    const numerator = countOf(cell, "numerator", position);
    checkCell(asked, denominator, numerator);
    const { split } = cell;
    return {
      split,
      label: labelOf(split),
      keys: Object.keys(split).length,
      denominator,
      numerator,
      carries: null,
    };
  });
  return { asked, cells };
}

function countOf(cell: ExactCell, side: Side, position: number): Count {
  const [set, sum, largest] =
    side === "denominator"
      ? [cell.denominatorSet, cell.denominator, cell.largestDenominator]
      : [cell.numeratorSet, cell.numerator, cell.largestNumerator];
  return { side, position, people: membersOf(set), sum, largest, reason: null };
}

function checkCell(asked: Asked, denominator: Count, numerator: Count): void {
  const holds = [denominator, numerator].every(
    ({ sum, people }) =>
      Number.isSafeInteger(sum) && sum >= 0 && (asked.unit === "people" ? sum === people.length : true),
  );
  if (holds && numerator.sum <= denominator.sum && isSubset(numerator.people, denominator.people)) return;
  throw new DisclosureError(
    "table-inconsistent",
    `query ${asked.query}, cell ${denominator.position}: its counts do not agree with its patient sets; nothing is released`,
  );
}

/** Counts that nothing speaks against so far, in the order in which they are published (see g2-combinations.ts). */
export function candidates(family: Family): Count[] {
  const open = family.cells.filter((cell) => cell.carries === null);
  const counts = open.flatMap((cell) => [cell.denominator, cell.numerator]);
  const keys = (count: Count): number => family.cells[count.position]?.keys ?? 0;
  const rank = (count: Count): number => keys(count) * 2 + (count.side === "numerator" ? 1 : 0);
  return counts
    .filter((count) => count.reason === null)
    .sort((a, b) => rank(a) - rank(b) || b.people.length - a.people.length || a.position - b.position);
}

/** Withholds a count, and with a denominator its numerator. The first reason stays. */
export function withhold(family: Family, count: Count, reason: Reason): void {
  count.reason ??= reason;
  const cell = family.cells[count.position];
  if (cell && count.side === "denominator") cell.numerator.reason ??= "g0-denominator";
}
