/** A table of what was recorded of people: its columns, and what a row of it says. */
import type { Coding } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import type { Skip } from "../table.js";
import type { Columns, KnownTable } from "./layout.js";

/** One row's meaning, beside its person. */
export interface RecordedFacts {
  readonly day: number | null; // null none, NaN no date
  readonly coding: Coding;
  readonly value: number;
  readonly measure: number; // from `load.measures`
  readonly quantity: number;
  /** Whether it is no event before a later extract explains its code. */
  readonly waits?: boolean;
  /** What its code rests on, from `load.sourceCodes`; 0 where the row says it all. */
  readonly source?: number;
}

export interface EventTable {
  readonly name: KnownTable;
  readonly needed: readonly string[];
  /** Tells rows of this table from those of others, whose RowIdentifier may be the same. */
  readonly prefix: string;
  readonly unmissed?: readonly string[];
  /** Begins one load. The reader gives a row's meaning, or why it is skipped. */
  begin(
    intake: Intake,
  ): (row: CsvRow, at: Columns, doubt: (words: string) => void) => RecordedFacts | NonNullable<Skip>;
}

/** The columns that each of these tables has to have. */
export const ALWAYS = ["rowidentifier", "idpatient", "dateevent", "iddoneby"];

export const NO_READING = { value: NaN, measure: 0 };

export function leftOut(reason: string): NonNullable<Skip> {
  return { kind: "left-out", reason };
}

export function bad(reason: string): NonNullable<Skip> {
  return { kind: "bad", reason };
}
