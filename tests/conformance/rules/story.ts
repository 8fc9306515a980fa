/** A tiny invented practice, and what later extracts can say of it: the same for every format, each in its own words. */

export interface Person {
  readonly id: string;
  readonly sex: "female" | "male";
  readonly born: string;
  readonly died?: string;
  /** The day on which they joined. */
  readonly joined: string;
}

/** What was recorded of somebody, under an id of the row's own. */
export interface Entry {
  readonly id: string;
  readonly person: string;
  /** Empty where nobody wrote it down. */
  readonly day: string;
  readonly code: string; // of SNOMED CT
  readonly value?: string;
  readonly unit?: string;
}

/** One extract. What is not named is not in it: an extract of deaths alone has no table of people. */
export interface Told {
  readonly people?: readonly Person[];
  readonly entries?: readonly Entry[];
  /** What the codes' system is called in it. */
  readonly system?: string;
  readonly completeTo?: string;
  /** Deaths that come without anything else that is known of the person. */
  readonly deaths?: readonly { readonly person: string; readonly day: string }[];
  /** Its tables of people have no column for deaths. */
  readonly lacks?: "deaths";
  /** Said after all the rest: ids of rows that are deleted, with nothing beside them. */
  readonly gone?: readonly string[];
  /** Likewise: rows that were entered in error. */
  readonly inError?: readonly Entry[];
  readonly gonePeople?: readonly string[];
  readonly goneRegistrations?: readonly Person[];
  /** One person proves to be another, who stays: all that they have is told again as the other's. */
  readonly merged?: { readonly person: string; readonly into: string; readonly entries: readonly Entry[] };
}

export const PEOPLE: readonly Person[] = [
  { id: "101", sex: "female", born: "1950-02-01", joined: "2000-01-01" },
  { id: "102", sex: "male", born: "1960-03-01", joined: "2001-01-01" },
  { id: "103", sex: "female", born: "1970-04-01", joined: "2002-01-01" },
];

const DIABETES = "44054006";
const SYSTOLIC = "271649006";

export const ENTRIES: readonly Entry[] = [
  { id: "1", person: "101", day: "2024-01-02", code: DIABETES },
  { id: "2", person: "101", day: "2024-01-03", code: "38341003" },
  { id: "3", person: "102", day: "2024-01-02", code: DIABETES },
  { id: "4", person: "103", day: "2024-02-04", code: "195967001" },
  { id: "5", person: "102", day: "2024-03-05", code: SYSTOLIC, value: "140", unit: "mmHg" },
  { id: "6", person: "103", day: "2024-03-06", code: SYSTOLIC, value: "128.5", unit: "mmHg" },
];

export const ALL: Told = { people: PEOPLE, entries: ENTRIES };

/** The entries with one of them changed. */
export function changed(id: string, change: Partial<Entry>): Entry[] {
  return ENTRIES.map((entry) => (entry.id === id ? { ...entry, ...change } : entry));
}
