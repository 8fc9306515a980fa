/** A format's writer: files that receive one patient at a time. */
import type { Events } from "../events.js";
import type { Person, Span } from "../population/person.js";
import type { Profile } from "../profile.js";

export interface PracticeContext {
  readonly profile: Profile;
  readonly clinicians: readonly string[];
  readonly span: Span;
}

export interface FormatWriter {
  /** Writes one patient; `order` has the events by day. */
  patient(person: Person, events: Events, order: Uint32Array): Promise<void>;
  close(): Promise<void>;
}

export type OpenFormat = (out: string, gzip: boolean, told: PracticeContext) => FormatWriter;
