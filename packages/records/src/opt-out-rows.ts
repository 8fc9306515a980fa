/**
 * Rows that are events only because their code says that somebody opted out: without a date they hold from the person's
 * birth, whatever day that proves to be, and they go where the code proves to say something else.
 */
import type { Database, Statement } from "@cairn/sqlite";
import { FIRST_DAY } from "./waiting-people.js";

/** SQL: whether a row of `event` or `waiting_event` is such a one. */
export const IS_OPT_OUT_ROW = "(source_row, source_order) IN (SELECT row, source_order FROM opt_out_row)";

interface Misplaced {
  readonly patient: number;
  readonly day: number;
  readonly id: number;
  readonly birth: number;
}

export class OptOutRows {
  readonly #db: Database;
  readonly #put: Statement<[number, number, number]>;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare(
      `INSERT INTO opt_out_row VALUES (CAST(? AS INTEGER), CAST(? AS INTEGER), ?)
       ON CONFLICT (row) DO UPDATE SET source_order = excluded.source_order, undated = excluded.undated
       WHERE excluded.source_order >= source_order`,
    );
  }

  /** Notes a version of a row. @param isUndated whether it has no date, else it was entered as confidential */
  put(row: number, order: number, isUndated: boolean): void {
    this.#put.run(row, order, isUndated ? 1 : 0);
  }

  /** Moves the events without a date to the birth of their people. @returns how many were on another day */
  settle(touched: (patient: number) => void): number {
    const misplaced = this.#db
      .prepare<[], Misplaced>(
        `SELECT e.patient, e.day, e.id, coalesce(p.birth_day, ${FIRST_DAY}) AS birth FROM opt_out_row AS o
         CROSS JOIN event AS e INDEXED BY event_by_row
           ON e.source_row = o.row AND e.source_row <> 0 AND e.source_order = o.source_order
         CROSS JOIN patient AS p ON p.key = e.patient
         WHERE o.undated = 1 AND e.day <> coalesce(p.birth_day, ${FIRST_DAY})`,
      )
      .all();
    const move = this.#db.prepare<[Misplaced]>(
      `UPDATE event SET day = CAST(@birth AS INTEGER),
         id = coalesce((SELECT max(id) + 1 FROM event WHERE patient = @patient AND day = @birth), 0)
       WHERE patient = @patient AND day = @day AND id = @id`,
    );
    for (const each of misplaced) {
      move.run(each);
      touched(each.patient);
    }
    return misplaced.length;
  }
}
