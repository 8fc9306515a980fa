/** The report of an import: the JSON of `agent import`. */
import type { PeopleChanges, RecordBasis, StoreTotals, Quality } from "@cairn/records";
import type { Gap } from "./gap.js";
import type { ExtractFacts } from "./importer.js";
import type { Reason, Rows } from "./tally.js";

export interface ImportReport extends StoreTotals {
  readonly format: string;
  readonly rows: Rows;
  readonly reasons: readonly Reason[];
  /** Rows that were taken and are worth a look. */
  readonly doubts: readonly Reason[];
  readonly covers_to: string | null;
  /** What the extract said of itself. */
  readonly extract: Omit<ExtractFacts, "files">;
  readonly changes: Changes;
  /** Quality of the whole store with this load. */
  readonly quality: Quality;
  /** The source of registrations, stated with every result where they are derived. */
  readonly basis: RecordBasis;
  /** Whether this very content was loaded before, so that no record changed. */
  readonly known: boolean;
  /** What is missing between an extract of what changed and the one before it; null where nothing is. */
  readonly missing: Gap | null;
  readonly notes: readonly string[];
}

/** Counts of what a load changed in the store, or would change. */
export interface Changes {
  readonly people: Omit<PeopleChanges, "before">;
  /** An event that is another person's now is corrected. */
  readonly events: { readonly added: number; readonly corrected: number; readonly deleted: number };
}

export const NOTHING_CHANGED: Changes = {
  people: { joined: 0, left: 0, died: 0 },
  events: { added: 0, corrected: 0, deleted: 0 },
};

/** Counts from reading the files, before anything was written. */
export type Reading = Pick<ImportReport, "format" | "rows" | "reasons" | "doubts" | "notes">;
