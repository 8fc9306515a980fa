/** A record source as a batch sees it: people, and the postings of each list read once, with every column needed. */
import { codelistOf, type Codelist, type Condition, type Fact, type Query } from "@cairn/query-library";
import { columnsOfFact } from "./facts/index.js";
import { formOf } from "./forms/index.js";
import { keyOf, listKey } from "./keys.js";
import { leftOutBy } from "./opt-outs.js";
import type {
  OptOutChoice,
  Columns,
  People,
  Postings,
  ListColumns,
  RecordSource,
  PatientSet,
} from "@cairn/tables";

export interface Store {
  readonly people: People;
  readonly optOuts: OptOutChoice["optOuts"];
  /** The patients outside every base population, by the choice on opt-outs; null where all are counted. */
  readonly leftOut: PatientSet | null;
  readonly postings: (list: Codelist) => Postings;
  readonly allEvents: RecordSource["allEvents"];
  /** Keys of the conditions and facts that more than one of the queries asks. */
  readonly shared: ReadonlySet<string>;
}

/** Opens the source with the columns that any of the queries reads. */
export function openStore(source: RecordSource, queries: readonly Query[], whom: OptOutChoice): Store {
  const wanted = new Map<string, Columns>();
  for (const query of queries) {
    for (const [name, columns] of readsOf(query)) {
      const key = listKey(codelistOf(query, name));
      wanted.set(key, { ...wanted.get(key), ...columns });
    }
  }
  const known = new Map<string, Postings>();
  const postings = (list: Codelist): Postings => {
    const key = listKey(list);
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = source.postings(list, wanted.get(key) ?? {})));
    return found;
  };
  let all: ReturnType<RecordSource["allEvents"]> | undefined;
  const people = source.people();
  return {
    people,
    optOuts: whom.optOuts,
    leftOut: leftOutBy(whom, source, people),
    postings,
    allEvents: () => (all ??= source.allEvents()),
    shared: sharedBy(queries),
  };
}

/** The keys of conditions and facts that several queries ask. Conditions inside conditions count as well. */
function sharedBy(queries: readonly Query[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const query of queries) {
    const own = new Set([...partsOf(query)].map((part) => keyOf(query, part)));
    for (const key of own) (seen.has(key) ? shared : seen).add(key);
  }
  return shared;
}

/** Every condition and fact that a query asks, those inside others included. */
function partsOf(query: Query): (Condition | Fact)[] {
  return [
    ...Object.values(query.facts),
    ...[
      ...Object.values(query.facts).flatMap((fact) => (fact.form === "condition" ? [fact.condition] : [])),
      ...conditionsOf(query),
    ].flatMap(nested),
  ];
}

function nested(condition: Condition): Condition[] {
  return [condition, ...formOf(condition).inside(condition).flatMap(nested)];
}

/** The conditions that a query is made of, its facts apart. */
function conditionsOf(query: Query): Condition[] {
  if (query.unit === "events") return [];
  const selection = query.unit === "people" ? query.denominator : query.who;
  const chosen = selection === null ? [] : [selection.start, ...selection.steps.map((step) => step.if)];
  return query.unit === "people" ? [...chosen, query.numerator] : chosen;
}

/** Every list that a query reads, with the columns. */
export function readsOf(query: Query): ListColumns[] {
  return [
    ...partsOf(query).flatMap((part) => (isFact(part) ? columnsOfFact(part) : formOf(part).reads(part))),
    ...listsOfUnit(query),
  ];
}

/** The lists behind sums. */
function listsOfUnit(query: Query): ListColumns[] {
  if (query.unit === "people") return [];
  const lists = [query.denominator.list, query.numerator.list].filter((list) => list !== null);
  const columns: Columns =
    query.unit === "items" ? {} : query.unit === "quantity" ? { quantity: true } : { origin: true };
  return lists.map((list) => [list, columns]);
}

const FACT_FORMS: readonly string[] = [
  "condition",
  "date",
  "value",
  "pair",
  "count",
] satisfies Fact["form"][];

function isFact(part: Condition | Fact): part is Fact {
  return FACT_FORMS.includes(part.form);
}
