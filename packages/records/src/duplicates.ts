/** Finds rows of one patient and day with the same content as another one, whatever their ids. */
import { isDeleted, type PatientRows, WORDS } from "./spool.js";

/** Number of rows, of those not skipped, that repeat an earlier one. They are kept all the same. */
export function duplicatesIn(rows: PatientRows, skip: Uint8Array): number {
  const { words, count } = rows;
  let duplicates = 0;
  for (let from = 0, to = 1; from < count; from = to++) {
    const day = words[from * WORDS + 1]!;
    while (to < count && words[to * WORDS + 1] === day) to++;
    if (to - from > 1) duplicates += duplicatesOfDay(rows, skip, from, to);
  }
  return duplicates;
}

function duplicatesOfDay(rows: PatientRows, skip: Uint8Array, from: number, to: number): number {
  const first = new Map<number, number>(); // by hash: where such a row stands first
  const { words } = rows;
  let duplicates = 0;
  for (let i = from; i < to; i++) {
    if (skip[i] === 1 || isDeleted(rows, i)) continue;
    const hash = hashOf(words, i * WORDS);
    const other = first.get(hash);
    if (other === undefined) first.set(hash, i);
    else if (sayTheSame(words, i * WORDS, other * WORDS)) duplicates++;
  }
  return duplicates;
}

/** Code, origin, measure, clinician; value and quantity bit by bit: see spool.ts for the places. */
const CONTENT = [2, 3, 4, 5, 8, 9, 10, 11] as const;

function hashOf(words: Int32Array, at: number): number {
  let hash = 0;
  for (const place of CONTENT) hash = Math.imul(hash ^ words[at + place]!, 0x85ebca6b) ^ (hash >>> 15);
  return hash;
}

function sayTheSame(words: Int32Array, a: number, b: number): boolean {
  return CONTENT.every((place) => words[a + place] === words[b + place]);
}
