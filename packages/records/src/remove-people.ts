/** Removes people from the store, with everything about them. */
import type { Database } from "@cairn/sqlite";

/** Counts of what the store held before a load and does not hold after it. */
export interface RemovedCounts {
  readonly people: number;
  readonly events: number;
  readonly registrations: number;
}

/** Their keys are given to nobody else. */
export function removePeople(db: Database, keys: readonly number[]): RemovedCounts {
  const of = (table: string, column: string) =>
    db.prepare<[number]>(`DELETE FROM ${table} WHERE ${column} = CAST(? AS INTEGER)`);
  const [dropEvents, dropRegistrations, dropKept, drop] = [
    of("event", "patient"),
    of("registration", "patient"),
    of("kept_row", "patient"),
    of("patient", "key"),
  ];
  let [events, registrations] = [0, 0];
  for (const key of keys) {
    events += dropEvents.run(key).changes;
    registrations += dropRegistrations.run(key).changes;
    dropKept.run(key);
    drop.run(key);
  }
  if (events > 0) db.prepare("UPDATE store SET events = events - CAST(? AS INTEGER)").run(events);
  return { people: keys.length, events, registrations };
}
