/**
 * The records as an engine reads them. The keeper implements it over its record store; `memory.ts` over plain arrays,
 * for worked examples and tests.
 *
 * A patient is known by the store's small integer key, which is never used again for anyone else. Columns are indexed
 * by that key (0..size-1); a key nobody holds has no registrations. A day is a count of days since 1970-01-01.
 */
import type { Codelist } from "@cairn/query-library";
import type { PatientSet } from "./patient-set.js";

export const UNKNOWN_DAY = -0x80000000; // a birth date that is not known
export const NO_END = 0x7fffffff; // a registration without an end; a person who has not died

export interface People {
  readonly size: number;
  /** 1 where a patient holds the key; absent where every key is held. `people: everyone` counts these. */
  readonly held?: Uint8Array;
  readonly sex: Uint8Array; // index into SEXES
  readonly birthDay: Int32Array;
  readonly deathDay: Int32Array; // NO_END while alive
  readonly deprivationFifth: Uint8Array; // 1..5, 0 unknown
  readonly ethnicGroup: Uint8Array; // index into ETHNIC_GROUPS
  /** Those on the practice's own list of people left out of what leaves, or confidential by the extract; absent where nobody is. */
  readonly leftOut?: PatientSet;
  /** Registrations of patient p: registrationOffset[p] up to registrationOffset[p + 1], by start, as recorded (not yet joined). */
  readonly registrationOffset: Uint32Array; // size + 1
  readonly registrationStart: Int32Array;
  readonly registrationEnd: Int32Array;
}

/** The columns to read beside the day. */
export interface Columns {
  readonly value?: boolean;
  readonly quantity?: boolean;
  readonly clinician?: boolean;
  readonly origin?: boolean;
}

/** A codelist, by the name a query gives it, and the columns that are read of it beside the day. */
export type ListColumns = readonly [list: string, columns: Columns];

/**
 * The events of one codelist, by patient and then day and then row: at most one entry an event. Of all events
 * together (`allEvents`), those of a patient's day that no query can tell apart may be one entry.
 */
export interface Postings {
  readonly patient: Uint32Array; // those with at least one event, ascending
  readonly offset: Uint32Array; // patient.length + 1, into the columns below
  readonly day: Int32Array;
  readonly value: Float64Array | null; // NaN: no number
  readonly comparator: Uint8Array | null; // index into COMPARATORS
  readonly unit: Uint16Array | null; // index into `units`; 0 is no unit
  readonly units: readonly string[]; // as recorded; units[0] is ""
  readonly quantity: Float64Array | null; // NaN: none
  readonly clinician: Uint16Array | null; // within a patient, as `numberClinicians` numbers them; NO_CLINICIAN: not known
  readonly system: Uint8Array | null; // origin: index into CODE_SYSTEMS, as recorded before mapping
  readonly mapped: Uint8Array | null; // origin: index into MAP_STATES
  readonly coded: Uint8Array | null; // of all events: 0 where there is no code; null: every one has a code
  readonly count: Uint32Array | null; // of all events: how many an entry stands for; null: one each
}

/** The patient and day of each event. Undated events are left out. */
export interface Occurrences {
  readonly patient: ArrayLike<number>;
  readonly day: ArrayLike<number>;
}

export const COMPARATORS = ["", "<", "<=", ">", ">=", "~"] as const;

export interface RecordSource {
  people(): People;
  /** Events whose code, as recorded or after mapping, is in the list and whose system matches it, in any order. */
  occurrences(list: Codelist): Occurrences;
  /** Events whose code (after mapping) is in the list and whose system matches it. Undated events are left out. */
  postings(list: Codelist, columns: Columns): Postings;
  /** Every dated event, for `unit: events` without a list: their origin, and whether they have a code. */
  allEvents(): Postings;
}
