/** Resources whose patient or medication has not been met yet. */
import { ImportError } from "../errors.js";
import type { FhirFacts } from "./facts.js";
import type { Scope } from "./references.js";

/** The place of a resource in its file, for messages and for resolving its references. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** The names of the bundle; null outside of bundles. */
  readonly scope: Scope | null;
}

/** One resource on its way in. */
export interface Item {
  readonly type: string;
  readonly id: string;
  readonly facts: FhirFacts;
  readonly at: Place;
}

const MOST = 500_000;

export class WaitingItems {
  readonly #items = new Set<Item>();
  readonly #byId = new Map<string, Item[]>();
  readonly #byBundle = new Map<Scope, Item[]>();

  /** Adds a resource that waits. @throws ImportError where too many wait */
  add(item: Item): void {
    if (this.#items.size === MOST) {
      throw new ImportError(
        "not-this-format",
        `${item.at.file}: half a million resources came before their patients; put the file of patients first`,
      );
    }
    this.#items.add(item);
    if (item.id !== "") listIn(this.#byId, `${item.type}/${item.id}`).push(item);
    if (item.at.scope !== null) listIn(this.#byBundle, item.at.scope).push(item);
  }

  /**
   * Drops older versions of a resource. Where a bundle is named, only those of that bundle, since another bundle may
   * hold another resource of the same id.
   * @returns those dropped
   */
  forget(type: string, id: string, scope?: Scope | null): readonly Item[] {
    if (this.#items.size === 0 || id === "") return [];
    const old = (this.#byId.get(`${type}/${id}`) ?? []).filter(
      (item) => (scope === undefined || item.at.scope === scope) && this.#items.has(item),
    );
    for (const item of old) this.#drop(item);
    return old;
  }

  /**
   * Tries once more the resources that wait in a bundle; those that still have to wait may find theirs in the outer
   * one.
   */
  closeBundle(scope: Scope, put: (item: Item) => boolean): void {
    for (const item of this.#byBundle.get(scope) ?? []) {
      if (!this.#items.has(item)) continue;
      if (put(item)) this.#drop(item);
      else if (scope.outer !== null) listIn(this.#byBundle, scope.outer).push(item);
    }
    this.#byBundle.delete(scope);
  }

  #drop(item: Item): void {
    this.#items.delete(item);
    const key = `${item.type}/${item.id}`;
    const others = this.#byId.get(key)?.filter((each) => each !== item) ?? [];
    if (others.length > 0) this.#byId.set(key, others);
    else this.#byId.delete(key);
  }

  /** Removes and returns all that still wait, in the order in which they came. */
  rest(): readonly Item[] {
    const rest = [...this.#items];
    this.#items.clear();
    this.#byId.clear();
    return rest;
  }
}

function listIn<K>(map: Map<K, Item[]>, key: K): Item[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}
