/** The figures of one collection, and the sums that they show, as plain values. */
import type { Cell } from "@cairn/query-library";
import type { Contribution, Figure } from "./figure.js";

/** A sum that is shown: of which people, cell and date, over which practices. */
export interface Shown {
  readonly population: string; // what is counted: equal for sums of the same people, whichever query asked
  readonly date: string;
  readonly cell: Cell;
  readonly practices: readonly string[]; // sorted
}

export interface Family {
  readonly date: string;
  readonly populations: { readonly denominator: string; readonly numerator: string };
  /** Whether public list sizes give the denominators. */
  readonly followsListSizes: boolean;
  /** How many practices were asked. */
  readonly members: number;
  readonly cells: readonly Cell[];
  /** By position as `cells`: what each practice released. */
  readonly released: readonly (readonly Contribution[])[];
}

/**
 * What a figure shows: both sums, and the denominators of those that withheld their numerators, by which the
 * numerator's interval is wider.
 */
export function sumsOf(
  {
    date,
    cell,
    contributors,
    numerators,
  }: Pick<Figure, "contributors" | "numerators"> & Pick<Shown, "date" | "cell">,
  { denominator, numerator }: Family["populations"],
): Shown[] {
  const withheld = contributors.filter((practice) => !numerators.includes(practice));
  return [
    { population: denominator, date, cell, practices: contributors },
    { population: numerator, date, cell, practices: numerators },
    ...(withheld.length > 0 ? [{ population: denominator, date, cell, practices: withheld }] : []),
  ];
}

/** The same cell of two versions of a query has the same key. */
export function cellKey(cell: Cell): string {
  return JSON.stringify(Object.fromEntries(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1))));
}
