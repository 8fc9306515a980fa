/** One table under decision: its cells as member lists, and what has been decided of each count so far. */
import type { CarriedCount, HistoryCell, HistoryEntry, HistorySide } from "./history.js";
import { membersOf, isSubset, type Members } from "./members.js";
import { integersOf, roundCount, type Policy } from "./policy.js";
import type { Reason } from "./reason.js";
import { DisclosureError, labelOf, type UndecidedTable, type Side } from "./table.js";
import type { ExactCell } from "@cairn/tables";

/** One count of one cell. `reason` is null while no guard withholds it. */
export interface Count {
  readonly side: Side;
  readonly position: number;
  readonly people: Members;
  readonly sum: number;
  readonly largest: number;
  reason: Reason | null;
  /** Set by G4: this count repeats an earlier value, and nothing of it is decided anew. */
  carries: CarriedValue | null;
}

/** The earlier value that a carried count repeats. */
export interface CarriedValue extends CarriedCount {
  readonly code: number;
}

export interface FamilyCell {
  readonly split: Readonly<Record<string, string>>;
  readonly label: string;
  readonly keys: number;
  readonly denominator: Count;
  readonly numerator: Count;
}

export interface Family {
  readonly asked: UndecidedTable;
  readonly cells: readonly FamilyCell[];
  /** Whether small changes between dates are kept too (g4-time.ts). */
  readonly strict: boolean;
}

/**
 * Turns an exact table into a family.
 * @throws DisclosureError where counts and sets disagree, since nothing can be promised of them.
 */
export function familyOf(asked: UndecidedTable, strict = false): Family {
  const cells = asked.cells.map((cell, position): FamilyCell => {
    const denominator = countOf(cell, "denominator", position);
    const numerator = countOf(cell, "numerator", position);
    checkCell(asked, denominator, numerator);
    const { split } = cell;
    return { split, label: labelOf(split), keys: Object.keys(split).length, denominator, numerator };
  });
  return { asked, cells, strict };
}

function countOf(cell: ExactCell, side: Side, position: number): Count {
  const [set, sum, largest] =
    side === "denominator"
      ? [cell.denominatorSet, cell.denominator, cell.largestDenominator]
      : [cell.numeratorSet, cell.numerator, cell.largestNumerator];
  return { side, position, people: membersOf(set), sum, largest, reason: null, carries: null };
}

function checkCell(asked: UndecidedTable, denominator: Count, numerator: Count): void {
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

/** The counts that are not withheld so far, in the order in which they are published (g2-combinations.ts). */
export function candidates(family: Family): Count[] {
  const keys = (count: Count): number => family.cells[count.position]?.keys ?? 0;
  const rank = (count: Count): number => keys(count) * 2 + (count.side === "numerator" ? 1 : 0);
  return countsOf(family)
    .filter((count) => count.reason === null && count.carries === null)
    .sort((a, b) => rank(a) - rank(b) || b.people.length - a.people.length || a.position - b.position);
}

export function countsOf(family: Family): Count[] {
  return family.cells.flatMap(({ denominator, numerator }) => [denominator, numerator]);
}

/** Withholds a count, and with a denominator its numerator; carried or not. The first reason stays. */
export function withhold(family: Family, count: Count, reason: Reason): void {
  count.reason ??= reason;
  count.carries = null;
  const cell = family.cells[count.position];
  if (cell && count.side === "denominator") withhold(family, cell.numerator, "g0-denominator");
}

/** The history entry of a family, once every guard has decided. */
export function entryOf(family: Family, policy: Policy): HistoryEntry {
  const { query, version, digest, date } = family.asked;
  const cells = family.cells.map((cell) => historyCell(cell, policy));
  return { query, version, digest, date, policy: integersOf(policy), cells };
}

function historyCell(cell: FamilyCell, policy: Policy): HistoryCell {
  const side = ({ reason, people: members, sum: count, carries }: Count): HistorySide => {
    if (!carries)
      return { code: reason === null ? roundCount(policy, count) + 1 : 0, reason, members, count };
    const { code, ...carried } = carries;
    return { code, reason, members, count, carried };
  };
  return { split: cell.split, denominator: side(cell.denominator), numerator: side(cell.numerator) };
}
