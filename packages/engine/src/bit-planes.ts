/** Bit-sliced counts: plane j holds bit j of the count on each date. */
import { at } from "@cairn/tables";

/** Adds 2^j on every date of the word, with a ripple of XOR and AND. */
export function addPlane(planes: Int32Array, j: number, word: number): void {
  for (let left = word; left !== 0; j++) {
    const plane = at(planes, j);
    planes[j] = plane ^ left;
    left &= plane;
  }
}
