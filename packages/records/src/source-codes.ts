/**
 * The extract's own ids of codes. An event keeps the one that gave its code, so that it gets another code once a later
 * extract says that the id means another.
 */
import type { Database, Statement } from "@cairn/sqlite";
import type { Coding } from "./dictionary.js";
import { IS_OPT_OUT_ROW } from "./opt-out-rows.js";
import type { NewCodes } from "./new-codes.js";

interface Change {
  readonly key: number;
  readonly was: Coding;
  readonly now: Coding | null;
}

export class SourceCodes {
  readonly #find: Statement<[string], number>;
  readonly #add: Statement<[string], number>;
  readonly #ofTable: Statement<[string, string], [id: string, key: number]>;
  readonly #changes: Change[] = [];

  constructor(db: Database) {
    this.#find = db.prepare<[string], number>("SELECT key FROM source_code WHERE id = ?").pluck();
    this.#add = db.prepare<[string], number>("INSERT INTO source_code (id) VALUES (?) RETURNING key").pluck();
    this.#ofTable = db
      .prepare<[string, string], [string, number]>(
        "SELECT id, key FROM source_code WHERE substr(id, 1, length(?)) = ?",
      )
      .raw();
  }

  /** The key of an id, made at its first use. @param id behind the name of its table */
  key(id: string): number {
    return this.find(id) || this.#add.get(id)!;
  }

  /** The key of an id; 0 where no event used it. */
  find(id: string): number {
    return this.#find.get(id) ?? 0;
  }

  /** The ids of a table, each with its key. @param table its name, as it stands before them */
  of(table: string): [id: string, key: number][] {
    return this.#ofTable.all(table, table);
  }

  /** Gives stored events of an id, not 0, that have one code its new meaning once all are written: null where they are none. */
  recode(key: number, was: Coding, now: Coding | null): void {
    this.#changes.push({ key, was, now });
  }

  settle(corrected: NewCodes): void {
    for (const { key, was, now } of this.#changes) {
      const of = [was.code, was.origin, key] as const;
      if (now === null) corrected.drop(OF_ID, ...of);
      else {
        if (!now.holdsUndated) corrected.drop(`${OF_ID} AND ${IS_OPT_OUT_ROW}`, ...of);
        corrected.give(now, OF_ID, ...of);
      }
    }
  }
}

const OF_ID = "code = ? AND origin = ? AND source_code = ?";
