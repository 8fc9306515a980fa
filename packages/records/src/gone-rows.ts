/** Rows that are no events any more, with the order of the version that says so: an older version does not bring them back. */
import type { Database, Statement } from "@cairn/sqlite";
import { IdBits } from "./id-bits.js";

export class GoneRows {
  readonly #bits = new IdBits();
  readonly #find: Statement<[number], number>;
  readonly #put: Statement<[number, number]>;

  constructor(db: Database) {
    const rows = db.prepare<[], number>("SELECT row FROM gone_row").pluck();
    for (const row of rows.iterate()) this.#bits.add(row);
    this.#find = db
      .prepare<[number], number>("SELECT source_order FROM gone_row WHERE row = CAST(? AS INTEGER)")
      .pluck();
    this.#put = db.prepare(
      `INSERT INTO gone_row VALUES (CAST(? AS INTEGER), CAST(? AS INTEGER)) ON CONFLICT (row)
       DO UPDATE SET source_order = max(source_order, excluded.source_order)`,
    );
  }

  put(row: number, order: number): void {
    this.#put.run(row, order);
  }

  /** Whether a version of this order is older than the one that said that the row is gone. */
  isOver(row: number, order: number): boolean {
    return this.#bits.has(row) && order < (this.#find.get(row) ?? -1);
  }
}
