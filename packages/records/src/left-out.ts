/**
 * Who is left out of everything that leaves, beside the opt-outs in their records: people on the practice's own list, and
 * those whom the extract marks as confidential.
 *
 * A list names people by their identifiers, or by the numbers by which the practice's system finds them. It is kept by
 * identifiers, so that nobody is on it or off it because a number changed; a number that is nobody's yet waits for the
 * load that brings its person.
 */
import { type Database, inTransaction } from "@cairn/sqlite";

/** SQL: whether a row of `patient` is of somebody who is left out. */
export const IS_LEFT_OUT = "(confidential = 1 OR practice_id IN (SELECT practice_id FROM left_out))";

export interface LeftOutCounts {
  readonly identifiers: number;
  /** How many of them are of patients in the store; the others wait for a load that brings them. */
  readonly patients: number;
}

/** The name of the list, as the practice's log has it; null before there was one. */
export function leftOutList(db: Database): string | null {
  return db.prepare<[], string | null>("SELECT left_out_list FROM store").pluck().get()!;
}

export function countLeftOut(db: Database): LeftOutCounts {
  return db
    .prepare<[], LeftOutCounts>(
      `SELECT (SELECT count(*) FROM left_out) AS identifiers,
         (SELECT count(*) FROM left_out JOIN patient USING (practice_id)) AS patients`,
    )
    .get()!;
}

/** Those of the identifiers or numbers that are of no patient in the store. */
export function unknownOf(db: Database, identifiers: readonly string[]): string[] {
  return db
    .prepare<[string], string>(
      `SELECT value FROM json_each(?) WHERE value NOT IN (SELECT practice_id FROM patient)
         AND value NOT IN (SELECT number FROM patient WHERE number IS NOT NULL)`,
    )
    .pluck()
    .all(JSON.stringify(identifiers));
}

/**
 * Puts a list of identifiers or numbers in the place of the one before.
 * @param name gives the list its name in the practice's log; called once nobody else can write the records. Where this
 * ends before it is kept, the log names a list that is not there, and nothing is answered.
 * @returns how many were on the one before and are not on this
 * @throws SqliteError
 */
export function replaceLeftOut(db: Database, identifiers: readonly string[], name: () => string): number {
  return inTransaction(db, () => {
    const list = name();
    const before = db.prepare<[], string>("SELECT practice_id FROM left_out").pluck().all();
    db.exec("DELETE FROM left_out");
    db.prepare("INSERT INTO left_out SELECT DISTINCT value FROM json_each(?)").run(
      JSON.stringify(identifiers),
    );
    nameByIdentifier(db);
    db.prepare("UPDATE store SET left_out_list = ?").run(list);
    const isOn = db.prepare<[string]>("SELECT 1 FROM left_out WHERE practice_id = ?");
    return before.filter((identifier) => isOn.get(identifier) === undefined).length;
  });
}

/** Puts people's identifiers in the place of the numbers on the list. */
export function nameByIdentifier(db: Database): void {
  db.exec(`
    INSERT OR IGNORE INTO left_out
      SELECT practice_id FROM patient WHERE number IN (SELECT practice_id FROM left_out);
    DELETE FROM left_out WHERE practice_id IN (SELECT number FROM patient WHERE number IS NOT NULL)
      AND practice_id NOT IN (SELECT practice_id FROM patient)`);
}
