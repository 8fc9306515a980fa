/** Ids of rows as bits: fifteen million are too many to hold. */

const BITS = 2 ** 28;

/** A bit for each id; pages of it that no id falls on take no memory. */
export class IdSet {
  #words: Uint32Array | null = null;

  /** Sets the id's bit. @returns whether it was set before: then the id may have been seen. */
  add(id: number): boolean {
    const words = (this.#words ??= new Uint32Array(BITS / 32));
    const bit = bitOf(id);
    const mask = 1 << (bit & 31);
    const before = words[bit >>> 5]!;
    words[bit >>> 5] = before | mask;
    return (before & mask) !== 0;
  }

  has(id: number): boolean {
    if (this.#words === null) return false;
    const bit = bitOf(id);
    return (this.#words[bit >>> 5]! & (1 << (bit & 31))) !== 0;
  }
}

/** The lowest bits of an id: a remainder of floating numbers takes ten times as long. */
function bitOf(id: number): number {
  return id & (BITS - 1);
}
