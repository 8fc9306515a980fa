/** Codes that events point at by an id of the extract, kept from one extract to the next. */
import { CODE_SYSTEMS, type CodeSystem } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";

interface KeptCode {
  readonly system: CodeSystem;
  readonly code: string; // "" where it has none
}

export class KeptCodes {
  readonly #find: Statement<[string], { system: string; code: string }>;
  readonly #put: Statement<[string, string, string]>;
  readonly #findTable: Statement<[string], string>;
  readonly #putTable: Statement<[string, string]>;
  given = false;

  /** @param whole whether older tables than those of earlier loads count again, as the load is all there is */
  constructor(db: Database, whole: boolean) {
    if (whole) db.exec("DELETE FROM code_table");
    this.#findTable = db.prepare<[string], string>("SELECT moment FROM code_table WHERE name = ?").pluck();
    this.#putTable = db.prepare(
      "INSERT INTO code_table VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET moment = max(moment, excluded.moment)",
    );
    this.#find = db.prepare("SELECT system, code FROM medication WHERE id = ?");
    this.#put = db.prepare(
      "INSERT INTO medication VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET system = excluded.system, code = excluded.code",
    );
  }

  /** The code of that id; undefined where no extract had one. */
  get(id: string): KeptCode | undefined {
    const row = this.#find.get(id);
    const system = CODE_SYSTEMS.find((each) => each === row?.system);
    return row === undefined || system === undefined ? undefined : { system, code: row.code };
  }

  /** When the newest table of that name was taken from the system; empty where there was none. */
  newest(table: string): string {
    return this.#findTable.get(table) ?? "";
  }

  putNewest(table: string, moment: string): void {
    this.#putTable.run(table, moment);
  }

  put(id: string, { system, code }: KeptCode): void {
    this.given = true;
    this.#put.run(id, system, code);
  }
}
