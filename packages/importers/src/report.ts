/** The report of an import: the JSON of `agent import`. */
import type { RecordBasis, StoreTotals, Quality } from "@cairn/records";
import type { Reason, Rows } from "./tally.js";

export interface ImportReport extends StoreTotals {
  readonly format: string;
  readonly rows: Rows;
  readonly reasons: readonly Reason[];
  /** Rows that were taken and are worth a look. */
  readonly doubts: readonly Reason[];
  readonly covers_to: string | null;
  /** Quality of the whole store with this load. */
  readonly quality: Quality;
  /** The source of registrations, stated with every result where they are derived. */
  readonly basis: RecordBasis;
  /** Whether this very content was loaded before, so that no record changed. */
  readonly known: boolean;
  readonly notes: readonly string[];
}

/** Counts from reading the files, before anything was written. */
export type Reading = Pick<ImportReport, "format" | "rows" | "reasons" | "doubts" | "notes">;
