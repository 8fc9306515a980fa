/** Rows of people's registrations and addresses, kept by their ids: later extracts correct or delete them by these alone. */
import type { Database, Statement } from "@cairn/sqlite";

type KeptKind = "registration" | "address";

export interface KeptRow {
  readonly row: number;
  readonly patient: number;
  /** Day number from which on it holds. */
  readonly day: number;
  /** Of a registration the day on which it ended, null while it lasts; of an address its deprivation fifth. */
  readonly value: number | null;
}

export class KeptRows {
  readonly #find: Statement<[string, number], KeptRow>;
  readonly #of: Statement<[number, string], KeptRow>;
  readonly #put: Statement<[Record<string, string | number | null>]>;
  readonly #drop: Statement<[string, number]>;
  given = false;

  /** @param whole whether rows of earlier loads are forgotten, as the load is all there is */
  constructor(db: Database, whole: boolean) {
    if (whole) db.exec("DELETE FROM kept_row");
    this.#find = db.prepare(
      "SELECT row, patient, day, value FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)",
    );
    this.#of = db.prepare(
      "SELECT row, patient, day, value FROM kept_row WHERE patient = CAST(? AS INTEGER) AND kind = ? ORDER BY day, row",
    );
    this.#put = db.prepare(
      "INSERT OR REPLACE INTO kept_row VALUES (@kind, CAST(@row AS INTEGER), CAST(@patient AS INTEGER), CAST(@day AS INTEGER), CAST(@value AS INTEGER))",
    );
    this.#drop = db.prepare("DELETE FROM kept_row WHERE kind = ? AND row = CAST(? AS INTEGER)");
  }

  /** A person's rows, by their days. */
  of(patient: number, kind: KeptKind): KeptRow[] {
    return this.#of.all(patient, kind);
  }

  /** Puts a row. @returns the person who had it before, if it was another; else null */
  put(kind: KeptKind, kept: KeptRow): number | null {
    this.given = true;
    const before = this.#find.get(kind, kept.row)?.patient;
    this.#put.run({ kind, ...kept });
    return before === undefined || before === kept.patient ? null : before;
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
