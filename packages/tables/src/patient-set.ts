/** Sets of patients: made, added to and read. */

import { at } from "./at.js";

/** A set of patients by store key: bit (key & 31) of word (key >> 5). */
export type PatientSet = Uint32Array;

export function emptySet(size: number): PatientSet {
  return new Uint32Array((size + 31) >>> 5);
}

export function addTo(set: PatientSet, key: number): void {
  set[key >>> 5] = at(set, key >>> 5) | (1 << (key & 31));
}

export function has(set: PatientSet, key: number): boolean {
  return ((at(set, key >>> 5) >>> (key & 31)) & 1) === 1;
}

/** The keys in the set, ascending. */
export function keysIn(set: PatientSet): number[] {
  return Array.from({ length: set.length * 32 }, (_, key) => key).filter((key) => has(set, key));
}
