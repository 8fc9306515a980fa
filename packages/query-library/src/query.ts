/**
 * A query after parsing and checking: closed, resolved, with every default written out.
 *
 * Both engines, the explanation and the canonical form read this and nothing else. What each form
 * means is in SPECIFICATION.md beside this package's README; one sentence a form.
 */

/** A length of calendar time. Month and year arithmetic clamps to the end of the month. */
export interface Span {
  readonly n: number;
  readonly unit: "days" | "weeks" | "months" | "years";
}

/**
 * The days (D - from, D - to] for a reference date D. `from: null` reaches back without limit; `to: null` is D
 * itself. No event after D, and none without a date, is ever in a window.
 */
export interface Window {
  readonly from: Span | null;
  readonly to: Span | null;
}

export const EVER: Window = { from: null, to: null };

/** The alias of a codelist in the query; key into `Query.codelists`. */
export type ListName = string;
/** The name of a fact; key into `Query.facts`. */
export type FactName = string;

/** A condition on a person (or event): true or false. */
export type Condition =
  | { readonly form: "exists"; readonly list: ListName; readonly window: Window }
  | {
      readonly form: "unresolved";
      readonly list: ListName;
      readonly resolvedBy: ListName;
      readonly sameDay: "resolved_wins" | "diagnosis_wins";
      readonly window: Window;
    }
  | {
      readonly form: "two";
      readonly list: ListName;
      readonly apart: Span;
      readonly window: Window;
      readonly value: ValueLimit | null;
    }
  | {
      readonly form: "first_then";
      readonly first: ListName;
      readonly then: ListName;
      readonly within: Span;
      readonly window: Window;
    }
  | { readonly form: "issued"; readonly list: ListName; readonly window: Window }
  | {
      readonly form: "issued_together";
      readonly lists: readonly [ListName, ListName];
      readonly within: Span;
      readonly window: Window;
    }
  | {
      readonly form: "continuity";
      readonly list: ListName;
      readonly index: "upc";
      readonly atLeast: Ratio;
      readonly contacts: number;
      readonly window: Window;
    }
  | { readonly form: "age"; readonly from: number | null; readonly to: number | null }
  | { readonly form: "sex"; readonly sex: Sex }
  | { readonly form: "registered_for"; readonly span: Span }
  | { readonly form: "deprivation_fifth"; readonly from: number; readonly to: number }
  | {
      readonly form: "compare_value";
      readonly fact: FactName;
      readonly component: "systolic" | "diastolic" | null;
      readonly limits: readonly Limit[];
    }
  | { readonly form: "compare_date"; readonly fact: FactName; readonly window: Window }
  | { readonly form: "compare_count"; readonly fact: FactName; readonly limits: readonly Limit[] }
  | { readonly form: "all"; readonly of: readonly Condition[] }
  | { readonly form: "any"; readonly of: readonly Condition[] }
  /** `ifMissing`: the result of `not` when any comparison inside it is missing; null where it contains none. */
  | { readonly form: "not"; readonly of: Condition; readonly ifMissing: boolean | null }
  | { readonly form: "at_least"; readonly n: number; readonly of: readonly Condition[] }
  /** A fact that is itself a condition, by name. */
  | { readonly form: "fact"; readonly fact: FactName };

/** A named measurement of a person. A comparison with one that is missing is false. */
export type Fact =
  | { readonly form: "condition"; readonly condition: Condition }
  | {
      readonly form: "date";
      readonly which: "earliest" | "latest";
      readonly list: ListName;
      readonly window: Window;
    }
  | {
      readonly form: "value";
      readonly which: "latest" | "highest" | "lowest" | "mean";
      readonly list: ListName;
      readonly window: Window;
      readonly reading: Reading;
      readonly sameDay: "lowest" | "highest" | null;
    }
  | {
      readonly form: "pair";
      readonly systolic: ListName;
      readonly diastolic: ListName;
      readonly window: Window;
      readonly reading: Reading;
      readonly sameDay: "lowest" | "highest";
    }
  | {
      readonly form: "count";
      readonly what: "events" | "days";
      readonly list: ListName;
      readonly window: Window;
    };

/** The numbers that count as a reading: converted to `unit`, inside `plausible` (ends included) where given. */
export interface Reading {
  readonly unit: string;
  readonly plausible: readonly [number, number] | null;
}

/** A limit that a value of `two` must keep, with the reading it is compared with. */
export interface ValueLimit {
  readonly reading: Reading;
  readonly limits: readonly Limit[];
}

/** One limit of a comparison. `at_least` and `at_most` include their end; `above` and `below` do not. */
export interface Limit {
  readonly op: "at_least" | "at_most" | "above" | "below";
  readonly x: number;
}

/** A share as an exact fraction, so that comparing never rounds: 0.5 is {p: 1, q: 2}. */
export interface Ratio {
  readonly p: number;
  readonly q: number;
}

export const SEXES = ["female", "male", "other", "unknown"] as const;
export type Sex = (typeof SEXES)[number];
/** Ethnic groups: the five high-level groups of the census of England and Wales. */
export const ETHNIC_GROUPS = ["white", "mixed", "asian", "black", "other", "unknown"] as const;
export type EthnicGroup = (typeof ETHNIC_GROUPS)[number];

export interface Step {
  readonly do: "select" | "reject";
  readonly if: Condition;
  readonly why: string | null;
}
/** People of the base population for whom `start` holds, then the first step that matches decides. */
export interface Selection {
  readonly start: Condition;
  readonly steps: readonly Step[];
  readonly otherwise: "select" | "reject";
}

export type SplitKey =
  | { readonly key: "sex" }
  | { readonly key: "age_band"; readonly bounds: readonly number[] } // [17, 40]: 0-16, 17-39, 40+
  | { readonly key: "deprivation_fifth" }
  | { readonly key: "ethnic_group" };
/** The keys that are crossed to make one split. */
export type Split = readonly SplitKey[];

export const CODE_SYSTEMS = [
  "snomed",
  "dmd",
  "read2",
  "ctv3",
  "loinc",
  "icd10",
  "rxnorm",
  "atc",
  "cvx",
  "local",
] as const;
export type CodeSystem = (typeof CODE_SYSTEMS)[number];

export interface Codelist {
  readonly name: string;
  readonly version: string;
  readonly system: CodeSystem; // snomed and dmd match as one namespace
  readonly kind: "clinical" | "medicine";
  readonly unit: string | null; // of readings that carry no unit of their own
  readonly codes: readonly string[]; // sorted, distinct, exact text: Read codes are case- and space-sensitive
  readonly digest: string; // hex SHA-256 of its canonical form
}

/** A register that the query names, written out: `condition` reads the query's own codelists, and is what is counted. */
export interface NamedRegister {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly meaning: string;
  readonly source: string;
  readonly condition: Condition;
}

/** A register as its file says it, before a query names it: its condition reads its own codelists. */
export interface Register extends NamedRegister {
  readonly codelists: ReadonlyMap<ListName, Codelist>;
}

/** Authors and reviewers of the query, and when it is due to be read again; null where it is not given */
export interface Review {
  readonly writtenBy: string | null;
  readonly reviewedBy: string | null;
  readonly due: string | null; // ISO date
}

/** A change that others made about the question, and where it is published */
export interface TriedChange {
  readonly what: string;
  readonly source: string;
  readonly url: string | null; // https
}

export type Direction = "higher is usually better" | "lower is usually better" | "none";

interface QueryHead {
  readonly query: string; // its name
  readonly version: string;
  readonly title: string;
  readonly question: string;
  readonly purpose: string;
  readonly why: string | null; // why it matters, one or two sentences
  readonly source: string | null; // the published definition
  readonly direction: Direction;
  readonly margin: number; // percentage points; "does not differ" needs limits no wider than this
  readonly worklistFirst: boolean;
  readonly sensitive: boolean;
  readonly temporal: "rounded" | "strict";
  readonly people: "registered-and-alive" | "everyone";
  readonly optOuts?: "left-out"; // nobody who opted out is counted, whatever charter and practice say
  readonly periods: { readonly every: "month" | "quarter" | "year"; readonly count: number };
  readonly codelists: Readonly<Record<ListName, Codelist>>; // those of its registers too
  readonly registers: readonly NamedRegister[]; // for readers: what is counted stands in facts, denominator and numerator
  readonly review: Review; // for readers: no part of the digest, so that a review does not change what was reviewed
  readonly othersTried: readonly TriedChange[]; // at most three, for readers: no part of the digest either
  readonly facts: Readonly<Record<FactName, Fact>>;
  readonly splitBy: readonly Split[];
  readonly digest: string; // hex SHA-256 of the canonical form with its codelists' digests
}

/** Counts people: each is 0 or 1 in denominator and numerator. */
export interface PeopleQuery extends QueryHead {
  readonly unit: "people";
  readonly denominator: Selection;
  readonly numerator: Condition;
}

/** Sums issues (or quantities, in whole units after exact addition in thousandths) of the base population. */
export interface ItemsQuery extends QueryHead {
  readonly unit: "items" | "quantity";
  /** Both are `issued` conditions; the numerator's codes lie within the denominator's. `who` narrows the people. */
  readonly denominator: { readonly list: ListName; readonly window: Window };
  readonly numerator: { readonly list: ListName; readonly window: Window };
  readonly who: Selection | null;
}

/** Counts events of the base population, in place of people. */
export interface EventsQuery extends QueryHead {
  readonly unit: "events";
  /**
   * Keys by which cells are split too: the system as recorded, how it was mapped, whether coded, the year of the
   * event.
   */
  readonly by: readonly ("system" | "mapped" | "coded" | "year")[];
  readonly denominator: EventChoice;
  readonly numerator: EventChoice;
}
/**
 * How a recorded code was mapped to the code that queries match: unchanged, mapped, without a target, or with
 * several.
 */
export const MAP_STATES = ["as-recorded", "mapped", "unmapped", "ambiguous"] as const;
export type MapState = (typeof MAP_STATES)[number];
/**
 * A choice of events: of a list, or all; of these systems (as recorded, before mapping), map states and coded states
 * where given.
 */
export interface EventChoice {
  readonly list: ListName | null;
  readonly window: Window;
  readonly systems: readonly CodeSystem[] | null;
  readonly mapped: readonly MapState[] | null;
  readonly coded: boolean | null;
}

export type Query = PeopleQuery | ItemsQuery | EventsQuery;

/**
 * Finds the codelist that a query names by this alias.
 * @throws {RangeError} where it names none: a parsed query has every list that its conditions name
 */
export function codelistOf(query: QueryHead, name: ListName): Codelist {
  const list = query.codelists[name];
  if (list === undefined) throw new RangeError(`the query has no codelist ${name}`);
  return list;
}

/** One cell of the table that a query defines before it runs. The total is `{}` and comes first. */
export type Cell = Readonly<Record<string, string>>;
