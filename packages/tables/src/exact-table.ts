import type { PatientSet } from "./patient-set.js";
import type { Cell } from "@cairn/query-library";

/**
 * A cell with its exact counts and patient sets. For items and events the counts are sums and the sets are
 * contributors.
 */
export interface ExactCell {
  readonly split: Cell;
  readonly denominator: number;
  readonly numerator: number;
  readonly denominatorSet: PatientSet;
  readonly numeratorSet: PatientSet;
  /** The largest sum of one contributor, for items and events; 1 for people. */
  readonly largestDenominator: number;
  readonly largestNumerator: number;
}

/** The exact answer of one query at one reference date, cells in the order of `cellsOf(query)`. */
export interface ExactTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly unit: "people" | "items" | "quantity" | "events";
  readonly date: string; // YYYY-MM-DD
  /** Whether people with a type 1 opt-out in their record are among those counted, as `OptOutChoice` has it: with `counted`, none of it may leave. */
  readonly optOuts: "left-out" | "counted-by-choice" | "counted";
  readonly cells: readonly ExactCell[];
  /** The people who started, and those whom each ordered step decided: for the practice's own waterfall. */
  readonly waterfall: readonly { readonly label: string; readonly people: number }[];
}
