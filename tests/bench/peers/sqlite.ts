/** The careful engineer's SQL on the record store itself: its file, its index, its codes looked up beforehand. */
import type { Codelist, Query } from "@cairn/query-library";
import { openDatabase, type Database } from "@cairn/sqlite";
import { BY_PATIENT, daysNamed, daysOf, sqlOf, type Row } from "./sql.js";

/** Later than every day, for what has no end. */
const FOREVER = 2_000_000_000;

export const relationOf = (list: Codelist): string => `ev_${list.name.replaceAll("-", "_")}`;

/** The people, with registrations that touch or overlap joined (the day after an end still touches). */
export const PEOPLE = `
  CREATE TEMP TABLE person AS
    SELECT key AS patient, sex, birth_day, coalesce(death_day, ${FOREVER}) AS death_day, deprivation_fifth AS fifth
    FROM patient;
  CREATE UNIQUE INDEX temp.person_by_patient ON person (patient);
  CREATE TEMP TABLE spell AS
    WITH ends AS (
      SELECT patient, start_day, coalesce(end_day, ${FOREVER}) AS end_day,
             max(coalesce(end_day, ${FOREVER})) OVER before AS earlier_end
      FROM registration WINDOW before AS
        (PARTITION BY patient ORDER BY start_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)),
    islands AS (
      SELECT patient, start_day, end_day,
             sum(CASE WHEN start_day <= earlier_end + 1 THEN 0 ELSE 1 END)
               OVER (PARTITION BY patient ORDER BY start_day) AS island FROM ends)
    SELECT patient, min(start_day) AS start_day, max(end_day) AS end_day FROM islands GROUP BY patient, island;
  CREATE INDEX temp.spell_by_patient ON spell (patient, start_day, end_day);`;

export class SqliteAnswers {
  readonly #db: Database;
  readonly #statements;

  constructor(file: string, queries: readonly Query[], codelists: Iterable<Codelist>) {
    this.#db = openDatabase(file, { readonly: true, check: false });
    this.#db.pragma("cache_size = -1048576"); // all of it in memory, as the engine's postings are
    this.#db.pragma("mmap_size = 4294967296");
    this.#db.pragma("temp_store = MEMORY");
    this.#db.exec(PEOPLE);
    for (const list of codelists) this.#db.exec(viewsOf(this.#db, list));
    this.#db.exec("ANALYZE temp");
    this.#statements = queries.map((query) => {
      const sql = sqlOf(query.query, "one date");
      return { statement: this.#db.prepare<[object], Row>(sql).raw(), names: daysNamed(sql) };
    });
  }

  /** [query][date] of rows. */
  answer(dates: readonly string[]): Row[][][] {
    const days = dates.map(daysOf);
    return this.#statements.map(({ statement, names }) =>
      days.map((day) =>
        // Bound as integers: the driver binds numbers as REAL, which keeps SQLite from its index on days.
        statement.all(Object.fromEntries(names.map((name) => [name, BigInt(day[name]!)]))),
      ),
    );
  }

  close(): void {
    this.#db.close();
  }
}

/** The events of a list, its codes and units looked up; HbA1c is given in mmol/mol, everything else as recorded. */
export function viewsOf(db: Database, list: Codelist): string {
  const find = db
    .prepare<[string, string], number>("SELECT key FROM code WHERE system = ? AND code = ?")
    .pluck();
  const codes = list.codes.flatMap((code) => find.get(list.system, code) ?? []);
  const measures = (column: "unit" | "comparator", text: string): string =>
    db.prepare<[string], number>(`SELECT key FROM measure WHERE ${column} = ?`).pluck().all(text).join();
  const value =
    list.name === "hba1c"
      ? `CASE WHEN measure IN (${measures("unit", "%")}) THEN round(10.929 * (value - 2.15)) ELSE value END`
      : "value";
  const events = `SELECT patient, day, ${value} AS value, measure IN (${measures("comparator", "<")}) AS below, clinician
    FROM event WHERE`;
  return `CREATE TEMP VIEW ${relationOf(list)} AS ${events} code IN (${codes.join()});
    CREATE TEMP VIEW ${BY_PATIENT}${relationOf(list)} AS ${events} +code IN (${codes.join()});`;
}
