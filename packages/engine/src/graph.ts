/**
 * A batch of queries as one graph: the same condition or fact of ten queries is worked out once. What makes two the
 * same is their canonical text, with each codelist named by its digest and each fact written out in place.
 */
import type { Codelist, Condition, Fact, FactName, ListName, Query, Window } from "@cairn/query-library";
import { basePopulation } from "./base-population.js";
import { factOf, type AnyFact } from "./facts/index.js";
import { formOf } from "./forms/index.js";
import { contains, type Mask } from "./masks.js";
import { closedWindowTable, windowTable, type DayTable, type ReferenceDates } from "./reference-dates.js";
import type { People } from "./source.js";
import type { Store } from "./store.js";

/** What a form may ask while it is being answered: everything is of the query at hand. */
export interface Ask {
  readonly dates: ReferenceDates;
  readonly people: People;
  /** Whom and when an answer is wanted for. Elsewhere it may be anything, since nobody looks there. */
  readonly among: Mask;
  readonly window: (window: Window) => DayTable;
  readonly closedWindow: (window: Window) => DayTable;
  readonly list: (name: ListName) => Codelist;
  readonly postings: Store["postings"];
  /** For whom and when the condition holds. */
  readonly holds: (condition: Condition) => Mask;
  /** For whom and when a comparison inside the condition is missing; null where none can be. */
  readonly missing: (condition: Condition) => Mask | null;
  readonly fact: <F extends Fact["form"]>(name: FactName, form: F) => Extract<AnyFact, { form: F }>;
  readonly definition: (name: FactName) => Fact;
}

/** Something worked out, and among whom. */
interface Known<T> {
  readonly value: T;
  readonly among: Mask;
}

export class Graph {
  readonly store: Store;
  readonly dates: ReferenceDates;
  readonly #shared: ReadonlySet<string>;
  readonly #once = new Map<string, unknown>();
  readonly #held = new Map<string, Known<Mask>>();
  readonly #missing = new Map<string, Known<Mask | null>>();
  readonly #facts = new Map<string, Known<AnyFact>>();

  constructor(store: Store, dates: ReferenceDates) {
    this.store = store;
    this.dates = dates;
    this.#shared = store.shared;
  }

  basePopulation(query: Query): Mask {
    return this.once(`people ${query.people}`, () =>
      basePopulation(this.store.people, query.people, this.dates),
    );
  }

  /** The value under the key, made the first time. */
  once<T>(key: string, make: () => T): T {
    if (!this.#once.has(key)) this.#once.set(key, make());
    return this.#once.get(key) as T;
  }

  /** The questions that can be asked about one query, whose answers are wanted among these people and dates only. */
  ask(query: Query, among: Mask = this.basePopulation(query)): Ask {
    const { dates, store } = this;
    const inQuery = <T>(known: Map<string, Known<T>>, part: Condition | Fact, make: (ask: Ask) => T) =>
      this.#among(known, keyOf(query, part), query, ask, make);
    const ask: Ask = {
      dates,
      people: store.people,
      among,
      window: (window) => this.once(`window ${JSON.stringify(window)}`, () => windowTable(dates, window)),
      closedWindow: (window) =>
        this.once(`closed ${JSON.stringify(window)}`, () => closedWindowTable(dates, window)),
      list: (name) => named(query.codelists, name),
      postings: store.postings,
      holds: (condition) => inQuery(this.#held, condition, (ask) => formOf(condition).holds(condition, ask)),
      missing: (condition) =>
        inQuery(this.#missing, condition, (ask) => formOf(condition).missing(condition, ask)),
      fact: (name, form) => {
        const definition = named(query.facts, name);
        if (definition.form !== form)
          throw new TypeError(`fact ${name} is a ${definition.form}, not a ${form}`);
        return inQuery(this.#facts, definition, (ask) => factOf(definition, ask)) as never;
      },
      definition: (name) => named(query.facts, name),
    };
    return ask;
  }

  /**
   * What one query alone asks is worked out among the people it asks about; what several ask, once for the whole base
   * population. An answer among some people serves for any part of them.
   */
  #among<T>(known: Map<string, Known<T>>, key: string, query: Query, ask: Ask, make: (ask: Ask) => T): T {
    const found = known.get(key);
    if (found !== undefined && (found.among === ask.among || contains(found.among, ask.among)))
      return found.value;
    const widely = found !== undefined || this.#shared.has(key) ? this.ask(query) : ask;
    const value = make(widely);
    known.set(key, { value, among: widely.among });
    return value;
  }
}

const KEYS = new WeakMap<Query, Map<object, string>>();

/** The canonical text of a condition or fact. A query never changes, so its texts are kept with it. */
export function keyOf(query: Query, part: Condition | Fact): string {
  let keys = KEYS.get(query);
  if (keys === undefined) KEYS.set(query, (keys = new Map<object, string>()));
  let key = keys.get(part);
  if (key === undefined) keys.set(part, (key = canonicalText(query, part)));
  return key;
}

const LIST_FIELDS = new Set(["list", "resolvedBy", "first", "then", "systolic", "diastolic"]);

function canonicalText(query: Query, part: Condition | Fact): string {
  const digest = (name: string) => listKey(named(query.codelists, name));
  return JSON.stringify(part, (field, value: unknown) => {
    if (LIST_FIELDS.has(field) && typeof value === "string") return digest(value);
    if (field === "lists") return (value as string[]).map(digest);
    if (field === "fact") return named(query.facts, value as FactName);
    return value;
  });
}

export function listKey(list: Codelist): string {
  return `${list.name}@${list.version}:${list.digest}`;
}

/** A checked query names only what it defines; this says so where a query was made by hand. */
function named<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name];
  if (found === undefined) throw new TypeError(`the query names ${name} and does not define it`);
  return found;
}
