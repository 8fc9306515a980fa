import { addTo, emptySet, type PatientSet } from "@cairn/tables";
import { addPlane, type Mask } from "./masks.js";
import type { Partition } from "./partition.js";

/**
 * Counts of a mask's people by date and cell: that of cell c on date k is at [k * cells + c].
 *
 * All dates are added at once, bit-sliced: plane j of a cell holds bit j of its count on each date. Eight words go in
 * at a time through carry-save adders, so that most of a cell is added without touching its planes
 * (Harley and Seal; Muła, Kurz and Lemire 2018, "Faster population counts using AVX2 instructions").
 */
export function countCells(mask: Mask, { cells, from, patient, bits }: Partition, dates: number): Int32Array {
  const counts = new Int32Array(dates * cells);
  const planes = new Int32Array(32);
  for (let c = 0; c < cells; c++) {
    const rows = from[c + 1]! - from[c]!;
    if (rows === 0) continue;
    addWords(planes, mask, patient, bits, from[c]!, from[c + 1]!);
    const depth = 32 - Math.clz32(rows);
    for (let j = 0; j < depth; j++) {
      let plane = planes[j]!;
      planes[j] = 0;
      for (let at = c; plane !== 0; at += cells, plane >>>= 1) counts[at]! += (plane & 1) << j;
    }
  }
  return counts;
}

/** Adds the words `mask[index[r]] & bits[r]` to a bit-sliced count, from `first` up to `end`. */
function addWords(
  planes: Int32Array,
  mask: Int32Array,
  index: Int32Array,
  bits: Int32Array,
  first: number,
  end: number,
): void {
  let ones = 0;
  let twos = 0;
  let fours = 0;
  let r = first;
  for (; r + 8 <= end; r += 8) {
    const a = mask[index[r]!]! & bits[r]!;
    const b = mask[index[r + 1]!]! & bits[r + 1]!;
    const twosA = carry(ones, a, b);
    ones ^= a ^ b;
    const c = mask[index[r + 2]!]! & bits[r + 2]!;
    const d = mask[index[r + 3]!]! & bits[r + 3]!;
    const twosB = carry(ones, c, d);
    ones ^= c ^ d;
    const foursA = carry(twos, twosA, twosB);
    twos ^= twosA ^ twosB;
    const e = mask[index[r + 4]!]! & bits[r + 4]!;
    const f = mask[index[r + 5]!]! & bits[r + 5]!;
    const twosC = carry(ones, e, f);
    ones ^= e ^ f;
    const g = mask[index[r + 6]!]! & bits[r + 6]!;
    const h = mask[index[r + 7]!]! & bits[r + 7]!;
    const twosD = carry(ones, g, h);
    ones ^= g ^ h;
    const foursB = carry(twos, twosC, twosD);
    twos ^= twosC ^ twosD;
    addPlane(planes, 3, carry(fours, foursA, foursB));
    fours ^= foursA ^ foursB;
  }
  addPlane(planes, 0, ones);
  addPlane(planes, 1, twos);
  addPlane(planes, 2, fours);
  for (; r < end; r++) addPlane(planes, 0, mask[index[r]!]! & bits[r]!);
}

/** The carry of three bits: the majority of each bit of three words. */
function carry(a: number, b: number, c: number): number {
  return (a & b) | ((a ^ b) & c);
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
