/** A format's writer: files that receive one patient at a time. */
import type { Events } from "../events.js";
import type { Person, Span } from "../population/person.js";
import type { Profile } from "../profile.js";

export interface PracticeContext {
  readonly profile: Profile;
  readonly clinicians: readonly string[];
  readonly span: Span;
  readonly optOuts: boolean;
}

export interface FormatWriter {
  /** Writes one patient; `order` has the events by day. */
  patient(person: Person, events: Events, order: Uint32Array): Promise<void>;
  close(): Promise<void>;
}

/** An entry of a record: its id, which stays when it is corrected or moved, and its place in the events. */
export interface Entry {
  readonly id: string;
  readonly at: number;
}

/** The part of one extract that is of a person: all of them in a bulk, and in a delta what changed since the extract before. */
export interface Change {
  /** The person as they are that night. */
  readonly person: Person;
  /** What becomes of their own row; null where a delta does not hold it. */
  readonly own: "put" | "gone" | null;
  readonly put: readonly Entry[];
  /** Entries that are deleted, as they were told. Those of a person who is gone go without a word. */
  readonly gone: readonly Entry[];
}

/** An extract of a series: 0 is the bulk, the others are deltas. */
export interface Night {
  readonly number: number;
  /** The last day for which it is complete. */
  readonly until: number;
}

/** A writer of one extract of a series. */
export interface NightWriter {
  write(change: Change, events: Events): Promise<void>;
  close(): Promise<void>;
}

/** Opens an extract of a format that has deltas. */
export type OpenNight = (out: string, gzip: boolean, told: PracticeContext, night: Night) => NightWriter;

export type OpenFormat = (out: string, gzip: boolean, told: PracticeContext) => FormatWriter;
