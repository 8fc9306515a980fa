import type { Mask } from "./masks.js";
import type { Partition } from "./partition.js";

/**
 * Counters for all reference dates at once, bit-sliced: plane j of a cell holds bit j of its count on each date, so
 * that adding a patient's word adds up to 32 dates with a ripple of XOR and AND.
 */
export class Counters {
  readonly cells: number;
  readonly #depth: number;
  readonly #planes: Int32Array;

  /** `most`: the greatest count there can be. */
  constructor(cells: number, most: number) {
    this.cells = cells;
    this.#depth = 32 - Math.clz32(most);
    this.#planes = new Int32Array(cells * this.#depth);
  }

  /** Adds every patient of the mask to the cells that the partition has them in. */
  addAll(mask: Mask, { length, patient, cell, bits }: Partition): void {
    const planes = this.#planes;
    const depth = this.#depth;
    for (let r = 0; r < length; r++) {
      let carry = mask[patient[r]!]! & bits[r]!;
      for (let j = cell[r]! * depth; carry !== 0; j++) {
        const plane = planes[j]!;
        planes[j] = plane ^ carry;
        carry &= plane;
      }
    }
  }

  /** Counts by date and then cell: count of cell c on date k is at [k * cells + c]. */
  read(dates: number): Int32Array {
    const counts = new Int32Array(dates * this.cells);
    for (let cell = 0; cell < this.cells; cell++) {
      for (let j = 0; j < this.#depth; j++) {
        let plane = this.#planes[cell * this.#depth + j]!;
        for (let k = 0; plane !== 0; k++, plane >>>= 1) counts[k * this.cells + cell]! += (plane & 1) << j;
      }
    }
    return counts;
  }
}
