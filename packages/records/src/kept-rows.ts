/** Rows of people's registrations and addresses, kept by their ids: later extracts correct or delete them by these alone. */
import type { Database, Statement } from "@cairn/sqlite";
import { FIRST_AWAITED } from "./waiting-people.js";

/** Of which table a row is. A contact way is what a number in other columns stands for, and is nobody's: patient 0. */
type KeptKind = "registration" | "address" | "contact way";

export interface KeptRow {
  readonly row: number;
  readonly patient: number;
  /** Day number from which on it holds. */
  readonly day: number;
  /** Of a registration the day on which it ended, null while it lasts; of an address its deprivation fifth; of a way which. */
  readonly value: number | null;
  /** The order of the version that says it; 0 where it has none. */
  readonly order?: number;
}

const COLUMNS = 'row, patient, day, value, source_order AS "order"';

export class KeptRows {
  readonly #find: Statement<[string, number], KeptRow>;
  readonly #of: Statement<[number, string], KeptRow>;
  readonly #put: Statement<[Record<string, string | number | null>]>;
  readonly #drop: Statement<[string, number]>;
  readonly #dropAll: Statement<[Record<string, number>]>;
  readonly #dropAddresses: Statement<[]>;
  readonly #move: Statement<[Record<string, number>]>;
  given = false;

  /**
   * @param whole whether rows of earlier loads are forgotten, as the load is all there is; but no addresses of people who
   * are here, which are read with a table of deprivation alone: where there is one, `forgetAddresses`
   */
  constructor(db: Database, whole: boolean) {
    if (whole) db.exec(`DELETE FROM kept_row WHERE kind <> 'address' OR patient >= ${FIRST_AWAITED}`);
    this.#dropAddresses = db.prepare("DELETE FROM kept_row WHERE kind = 'address'");
    this.#find = db.prepare(`SELECT ${COLUMNS} FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)`);
    this.#of = db.prepare(
      `SELECT ${COLUMNS} FROM kept_row INDEXED BY kept_row_by_patient WHERE patient = CAST(? AS INTEGER) AND kind = ? ORDER BY day, row`,
    );
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO kept_row VALUES (@kind, CAST(@row AS INTEGER), CAST(@patient AS INTEGER), CAST(@day AS INTEGER), CAST(@value AS INTEGER), CAST(@order AS INTEGER))",
    );
    this.#drop = db.prepare("DELETE FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)");
    this.#dropAll = db.prepare("DELETE FROM kept_row WHERE patient = @patient AND source_order < @before");
    this.#move = db.prepare(
      "UPDATE kept_row SET patient = CAST(@to AS INTEGER) WHERE patient = @from AND source_order > @above",
    );
  }

  /** A person's rows, by their days. */
  of(patient: number, kind: KeptKind): KeptRow[] {
    return this.#of.all(patient, kind);
  }

  find(kind: KeptKind, row: number): KeptRow | undefined {
    return this.#find.get(kind, row);
  }

  put(kind: KeptKind, kept: KeptRow): void {
    this.given = true;
    this.#put.run({ kind, order: 0, ...kept });
  }

  /** Gives all rows of one person to another, or those above an order. */
  move(from: number, to: number, above = -1): void {
    if (this.#move.run({ from, to, above }).changes > 0) this.given = true;
  }

  /** Removes all rows of a person, up to an order where one is given. */
  removeAll(patient: number, before = Infinity): void {
    if (this.#dropAll.run({ patient, before }).changes > 0) this.given = true;
  }

  /** Forgets all addresses: the load tells of all. */
  forgetAddresses(): void {
    if (this.#dropAddresses.run().changes > 0) this.given = true;
  }

  /** Whether the row is known by a version of a higher order. */
  isOver(kind: KeptKind, row: number, order: number): boolean {
    return (this.#find.get(kind, row)?.order ?? 0) > order;
  }

  /** Removes a row; its order, where it has one, stays. @returns the person who had it; null where nobody did */
  remove(kind: KeptKind, row: number, order = 0): number | null {
    const before = this.#find.get(kind, row);
    if (order > 0) this.#put.run({ kind, row, patient: 0, day: 0, value: null, order });
    else if (before !== undefined) this.#drop.run(kind, row);
    if (before === undefined || before.patient === 0) return null;
    this.given = true;
    return before.patient;
  }
}
