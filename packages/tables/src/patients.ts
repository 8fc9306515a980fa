/** A patient as plain data, for worked examples, tests and the slow engine. Dates are ISO (YYYY-MM-DD). */
import type { CodeSystem, EthnicGroup, Sex } from "@cairn/query-library";

export interface PlainEvent {
  readonly date: string;
  readonly system: CodeSystem;
  readonly code: string; // after mapping; "" where the event has no code
  readonly value?: number;
  readonly unit?: string;
  readonly comparator?: "<" | "<=" | ">" | ">=" | "~";
  readonly quantity?: number;
  readonly clinician?: number;
  readonly recordedSystem?: CodeSystem; // before mapping; `system` where absent
  readonly recordedCode?: string; // before mapping; `code` where absent
  readonly mapped?: "as-recorded" | "mapped" | "unmapped" | "ambiguous";
}

export interface PlainPatient {
  readonly id: string;
  readonly born: string | null;
  readonly died: string | null;
  readonly sex: Sex;
  readonly deprivationFifth: number | null;
  readonly ethnicGroup: EthnicGroup;
  readonly leftOut?: true; // on the practice's own list of people left out of what leaves, or confidential by the extract
  readonly registrations: readonly { readonly start: string; readonly end: string | null }[];
  readonly events: readonly PlainEvent[]; // in the order of their rows
}
