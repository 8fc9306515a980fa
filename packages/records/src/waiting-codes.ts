/**
 * Codes that stand for an id of the extract which nothing has explained yet: its meaning may come a night or more after
 * the events that use it, which then take it.
 */
import type { Database, Statement } from "@cairn/sqlite";
import { NO_DAY } from "./waiting-people.js";
import type { Codes, Coding } from "./dictionary.js";
import type { NewCodes } from "./new-codes.js";

interface AwaitedCode {
  readonly code: number;
  readonly confidential: 0 | 1;
}

export class WaitingCodes {
  readonly #db: Database;
  readonly #codes: Codes;
  readonly #put: Statement<[number, string, number, number]>;
  readonly #meanings = new Map<string, Coding | null>();

  constructor(db: Database, codes: Codes) {
    this.#db = db;
    this.#codes = codes;
    this.#put = db.prepare("INSERT OR IGNORE INTO awaited_code VALUES (?, ?, ?, ?)");
  }

  /**
   * The coding of an event whose code is an id that nothing explains.
   * @param id behind the name of its table, in letters, digits and hyphens
   * @param confidential whether the event is kept only if it proves to be an opt-out
   * @param waits whether it is no event before it is explained
   */
  coding(id: string, confidential: boolean, waits = confidential): Coding {
    const coding = this.#codes.coding("local", confidential ? `${id}-confidential` : id);
    this.#put.run(coding.code, id, confidential ? 1 : 0, waits ? 1 : 0);
    return coding;
  }

  /** The ids of a table that events use and nothing has explained. */
  ids(table: string): string[] {
    return this.#db
      .prepare<[string, string], string>(
        "SELECT DISTINCT id FROM awaited_code WHERE substr(id, 1, length(?)) = ?",
      )
      .pluck()
      .all(table, table);
  }

  /** Gives all events of an id their meaning, once they are written: null where they are never kept, or are none. */
  explain(id: string, meaning: Coding | null): void {
    this.#meanings.set(id, meaning);
  }

  get given(): boolean {
    return this.#meanings.size > 0;
  }

  /** Gives the events what was explained. */
  settle(corrected: NewCodes): void {
    const find = this.#db.prepare<[string], AwaitedCode>(
      "SELECT code, confidential FROM awaited_code WHERE id = ?",
    );
    const forget = this.#db.prepare<[number]>("DELETE FROM awaited_code WHERE code = ?");
    for (const [id, meaning] of this.#meanings) {
      for (const { code, confidential } of find.all(id)) {
        if (meaning === null || (confidential === 1 && !meaning.holdsUndated)) corrected.drop(OF_CODE, code);
        else {
          if (!meaning.holdsUndated) corrected.dropWaiting(`${OF_CODE} AND day = ${NO_DAY}`, code);
          corrected.give(meaning, OF_CODE, code);
        }
        forget.run(code);
      }
    }
  }
}

const OF_CODE = "code = ?";
