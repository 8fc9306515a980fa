/** DuckDB over the same events, one table for each codelist (codes expanded beforehand), in memory, on one thread. */
import type { Codelist, Query } from "@cairn/query-library";
import { openDatabase } from "@cairn/sqlite";
import { BY_PATIENT, daysOf, sqlOf, type Row } from "./sql.js";
import { PEOPLE, relationOf, viewsOf } from "./sqlite.js";

/** What is used of the package, whose own types are here only once it is installed. */
export interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string, options: Readonly<Record<string, string>>): Promise<Instance>;
  };
}

interface Instance {
  connect(): Promise<Connection>;
  closeSync(): void;
}

interface Connection {
  run(sql: string): Promise<unknown>;
  prepare(sql: string): Promise<Statement>;
  createAppender(table: string): Promise<Appender>;
  closeSync(): void;
}

interface Statement {
  run(): Promise<{ getRows(): Promise<unknown[][]> }>;
}

interface Appender {
  appendNull(): void;
  appendVarchar(value: string): void;
  appendInteger(value: number): void;
  appendDouble(value: number): void;
  endRow(): void;
  closeSync(): void;
}

export class DuckDbAnswers {
  readonly #statements: readonly Statement[];
  readonly #dates: number;
  readonly close: () => void;

  private constructor(statements: readonly Statement[], dates: number, close: () => void) {
    this.#statements = statements;
    this.#dates = dates;
    this.close = close;
  }

  /** Reads people and events out of the store's file into columns. */
  static async open(
    { DuckDBInstance }: DuckDb,
    file: string,
    queries: readonly Query[],
    codelists: Iterable<Codelist>,
    dates: readonly string[],
  ): Promise<DuckDbAnswers> {
    const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
    const connection = await instance.connect();
    const store = openDatabase(file, { readonly: true, check: false });
    store.exec(PEOPLE);
    const copy = async (
      table: string,
      columns: string,
      rows: Iterable<readonly unknown[]>,
    ): Promise<void> => {
      await connection.run(`CREATE TABLE ${table} (${columns})`);
      const appender = await connection.createAppender(table);
      for (const row of rows) {
        for (const value of row) {
          if (value === null) appender.appendNull();
          else if (typeof value === "string") appender.appendVarchar(value);
          else if (Number.isInteger(value)) appender.appendInteger(value as number);
          else appender.appendDouble(value as number);
        }
        appender.endRow();
      }
      appender.closeSync();
    };
    const read = (sql: string): Iterable<readonly unknown[]> =>
      store.prepare<[], readonly unknown[]>(sql).raw().iterate();
    const person = "patient INTEGER, sex VARCHAR, birth_day INTEGER, death_day INTEGER, fifth INTEGER";
    await copy("person", person, read("SELECT patient, sex, birth_day, death_day, fifth FROM person"));
    const spell = "patient INTEGER, start_day INTEGER, end_day INTEGER";
    await copy("spell", spell, read("SELECT patient, start_day, end_day FROM spell ORDER BY patient"));
    for (const list of codelists) {
      store.exec(viewsOf(store, list));
      const columns = "patient INTEGER, day INTEGER, value DOUBLE, below INTEGER, clinician INTEGER";
      const events = `SELECT patient, day, value, below, clinician FROM ${relationOf(list)} ORDER BY patient, day`;
      await copy(relationOf(list), columns, read(events));
      await connection.run(`CREATE VIEW ${BY_PATIENT}${relationOf(list)} AS FROM ${relationOf(list)}`);
    }
    store.close();
    const days = dates.map(daysOf);
    const names = Object.keys(days[0]!);
    const ofDates = days.map((day, k) => [k, ...names.map((name) => day[name]!)]);
    await copy("dates", ["k", ...names].map((name) => `${name} INTEGER`).join(), ofDates);
    const statements: Statement[] = [];
    for (const query of queries) statements.push(await connection.prepare(sqlOf(query.query, "all dates")));
    return new DuckDbAnswers(statements, dates.length, () => {
      connection.closeSync();
      instance.closeSync();
    });
  }

  /** [query][date] of rows. */
  async answer(): Promise<Row[][][]> {
    const answers: Row[][][] = [];
    for (const statement of this.#statements) {
      const byDate = Array.from({ length: this.#dates }, (): Row[] => []);
      for (const row of (await (await statement.run()).getRows()) as unknown as Row[])
        byDate[row[0]]!.push(row);
      answers.push(byDate);
    }
    return answers;
  }
}
