/** Ids of rows as bits: fifteen million are too many to hold. */

/**
 * Words of each layer. One is filled before the next is made, so that few ids stay in what a processor has near it, and
 * pages that no id falls on take no memory.
 */
const LAYERS = [2 ** 18, 2 ** 21, 2 ** 23] as const;

/** Bits for each id. Of fifteen million one in fifty is taken for another. */
export class IdSet {
  readonly #full: Layer[] = [];
  #open: Layer | null = null;

  /** Sets the id's bits. @returns whether they were set before: then the id may have been seen. */
  add(id: number): boolean {
    const low = id | 0; // a remainder of floating numbers takes ten times as long
    for (const layer of this.#full) if (layer.has(low)) return true;
    if (this.#open === null || this.#open.isFull) this.#openNext();
    return this.#open!.add(low);
  }

  has(id: number): boolean {
    const low = id | 0;
    for (const layer of this.#full) if (layer.has(low)) return true;
    return this.#open !== null && this.#open.has(low);
  }

  #openNext(): void {
    if (this.#open !== null) this.#full.push(this.#open);
    this.#open = new Layer(LAYERS[this.#full.length]!, this.#full.length === LAYERS.length - 1);
  }
}

/** Two bits for each id, one in either half of a word. Ids that follow one another share no pair. */
class Layer {
  readonly #words: Uint32Array;
  readonly #last: number;
  readonly #upper: number;
  #room: number;

  constructor(size: number, isLast: boolean) {
    this.#words = new Uint32Array(size);
    this.#last = size - 1;
    this.#upper = Math.log2(size) + 4;
    this.#room = isLast ? Infinity : size / 2;
  }

  get isFull(): boolean {
    return this.#room === 0;
  }

  add(low: number): boolean {
    const place = (low >>> 4) & this.#last;
    const mask = this.#maskOf(low);
    const before = this.#words[place]!;
    if ((before & mask) === mask) return true;
    this.#words[place] = before | mask;
    this.#room--;
    return false;
  }

  has(low: number): boolean {
    const mask = this.#maskOf(low);
    return (this.#words[(low >>> 4) & this.#last]! & mask) === mask;
  }

  #maskOf(low: number): number {
    return (1 << (low & 15)) | (1 << (16 + ((low >>> this.#upper) & 15)));
  }
}
