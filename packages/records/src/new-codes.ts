/** Gives stored events another code, here and among those that wait, and removes those that are none by it. */
import type { Database } from "@cairn/sqlite";
import type { Coding } from "./dictionary.js";
import { keepGone } from "./removed-rows.js";

export class NewCodes {
  readonly #db: Database;
  readonly #touched: (patient: number) => void;
  /** Number of events of people who are here that got another code. */
  recoded = 0;
  /** Number of events of people who are here that are none any more. */
  gone = 0;

  /** @param touched called with each patient of whom an event is another */
  constructor(db: Database, touched: (patient: number) => void) {
    this.#db = db;
    this.#touched = touched;
  }

  /** @param where SQL for which events, with these values */
  give({ code, origin }: Coding, where: string, ...values: number[]): void {
    this.#touch(where, values);
    const give = (table: string): number =>
      this.#db.prepare(`UPDATE ${table} SET code = ?, origin = ? WHERE ${where}`).run(code, origin, ...values)
        .changes;
    this.recoded += give("event");
    give("waiting_event");
  }

  /** Keeps the order of each event that goes: an older version of one is no event either. */
  drop(where: string, ...values: number[]): void {
    this.#touch(where, values);
    this.gone += this.#drop("event", where, values);
    this.dropWaiting(where, ...values);
  }

  dropWaiting(where: string, ...values: number[]): void {
    this.#drop("waiting_event", where, values);
  }

  #drop(table: "event" | "waiting_event", where: string, values: readonly number[]): number {
    keepGone(this.#db, table, where, ...values);
    return this.#db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...values).changes;
  }

  #touch(where: string, values: readonly number[]): void {
    const patients = this.#db.prepare<number[], number>(`SELECT DISTINCT patient FROM event WHERE ${where}`);
    for (const patient of patients.pluck().all(...values)) this.#touched(patient);
  }
}
