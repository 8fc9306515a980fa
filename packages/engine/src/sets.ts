import { addTo, emptySet, type PatientSet } from "@cairn/tables";
import type { Mask } from "./masks.js";
import type { Partition } from "./partition.js";

/** The set of everyone in the mask on reference date k. */
export function setOn(mask: Mask, k: number): PatientSet {
  const set = emptySet(mask.length);
  for (let p = 0; p < mask.length; p++) set[p >>> 5]! |= ((mask[p]! >>> k) & 1) << (p & 31);
  return set;
}

/** The set of each cell of a split, of the people in the mask on reference date k. */
export function setsOn(mask: Mask, k: number, { cells, from, patient, bits }: Partition): PatientSet[] {
  return Array.from({ length: cells }, (_, c) => {
    const set = emptySet(mask.length);
    for (let r = from[c]!; r < from[c + 1]!; r++) {
      const p = patient[r]!;
      if (((mask[p]! & bits[r]!) >>> k) & 1) addTo(set, p);
    }
    return set;
  });
}
