/** The registrations that a load gives, and those of earlier loads that they put right. */
import type { Database } from "@cairn/sqlite";

interface Registration {
  readonly start_day: number;
  readonly end_day: number | null;
}

export class GivenRegistrations {
  readonly #of = new Map<number, Map<number, number | null>>(); // by patient: end by start

  give(patient: number, start: number, end: number | null): void {
    let given = this.#of.get(patient);
    if (given === undefined) this.#of.set(patient, (given = new Map<number, number | null>()));
    given.set(start, end);
  }

  take(patient: number, start: number): void {
    this.#of.get(patient)?.delete(start);
  }

  /**
   * Removes what the store holds beside what was given and overlaps it: nobody is registered twice at a time, so its
   * start was corrected. `whole`: whatever was not given. @returns how many
   */
  settle(db: Database, whole: boolean): number {
    if (whole) return this.#removeOthers(db);
    const select = db.prepare<[number], Registration>(
      "SELECT start_day, end_day FROM registration WHERE patient = CAST(? AS INTEGER)",
    );
    const remove = db.prepare<[number, number]>(
      "DELETE FROM registration WHERE patient = ? AND start_day = ?",
    );
    let removed = 0;
    for (const [patient, given] of this.#of) {
      for (const each of select.all(patient)) {
        if (given.has(each.start_day) || ![...given].some(([start, end]) => overlap(each, start, end)))
          continue;
        remove.run(patient, each.start_day);
        removed++;
      }
    }
    return removed;
  }

  #removeOthers(db: Database): number {
    const all = db.prepare<[], [number, number]>("SELECT patient, start_day FROM registration").raw().all();
    const others = all.filter(([patient, start]) => this.#of.get(patient)?.has(start) !== true);
    const remove = db.prepare<[number, number]>(
      "DELETE FROM registration WHERE patient = ? AND start_day = ?",
    );
    for (const [patient, start] of others) remove.run(patient, start);
    return others.length;
  }
}

/** Somebody may leave and join again on one day. */
function overlap({ start_day, end_day }: Registration, start: number, end: number | null): boolean {
  return start_day < (end ?? Infinity) && start < (end_day ?? Infinity);
}
