/** Rows of people's registrations and addresses, kept by their ids: later extracts correct or delete them by these alone. */
import type { Database, Statement } from "@cairn/sqlite";

/** Of which table a row is. A contact way is what a number in other columns stands for, and is nobody's: patient 0. */
type KeptKind = "registration" | "address" | "contact way";

export interface KeptRow {
  readonly row: number;
  readonly patient: number;
  /** Day number from which on it holds. */
  readonly day: number;
  /** Of a registration the day on which it ended, null while it lasts; of an address its deprivation fifth; of a way which. */
  readonly value: number | null;
}

export class KeptRows {
  readonly #find: Statement<[string, number], KeptRow>;
  readonly #of: Statement<[number, string], KeptRow>;
  readonly #put: Statement<[Record<string, string | number | null>]>;
  readonly #drop: Statement<[string, number]>;
  readonly #dropAll: Statement<[number]>;
  readonly #move: Statement<[Record<string, number>]>;
  given = false;

  /** @param whole whether rows of earlier loads are forgotten, as the load is all there is */
  constructor(db: Database, whole: boolean) {
    if (whole) db.exec("DELETE FROM kept_row");
    this.#find = db.prepare(
      "SELECT row, patient, day, value FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)",
    );
    this.#of = db.prepare(
      "SELECT row, patient, day, value FROM kept_row INDEXED BY kept_row_by_patient WHERE patient = CAST(? AS INTEGER) AND kind = ? ORDER BY day, row",
    );
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO kept_row VALUES (@kind, CAST(@row AS INTEGER), CAST(@patient AS INTEGER), CAST(@day AS INTEGER), CAST(@value AS INTEGER))",
    );
    this.#drop = db.prepare("DELETE FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)");
    this.#dropAll = db.prepare("DELETE FROM kept_row WHERE patient = CAST(? AS INTEGER)");
    this.#move = db.prepare("UPDATE kept_row SET patient = CAST(@to AS INTEGER) WHERE patient = @from");
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
    this.#put.run({ kind, ...kept });
  }

  /** Gives all rows of one person to another. */
  move(from: number, to: number): void {
    if (this.#move.run({ from, to }).changes > 0) this.given = true;
  }

  /** Removes all rows of a person. */
  removeAll(patient: number): void {
    if (this.#dropAll.run(patient).changes > 0) this.given = true;
  }

  /** Removes a row. @returns the person who had it; null where nobody did */
  remove(kind: KeptKind, row: number): number | null {
    const before = this.#find.get(kind, row);
    if (before === undefined) return null;
    this.given = true;
    this.#drop.run(kind, row);
    return before.patient;
  }
}
