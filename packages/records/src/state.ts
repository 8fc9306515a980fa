/** Identifies the record store and version a reader sees, and lists patients changed since an earlier version. */
import type { Database } from "@cairn/sqlite";
import type { StoreState } from "./cache.js";

/** Share of changed patients above which reading everything again is no slower than seeking each. */
const SPLICE_UP_TO = 0.1;

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
  const changed = new Map<number, readonly number[] | null>();
  return {
    version,
    // A store put back from a backup goes the same numbers again with other loads.
    at: (version) => once(states, version, () => `${identity} ${version} ${loadOf.get(version) ?? ""}`),
    changedSince: (version) => once(changed, version, () => changedSince(db, version)),
  };
}

function changedSince(db: Database, version: number): readonly number[] | null {
  const patients = db.prepare<[], number>("SELECT count(*) FROM patient").pluck().get()!;
  const most = Math.floor(patients * SPLICE_UP_TO);
  const changed = db
    .prepare<[number, number], number>(
      `SELECT DISTINCT patient FROM touched WHERE version > CAST(? AS INTEGER)
       ORDER BY patient LIMIT CAST(? AS INTEGER)`,
    )
    .pluck()
    .all(version, most + 1);
  return changed.length > most ? null : changed;
}

function once<T>(known: Map<number, T>, version: number, find: () => T): T {
  let found = known.get(version);
  if (found === undefined) known.set(version, (found = find()));
  return found;
}
