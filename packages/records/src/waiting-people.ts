/**
 * People who are not here, by the identifiers that their events name. What is told of them waits under a key that is no
 * patient's until they come.
 */
import { dayNumber } from "@cairn/query-library";
import type { Database, Statement } from "@cairn/sqlite";
import { ownCopy } from "./dictionary.js";

/** Keys from here on are of people who are awaited: no patient's key comes near it. */
export const FIRST_AWAITED = 2 ** 25;

/** The day from which an opt-out without a date holds where the person's birth is not known. */
export const FIRST_DAY = dayNumber("1800-01-01");

/** The day of an event that waits and has none. */
export const NO_DAY = -100_000;

export function isAwaited(patient: number): boolean {
  return patient >= FIRST_AWAITED;
}

export class WaitingPeople {
  readonly #keys = new Map<string, number>();
  readonly #add: Statement<[number, string]>;
  #last: number;

  constructor(db: Database) {
    const held = db.prepare<[], [number, string]>("SELECT key, practice_id FROM awaited").raw();
    for (const [key, id] of held.iterate()) this.#keys.set(id, key);
    this.#last = Math.max(FIRST_AWAITED - 1, ...this.#keys.values());
    this.#add = db.prepare("INSERT INTO awaited (key, practice_id) VALUES (CAST(? AS INTEGER), ?)");
  }

  /** The key under which what is told of a person waits; 0 where nothing was. */
  find(practiceId: string): number {
    return this.#keys.get(practiceId) ?? 0;
  }

  /** The key under which what is told of a person waits, made at its first use. */
  key(practiceId: string): number {
    const known = this.find(practiceId);
    if (known !== 0) return known;
    const key = ++this.#last;
    this.#keys.set(ownCopy(practiceId), key);
    this.#add.run(key, practiceId);
    return key;
  }
}
