/** The practice's own list of people who are left out of everything that leaves, beside the opt-outs in their records. */
import { type Database, inTransaction } from "@cairn/sqlite";

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

/** Those of the identifiers that are of no patient in the store. */
export function unknownOf(db: Database, identifiers: readonly string[]): string[] {
  return db
    .prepare<[string], string>(
      "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT practice_id FROM patient)",
    )
    .pluck()
    .all(JSON.stringify(identifiers));
}

/**
 * Puts a list in the place of the one before.
 * @param name gives the list its name in the practice's log; called once nobody else can write the records. Where this
 * ends before it is kept, the log names a list that is not there, and nothing is answered.
 * @returns how many were on the one before and are not on this
 * @throws SqliteError
 */
export function replaceLeftOut(db: Database, identifiers: readonly string[], name: () => string): number {
  return inTransaction(db, () => {
    const list = name();
    const takenOff = db
      .prepare<[string]>("DELETE FROM left_out WHERE practice_id NOT IN (SELECT value FROM json_each(?))")
      .run(JSON.stringify(identifiers)).changes;
    db.prepare("INSERT OR IGNORE INTO left_out SELECT value FROM json_each(?)").run(
      JSON.stringify(identifiers),
    );
    db.prepare("UPDATE store SET left_out_list = ?").run(list);
    return takenOff;
  });
}
