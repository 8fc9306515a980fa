/**
 * The rows of events that a load adds and removes, noted by the database itself, whatever part of the load does it: so
 * that what follows from the events is brought up to date by what changed, and not by a walk over all of them.
 */
import type { Database } from "@cairn/sqlite";

/** Loads whose changes are kept. What was made of the events before them is made anew. */
export const LOADS_KEPT = 32;

/** A row of events that came (`by` 1) or went (-1). */
type ChangedRow = [
  patient: number,
  day: number,
  code: number,
  origin: number,
  measure: number,
  hasValue: number,
  by: number,
];

export class EventChanges {
  readonly #db: Database;
  #isOn = true;

  constructor(db: Database) {
    this.#db = db;
    db.exec(`
      CREATE TEMP TABLE changed_row (patient INTEGER, day INTEGER, code INTEGER, origin INTEGER, measure INTEGER,
        has_value INTEGER, by INTEGER) STRICT;
      CREATE TEMP TRIGGER event_came AFTER INSERT ON main.event BEGIN INSERT INTO changed_row VALUES
        (new.patient, new.day, new.code, new.origin, new.measure, new.value IS NOT NULL, 1); END;
      CREATE TEMP TRIGGER event_went AFTER DELETE ON main.event BEGIN INSERT INTO changed_row VALUES
        (old.patient, old.day, old.code, old.origin, old.measure, old.value IS NOT NULL, -1); END`);
  }

  /** Whether the changes were noted from the load's beginning on. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** Notes also events that are changed where they stand: from here on few are. */
  noteCorrections(): void {
    if (this.#isOn)
      this.#db.exec(`
        CREATE TEMP TRIGGER event_corrected AFTER UPDATE OF day, code, origin ON main.event BEGIN INSERT INTO changed_row VALUES
          (old.patient, old.day, old.code, old.origin, old.measure, old.value IS NOT NULL, -1),
          (new.patient, new.day, new.code, new.origin, new.measure, new.value IS NOT NULL, 1); END`);
  }

  /** Notes no more: for loads that change so much that a walk over all events is quicker. */
  stop(): void {
    if (this.#isOn)
      this.#db.exec(
        "DROP TRIGGER event_came; DROP TRIGGER event_went; DROP TRIGGER IF EXISTS event_corrected",
      );
    this.#isOn = false;
  }

  rows(): IterableIterator<ChangedRow> {
    return this.#db.prepare<[], ChangedRow>("SELECT * FROM changed_row").raw().iterate();
  }

  /** Keeps what was touched, for the version of the store that the load makes, and forgets the oldest. */
  keep(version: number): void {
    this.#db
      .prepare<[number]>(
        "INSERT OR IGNORE INTO touched SELECT DISTINCT CAST(? AS INTEGER), patient, day, code FROM changed_row",
      )
      .run(version);
    this.#db
      .prepare<[number]>("DELETE FROM touched WHERE version <= CAST(? AS INTEGER)")
      .run(version - LOADS_KEPT);
    this.stop();
    this.#db.exec("DROP TABLE changed_row");
  }
}
