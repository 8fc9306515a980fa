/** Identifies the record store and version a reader sees, and lists the events touched since an earlier version. */
import type { Database } from "@cairn/sqlite";
import type { StoreState } from "./cache.js";
import { LOADS_KEPT } from "./event-changes.js";
import { KeptChanges } from "./kept-changes.js";

export function stateOf(db: Database): StoreState {
  const { identity, version } = db
    .prepare<[], { identity: string; version: number }>("SELECT identity, version FROM store")
    .get()!;
  const loadOf = db
    .prepare<[number], string>(
      "SELECT at || ' ' || digest FROM import WHERE version = CAST(? AS INTEGER) ORDER BY id LIMIT 1",
    )
    .pluck();
  const states = new Map<number, string>();
  const touched = new Map<number, KeptChanges | null>();
  return {
    version,
    // A store put back from a backup goes the same numbers again with other loads.
    at: (version) => once(states, version, () => `${identity} ${version} ${loadOf.get(version) ?? ""}`),
    touchedSince: (before) =>
      once(touched, before, () => (before < version - LOADS_KEPT ? null : new KeptChanges(db, before))),
  };
}

function once<T>(known: Map<number, T>, version: number, find: () => T): T {
  let found = known.get(version);
  if (found === undefined) known.set(version, (found = find()));
  return found;
}
