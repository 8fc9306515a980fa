/** The figures of one collection, and the sums that they show, as plain values. */
import type { Cell } from "@cairn/query-library";
import type { Contribution, Figure } from "./figure.js";

/** A shown sum: its population, cell and date, and the practices in it. */
export interface ShownSum {
  readonly population: string; // what is counted: equal for sums of the same people, whichever query asked
  readonly date: string;
  readonly cell: Cell;
  readonly practices: readonly string[]; // as `unitOf` writes them, sorted
}

const COUNTING = "\nwith people who opted out"; // no name of a practice holds a line break

/**
 * Writes a practice as the sums have it: where it counts people with a type 1 opt-out it is another unit than where it leaves
 * them out, for the difference of the two is of it alone.
 */
export function unitOf(practice: string, countsOptedOut: boolean): string {
  return countsOptedOut ? `${practice}${COUNTING}` : practice;
}

export function practiceOf(unit: string): string {
  return isCounting(unit) ? unit.slice(0, -COUNTING.length) : unit;
}

export function isCounting(unit: string): boolean {
  return unit.endsWith(COUNTING);
}

export interface Family {
  readonly date: string;
  readonly populations: { readonly denominator: string; readonly numerator: string };
  /** Whether public list sizes give the denominators. */
  readonly followsListSizes: boolean;
  /** Number of practices that were asked. */
  readonly members: number;
  /** Practices that a figure takes, where the group's charter asks for more than the fewest of all. */
  readonly fewest?: number;
  readonly cells: readonly Cell[];
  /** The numbers that practices released, by position as `cells`. */
  readonly released: readonly (readonly Contribution[])[];
}

/**
 * The sums that a figure shows: both sums, and the denominators of those that withheld their numerators, by which the
 * numerator's interval is wider.
 */
export function sumsOf(
  {
    date,
    cell,
    contributors,
    numerators,
  }: Pick<Figure, "contributors" | "numerators"> & Pick<ShownSum, "date" | "cell">,
  { denominator, numerator }: Family["populations"],
): ShownSum[] {
  const given = new Set(numerators);
  const withheld = contributors.filter((practice) => !given.has(practice));
  return [
    { population: denominator, date, cell, practices: contributors },
    { population: numerator, date, cell, practices: numerators },
    ...(withheld.length > 0 ? [{ population: denominator, date, cell, practices: withheld }] : []),
  ];
}

/** The key of a cell, the same in every version of a query. */
export function cellKey(cell: Cell): string {
  return JSON.stringify(Object.fromEntries(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1))));
}
