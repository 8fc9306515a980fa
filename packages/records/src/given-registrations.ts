/** The registrations of a load, and those of earlier loads that they correct. */
import type { Database, Statement } from "@cairn/sqlite";

interface Registration {
  readonly start_day: number;
  readonly end_day: number | null;
}

export class GivenRegistrations {
  readonly #db: Database;
  readonly #of = new Map<number, Map<number, number | null>>(); // by patient: end by start
  readonly #put: Statement;
  readonly #select: Statement<[number], Registration>;
  readonly #drop: Statement<[Record<string, number>]>;
  /** Whether the store held any before: otherwise there is nothing to correct. */
  readonly #held: boolean;
  changed = false;
  /** Whether the load gave any registration. */
  given = false;

  constructor(db: Database) {
    this.#db = db;
    this.#put = db.prepare(`
      INSERT INTO registration (patient, start_day, end_day) VALUES (?, ?, ?)
      ON CONFLICT (patient, start_day) DO UPDATE SET end_day = excluded.end_day
      WHERE end_day IS NOT excluded.end_day`);
    this.#drop = db.prepare<[Record<string, number>]>(
      "DELETE FROM registration WHERE patient = CAST(@patient AS INTEGER) AND start_day = CAST(@start AS INTEGER)",
    );
    this.#select = db.prepare<[number], Registration>(
      "SELECT start_day, end_day FROM registration WHERE patient = CAST(? AS INTEGER) ORDER BY start_day",
    );
    this.#held = this.any();
  }

  /** Whether anybody has a registration of their own, in the store or in the load so far. */
  any(): boolean {
    return this.#db.prepare("SELECT 1 FROM registration LIMIT 1").get() !== undefined;
  }

  /**
   * Adds a registration, known by its patient and start; given again, its end is corrected. One of an earlier load
   * that overlaps what this load gives, and is not given, had its start corrected and goes with `settle`.
   */
  put(patient: number, start: number, end: number | null): void {
    this.given = true;
    if (this.#held) {
      let given = this.#of.get(patient);
      if (given === undefined) this.#of.set(patient, (given = new Map<number, number | null>()));
      given.set(start, end);
    }
    if (this.#put.run(patient, start, end).changes > 0) this.changed = true;
  }

  /** A person's registrations of earlier loads and this one, by their starts. */
  of(patient: number): Registration[] {
    return this.#select.all(patient);
  }

  /** Removes a registration, also one given earlier in this load. @returns whether there was one */
  remove(patient: number, start: number): boolean {
    this.given = true;
    this.#of.get(patient)?.delete(start);
    const removed = this.#drop.run({ patient, start }).changes > 0;
    if (removed) this.changed = true;
    return removed;
  }

  /**
   * Removes stored registrations that overlap a given one: nobody is registered twice at a time, so their start was
   * corrected.
   * @param whole whether every stored one that was not given goes
   * @returns the number removed
   */
  settle(whole: boolean): number {
    if (!this.#held) return 0;
    const others = whole ? this.#others() : this.#overlapping();
    for (const [patient, start] of others) this.#drop.run({ patient, start });
    if (others.length > 0) this.changed = true;
    return others.length;
  }

  #overlapping(): [patient: number, start: number][] {
    const others: [number, number][] = [];
    for (const [patient, given] of this.#of) {
      for (const each of this.of(patient)) {
        if (given.has(each.start_day)) continue;
        if ([...given].some(([start, end]) => overlap(each, start, end)))
          others.push([patient, each.start_day]);
      }
    }
    return others;
  }

  #others(): [patient: number, start: number][] {
    const all = this.#db.prepare<[], [number, number]>("SELECT patient, start_day FROM registration").raw();
    return all.all().filter(([patient, start]) => this.#of.get(patient)?.has(start) !== true);
  }
}

/** Whether two registrations overlap. One may begin on the day on which another ends. */
function overlap({ start_day, end_day }: Registration, start: number, end: number | null): boolean {
  return start_day < (end ?? Infinity) && start < (end_day ?? Infinity);
}
