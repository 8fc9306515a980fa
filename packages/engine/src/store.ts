/** A record source as a batch sees it: people, and the postings of each list read once, with every column wanted. */
import type { Codelist, Condition, Fact, Query } from "@cairn/query-library";
import { columnsOfFact } from "./facts/index.js";
import { formOf } from "./forms/index.js";
import { listKey } from "./graph.js";
import type { Columns, People, Postings, RecordSource } from "./source.js";

/** A codelist that a form reads, and the columns it reads beside the day. */
export type Read = readonly [list: string, columns: Columns];

export interface Store {
  readonly people: People;
  readonly postings: (list: Codelist) => Postings;
  readonly allEvents: RecordSource["allEvents"];
}

/** The source, with the columns that any of the queries reads. */
export function openStore(source: RecordSource, queries: readonly Query[]): Store {
  const wanted = new Map<string, Columns>();
  for (const query of queries) {
    for (const [name, columns] of readsOf(query)) {
      const key = listKey(query.codelists[name]!);
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
  return { people: source.people(), postings, allEvents: () => (all ??= source.allEvents()) };
}

/** Every list that a query reads, with the columns. */
export function readsOf(query: Query): Read[] {
  const ofFacts = Object.values(query.facts).flatMap((fact: Fact) =>
    fact.form === "condition" ? ofCondition(fact.condition) : columnsOfFact(fact),
  );
  switch (query.unit) {
    case "people":
      return [
        ...ofFacts,
        ...[
          query.denominator.start,
          ...query.denominator.steps.map((step) => step.if),
          query.numerator,
        ].flatMap(ofCondition),
      ];
    case "items":
    case "quantity": {
      const who = query.who === null ? [] : [query.who.start, ...query.who.steps.map((step) => step.if)];
      const columns: Columns = query.unit === "quantity" ? { quantity: true } : {};
      return [
        ...ofFacts,
        ...who.flatMap(ofCondition),
        [query.denominator.list, columns],
        [query.numerator.list, columns],
      ];
    }
    case "events":
      return [
        ...ofFacts,
        ...[query.denominator.list, query.numerator.list]
          .filter((list) => list !== null)
          .map((list): Read => [list, { origin: true }]),
      ];
  }
}

function ofCondition(condition: Condition): Read[] {
  const form = formOf(condition);
  return [...form.reads(condition), ...form.inside(condition).flatMap(ofCondition)];
}
