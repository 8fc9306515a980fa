import { leafOf, type Entry, type SealedEntry } from "./entry.js";
import { leafHash, nodeHash, rootHash } from "./merkle.js";

/** A log's entries as a tree, with every root that it ever had, from one pass over its entries. */
export class ReplayedLog {
  readonly entries: readonly (Entry | SealedEntry)[];
  /** Hashes of complete subtrees, as `log_node` keeps them. */
  readonly #levels: Buffer[][];

  /** @param entries from position 0 on, without a gap. */
  constructor(entries: readonly (Entry | SealedEntry)[]) {
    this.entries = entries;
    this.#levels = [entries.map((entry) => leafHash(leafOf(entry)))];
    for (let below = this.#levels[0]; below && below.length > 1; below = this.#levels.at(-1)) {
      const level: Buffer[] = [];
      for (let i = 0; i + 1 < below.length; i += 2)
        level.push(nodeHash(below[i] as Buffer, below[i + 1] as Buffer));
      this.#levels.push(level);
    }
  }

  get size(): number {
    return this.entries.length;
  }

  /** The root that the log had when it held `size` entries. Takes as many hashes as the tree is high. */
  rootAt(size: number): Buffer {
    if (!(size >= 0 && size <= this.size))
      throw new RangeError(`a log of ${this.size} entries had no ${size}`);
    return rootHash(size, (level, position) => this.#levels[level]?.[position] as Buffer);
  }
}
