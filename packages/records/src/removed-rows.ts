/** Rows that are no events any more, with the order of the version that says so: an older version does not bring them back. */
import type { Database, Statement } from "@cairn/sqlite";
import { IdSet } from "./id-set.js";

const NEWEST = "ON CONFLICT (row) DO UPDATE SET source_order = max(source_order, excluded.source_order)";

/** Keeps the orders of stored rows that go, where they have one. @param where which rows of the table, with these values */
export function keepGone(
  db: Database,
  table: "event" | "waiting_event",
  where: string,
  ...values: number[]
): void {
  db.prepare(
    `INSERT INTO gone_row SELECT source_row, source_order FROM ${table} WHERE source_order > 0 AND ${where} ${NEWEST}`,
  ).run(...values);
}

export class RemovedRows {
  readonly #bits = new IdSet();
  readonly #find: Statement<[number], number>;
  readonly #put: Statement<[number, number]>;

  constructor(db: Database) {
    const rows = db.prepare<[], number>("SELECT row FROM gone_row").pluck();
    for (const row of rows.iterate()) this.#bits.add(row);
    this.#find = db
      .prepare<[number], number>("SELECT source_order FROM gone_row WHERE row = CAST(? AS INTEGER)")
      .pluck();
    this.#put = db.prepare(`INSERT INTO gone_row VALUES (CAST(? AS INTEGER), CAST(? AS INTEGER)) ${NEWEST}`);
  }

  put(row: number, order: number): void {
    this.#put.run(row, order);
  }

  /** Whether a version of this order is older than the one that said that the row is gone. */
  isOver(row: number, order: number): boolean {
    return this.#bits.has(row) && order < (this.#find.get(row) ?? -1);
  }
}
