/** What rows said of people, in an importer's own form, kept from one extract to the next. */
import type { Database, Statement } from "@cairn/sqlite";

export class KeptPeople {
  readonly #find: Statement<[string], string>;
  readonly #put: Statement<[string, string]>;
  readonly #all: Statement<[], [string, string]>;
  given = false;

  constructor(db: Database) {
    this.#find = db.prepare<[string], string>("SELECT said FROM kept_person WHERE practice_id = ?").pluck();
    this.#all = db.prepare<[], [string, string]>("SELECT practice_id, said FROM kept_person").raw();
    this.#put = db.prepare(
      `INSERT INTO kept_person VALUES (?, ?) ON CONFLICT (practice_id) DO UPDATE SET said = excluded.said
       WHERE said <> excluded.said`,
    );
  }

  /** What is kept of everybody. */
  all(): readonly (readonly [practiceId: string, said: string])[] {
    return this.#all.all();
  }

  get(practiceId: string): string | undefined {
    return this.#find.get(practiceId);
  }

  put(practiceId: string, said: string): void {
    if (this.#put.run(practiceId, said).changes > 0) this.given = true;
  }
}
