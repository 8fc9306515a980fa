/**
 * A batch of queries as one graph: the same condition or fact of ten queries is computed once. `keys.ts` decides
 * which are the same.
 */
import type { Condition, Fact, Query } from "@cairn/query-library";
import type { FormContext } from "./ask.js";
import { basePopulation } from "./base-population.js";
import { factOf } from "./facts/index.js";
import type { AnyFact } from "./runs.js";
import { formOf } from "./forms/index.js";
import { keyOf, named } from "./keys.js";
import { contains, type Mask } from "./masks.js";
import { closedWindowTable, windowTable, type ReferenceDates } from "./reference-dates.js";
import type { Store } from "./store.js";

/** A computed value, and the people and dates it was computed for. */
interface CachedResult<T> {
  readonly value: T;
  readonly among: Mask;
}

export class Graph {
  readonly store: Store;
  readonly dates: ReferenceDates;
  readonly #shared: ReadonlySet<string>;
  readonly #once = new Map<string, unknown>();
  readonly #held = new Map<string, CachedResult<Mask>>();
  readonly #missing = new Map<string, CachedResult<Mask | null>>();
  readonly #facts = new Map<string, CachedResult<AnyFact>>();

  constructor(store: Store, dates: ReferenceDates) {
    this.store = store;
    this.dates = dates;
    this.#shared = store.shared;
  }

  basePopulation(query: Query): Mask {
    return this.once(`people ${query.people}`, () => basePopulation(this.store, query.people, this.dates));
  }

  /** The value under the key, computed at the first call. */
  once<T>(key: string, make: () => T): T {
    if (!this.#once.has(key)) this.#once.set(key, make());
    return this.#once.get(key) as T;
  }

  /** Forgets every value that no other query shares. @returns the masks of the values that are kept. */
  forget(): Mask[] {
    for (const known of [this.#held, this.#missing, this.#facts]) {
      for (const key of known.keys()) if (!this.#shared.has(key)) known.delete(key);
    }
    return [...this.#held.values(), ...this.#missing.values()].flatMap(({ value }) => value ?? []);
  }

  /** The questions about one query, answered for these people and dates only. */
  ask(query: Query, among: Mask = this.basePopulation(query)): FormContext {
    const { dates, store } = this;
    const inQuery = <T>(
      known: Map<string, CachedResult<T>>,
      part: Condition | Fact,
      make: (ask: FormContext) => T,
    ) => this.#among(known, keyOf(query, part), query, ask, make);
    const ask: FormContext = {
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
   * A value computed among the people one query asks about, or, where several queries share it, once for the whole
   * base population. An answer among some people serves for any part of them.
   */
  #among<T>(
    known: Map<string, CachedResult<T>>,
    key: string,
    query: Query,
    ask: FormContext,
    make: (ask: FormContext) => T,
  ): T {
    const found = known.get(key);
    if (found !== undefined && (found.among === ask.among || contains(found.among, ask.among)))
      return found.value;
    const widely = found !== undefined || this.#shared.has(key) ? this.ask(query) : ask;
    const value = make(widely);
    known.set(key, { value, among: widely.among });
    return value;
  }
}
