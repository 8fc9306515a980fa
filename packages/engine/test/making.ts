/** Queries, codelists and people made by hand, as short as a test can be read. */
import {
  EVER,
  type Codelist,
  type Condition,
  type PeopleQuery,
  type Span,
  type Window,
} from "@cairn/query-library";
import { answer, memorySource, patientsOf } from "../src/index.js";
import { OPT_OUTS_COUNTED } from "../../tables/src/answerer.js";
import type { PlainEvent, PlainPatient } from "../../tables/src/patients.js";

/** A list with one code, of the same name. */
export function list(name: string, over: Partial<Codelist> = {}): Codelist {
  const made = {
    name,
    version: "1",
    system: "snomed",
    kind: "clinical",
    unit: null,
    codes: [name],
    ...over,
  } as const;
  return { ...made, digest: `digest of ${JSON.stringify(made)}` };
}

/** Any lists by name: each alias is its own list. */
export function lists(...names: string[]): Record<string, Codelist> {
  return Object.fromEntries(names.map((name) => [name, list(name)]));
}

export function span(n: number, unit: Span["unit"] = "months"): Span {
  return { n, unit };
}

export function within(from: Span | null, to: Span | null = null): Window {
  return { from, to };
}

const HEAD = {
  query: "q",
  version: "1.0.0",
  title: "",
  question: "",
  purpose: "",
  why: null,
  source: null,
  direction: "none",
  margin: 5,
  worklistFirst: false,
  sensitive: false,
  temporal: "rounded",
  people: "registered-and-alive",
  registers: [],
  review: { writtenBy: null, reviewedBy: null, due: null },
  othersTried: [],
  periods: { every: "month", count: 1 },
  codelists: {},
  facts: {},
  splitBy: [],
  digest: "",
} as const;

export const EVERYBODY: Condition = { form: "all", of: [] };

/** A query over people: by default everybody of the base population, none of them in the numerator. */
export function peopleQuery(over: Partial<PeopleQuery>): PeopleQuery {
  const denominator = { start: EVERYBODY, steps: [], otherwise: "select" } as const;
  return { ...HEAD, unit: "people", denominator, numerator: { form: "any", of: [] }, ...over };
}

export function sumQuery<Q>(over: Q): typeof HEAD & Q {
  return { ...HEAD, ...over };
}

/** A woman born in 1970 and registered since 2000, unless said otherwise. */
export function person(over: Partial<PlainPatient> = {}): PlainPatient {
  return {
    id: "someone",
    born: "1970-06-15",
    died: null,
    sex: "female",
    deprivationFifth: 1,
    ethnicGroup: "white",
    registrations: [{ start: "2000-01-01", end: null }],
    events: [],
    ...over,
  };
}

/** Events from words like "hba1c 2024-03-01 58 mmol/mol" or "sbp 2024-03-01 <140": code, date, number, unit. */
export function events(...lines: string[]): PlainEvent[] {
  return lines.map((line) => {
    const [code = "", date = "", number, unit] = line.split(" ");
    const [, comparator, digits] = /^([<>]=?|~)?(.*)$/.exec(number ?? "") ?? [];
    return {
      date,
      system: "snomed",
      code,
      ...(digits ? { value: Number(digits) } : {}),
      ...(comparator ? { comparator: comparator as "<" } : {}),
      ...(unit ? { unit } : {}),
    };
  });
}

/** For whom the condition holds on each date, as a string of 1 and 0 for each person. */
export function holds(
  people: readonly PlainPatient[],
  condition: Condition,
  dates: readonly string[],
  over: Partial<PeopleQuery> = {},
): string[] {
  const query = peopleQuery({ numerator: condition, ...over });
  const found = patientsOf(memorySource(people), query, dates, OPT_OUTS_COUNTED);
  return people.map((_, key) =>
    found.map(({ numeratorSet }) => ((numeratorSet[key >>> 5]! >>> (key & 31)) & 1 ? "1" : "0")).join(""),
  );
}

export { answer, EVER, memorySource, patientsOf };
