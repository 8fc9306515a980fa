/** The facts that records can hold: by the format that they came in, and by their content. */
import { type Codelist, RECORD_FACTS, type RecordFact } from "@cairn/query-library";
import type { Records } from "./store.js";

/** How much of a fact a format can carry: all of it, less than all, or nothing. */
type Coverage = "yes" | "partly" | "no";
type FormatCoverage = Readonly<Record<RecordFact, Coverage>>;

const EVERYTHING = Object.fromEntries(RECORD_FACTS.map((fact) => [fact, "yes"])) as FormatCoverage;

/**
 * The facts that each format can carry, deprivation by a postcode where a table of it is given: the table of docs/extracts.md, and of the test that holds formats to it.
 */
export const FORMAT_COVERAGE: Readonly<Record<string, FormatCoverage>> = {
  journal: EVERYTHING,
  fhir: { ...EVERYTHING, registrations: "no" },
  "synthea-csv": {
    ...EVERYTHING,
    registrations: "no",
    sex: "partly",
    clinician: "partly",
    quantity: "no",
  },
  omop: { ...EVERYTHING, deprivation_fifth: "no", ethnic_group: "partly" },
  aurum: {
    ...EVERYTHING,
    registrations: "partly",
    birth: "partly",
    deprivation_fifth: "no",
    ethnic_group: "no",
    ctv3: "no",
  },
  emis: { ...EVERYTHING, ctv3: "no" },
  systmone: EVERYTHING,
};

/** The parts of records from which their lacks are found. */
export type RecordHoldings = Pick<Records, "formats" | "holds">;

/** The facts, of those given, that no format of these records can carry, or of which they hold nothing. */
export function lackedBy(records: RecordHoldings, facts: Iterable<RecordFact> = RECORD_FACTS): RecordFact[] {
  const formats = records.formats();
  if (formats.length === 0) return []; // no records: nothing is known of them yet
  const notCovered = (fact: RecordFact): boolean =>
    formats.every((format) => FORMAT_COVERAGE[format]?.[fact] === "no");
  return [...facts].filter((fact) => notCovered(fact) || !records.holds(fact));
}

/**
 * The lists, of those given, of which these records have no event although one of their formats can carry it: as
 * `name@version`, in alphabetical order.
 */
export function emptyCodelists(
  records: Pick<Records, "formats" | "withoutEvents">,
  lists: Iterable<Codelist>,
): string[] {
  const formats = records.formats();
  const ctv3 = formats.some((format) => FORMAT_COVERAGE[format]?.ctv3 !== "no");
  const roomy = [...lists].filter(({ system }) => system !== "ctv3" || ctv3);
  const empty = formats.length === 0 ? [] : records.withoutEvents(roomy);
  return [...new Set(empty.map(({ name, version }) => `${name}@${version}`))].sort();
}

const WORDS: Readonly<Record<RecordFact, string>> = {
  registrations: "when people joined and left the practice",
  birth: "when people were born",
  sex: "people's sex",
  deprivation_fifth: "in which deprivation fifth people live",
  ethnic_group: "people's ethnic group",
  clinician: "who saw or prescribed",
  value: "numbers for readings",
  quantity: "how much was issued",
  ctv3: "which old codes are CTV3 and which Read v2",
};

/** Facts in words, as the object of "these records do not say". */
export function factWords(facts: readonly RecordFact[]): string {
  return facts.map((fact) => WORDS[fact]).join(", or ");
}
