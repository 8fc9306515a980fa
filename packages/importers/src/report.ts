/** What became of an extract: the JSON of `agent import`, with what is said beside it. */
import type { RecordBasis, StoreTotals, Quality } from "@cairn/records";
import type { Reason, Rows } from "./tally.js";

export interface ImportReport extends StoreTotals {
  readonly format: string;
  readonly rows: Rows;
  readonly reasons: readonly Reason[];
  /** Rows that were taken and are worth a look. */
  readonly doubts: readonly Reason[];
  readonly covers_to: string | null;
  /** Of the whole store with this load. */
  readonly quality: Quality;
  /** Where registrations come from, said with every result where they are derived. */
  readonly basis: RecordBasis;
  /** True where this very content was loaded before, so that no record changed. */
  readonly known: boolean;
  readonly notes: readonly string[];
}

/** What the reading of the files gave, before anything was written. */
export type Reading = Pick<ImportReport, "format" | "rows" | "reasons" | "doubts" | "notes">;
