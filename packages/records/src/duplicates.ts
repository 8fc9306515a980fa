/** Finds rows of one patient and day with the same content as another one, whatever their ids. */
import { isDeleted, type PatientRows, WORDS } from "./spool.js";

/** Day, code, origin, measure, clinician; value and quantity bit by bit: see spool.ts for the places. */
const CONTENT = [1, 2, 3, 4, 5, 8, 9, 10, 11] as const;

/** Counts rows that repeat an earlier one of their patient. They are kept all the same. */
export class RepeatTally {
  /** The rows of the present patient, from 1 on, each where its hash says or at the next place that is free (0). */
  #places = new Int32Array(1 << 10);

  /** Number of rows, of those not skipped, that repeat an earlier one. */
  of(rows: PatientRows, skip: Uint8Array): number {
    const { words, count } = rows;
    const last = this.#clear(count * 2) - 1; // half of the places stay free, so that one is near
    const places = this.#places;
    let duplicates = 0;
    for (let i = 0; i < count; i++) {
      if (skip[i] === 1 || isDeleted(rows, i)) continue;
      let place = hashOf(words, i * WORDS) & last;
      while (places[place] !== 0 && !sayTheSame(words, i * WORDS, (places[place]! - 1) * WORDS))
        place = (place + 1) & last;
      if (places[place] === 0) places[place] = i + 1;
      else duplicates++;
    }
    return duplicates;
  }

  /** Frees as many places as are needed. @returns how many, a power of two */
  #clear(needed: number): number {
    let size = 16;
    while (size < needed) size *= 2;
    if (size > this.#places.length) this.#places = new Int32Array(size);
    else this.#places.fill(0, 0, size);
    return size;
  }
}

function hashOf(words: Int32Array, at: number): number {
  let hash = 0;
  for (const place of CONTENT) hash = Math.imul(hash ^ words[at + place]!, 0x85ebca6b) ^ (hash >>> 15);
  return hash ^ (hash >>> 16);
}

function sayTheSame(words: Int32Array, a: number, b: number): boolean {
  for (const place of CONTENT) if (words[a + place] !== words[b + place]) return false;
  return true;
}
