/** Merges people who were two in the store: the records of the one become the other's. */
import type { Database } from "@cairn/sqlite";
import { removePeople } from "./remove-people.js";

/**
 * @param heirs key of each merged person -> key of the person who takes over their records. A row that the heir has
 * already is not taken twice.
 * @param touched called with both
 */
export function mergePeople(
  db: Database,
  heirs: ReadonlyMap<number, number>,
  touched: (patient: number) => void,
): void {
  const inherit = db.prepare<[Record<string, number>]>(`
    INSERT INTO event
    SELECT @heir, day, id + coalesce((SELECT max(o.id) + 1 FROM event AS o WHERE o.patient = @heir AND o.day = e.day), 0),
           code, value, measure, quantity, clinician, origin, source_row, source_order, source_code
    FROM event AS e WHERE patient = @patient
      AND (source_row = 0 OR source_row NOT IN (SELECT source_row FROM event WHERE patient = @heir))`);
  const inheritRegistrations = db.prepare<[Record<string, number>]>(`
    INSERT OR IGNORE INTO registration
    SELECT CAST(@heir AS INTEGER), start_day, end_day FROM registration WHERE patient = @patient`);
  const inheritLeftOut = db.prepare<[Record<string, number>]>(`
    INSERT OR IGNORE INTO left_out
    SELECT heir.practice_id FROM patient AS heir
    WHERE heir.key = @heir AND (SELECT practice_id FROM patient WHERE key = @patient) IN (SELECT practice_id FROM left_out)`);
  const inheritMark = db.prepare<[Record<string, number>]>(`
    UPDATE patient SET confidential = 1
    WHERE key = @heir AND (SELECT confidential FROM patient WHERE key = @patient) = 1`);
  let inherited = 0;
  for (const [patient, heir] of heirs) {
    inherited += inherit.run({ patient, heir }).changes;
    inheritRegistrations.run({ patient, heir });
    inheritLeftOut.run({ patient, heir });
    inheritMark.run({ patient, heir });
    touched(patient);
    touched(heir);
  }
  if (inherited > 0) db.prepare("UPDATE store SET events = events + CAST(? AS INTEGER)").run(inherited);
  removePeople(db, [...heirs.keys()]);
}
