/** What the guard is handed. The shape of the engine's exact table, said again here because this room imports none. */

/** Bit (key & 31) of word (key >> 5) for each patient, by the store's own key. */
export type PatientSet = Uint32Array;

export interface ExactCell {
  readonly split: Readonly<Record<string, string>>;
  readonly denominator: number;
  readonly numerator: number;
  readonly denominatorSet: PatientSet;
  readonly numeratorSet: PatientSet;
  /** For items and events: the largest sum of one contributor; 1 for people. */
  readonly largestDenominator: number;
  readonly largestNumerator: number;
}

export interface ExactTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly unit: "people" | "items" | "quantity" | "events";
  readonly date: string; // YYYY-MM-DD
  readonly cells: readonly ExactCell[];
}

/** An exact table with what its query says of disclosure. A bare table asks for none of it. */
export interface Asked extends ExactTable {
  /** Zero and full cells are withheld too. */
  readonly sensitive?: boolean;
  readonly temporal?: "rounded" | "strict";
  /** How often its dates come: the unit in which G5 and carrying count. */
  readonly every?: "month" | "quarter" | "year";
}

/** The two counts of a cell. */
export type Side = "denominator" | "numerator";

/** One text per cell of a query, the same in every version and at every date. */
export function labelOf(split: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(split).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

export class DisclosureError extends Error {
  readonly code: "table-inconsistent" | "entry-unreadable";
  readonly exit = 1;
  constructor(code: DisclosureError["code"], message: string) {
    super(message);
    this.name = "DisclosureError";
    this.code = code;
  }
}
