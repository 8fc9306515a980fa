/** What a record store tells, to compare stores that came about in other ways. */
import { join } from "node:path";
import { openDatabase } from "@cairn/sqlite";

/** All that is in the store of this folder of people and their entries, without its own keys. */
export function told(store: string): Record<string, unknown[]> {
  const db = openDatabase(join(store, "records.db"), { readonly: true, check: false });
  const all = (sql: string): unknown[] => db.prepare(sql).raw().all();
  const people = all(
    "SELECT practice_id, sex, birth_day, birth_precision, death_day, deprivation_fifth, ethnic_group FROM patient ORDER BY 1",
  );
  const registrations = all(
    "SELECT p.practice_id, start_day, end_day FROM registration JOIN patient p ON p.key = patient ORDER BY 1, 2",
  );
  const events = all(
    `SELECT p.practice_id, e.day, c.system, c.code, e.value, m.unit, m.comparator, e.quantity, k.practice_id, e.source_row
     FROM event e JOIN patient p ON p.key = e.patient JOIN code c ON c.key = e.code
     LEFT JOIN measure m ON m.key = e.measure LEFT JOIN clinician k ON k.key = e.clinician ORDER BY 1, 2, 3, 4, 10`,
  );
  const counts = all("SELECT events, covers_to, (SELECT count(*) FROM event) FROM store");
  db.close();
  return { people, registrations, events, counts };
}
