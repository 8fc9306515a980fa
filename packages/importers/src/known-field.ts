/** Columns whose texts come again and again: what is made of one is made once, and found by the bytes of the field. */
import { ownCopy } from "@cairn/records";
import type { CsvRow } from "./csv.js";

interface Known<T> {
  readonly bytes: Uint8Array;
  readonly made: T;
}

/** Texts that are known at a time; one that falls on the place of another drives it out. */
const PLACES = 1 << 10;
/** Longest field in bytes that is known: a hostile file has a thousand of a line's length. */
const LONGEST = 256;

export class KnownField<T> {
  readonly #column: number;
  readonly #make: (text: string) => T;
  readonly #known = new Array<Known<T> | undefined>(PLACES).fill(undefined);
  #last: Known<T> | undefined;

  /** @param make called with the field without the spaces around it; with nothing where the file has no such column (-1) */
  constructor(column: number, make: (text: string) => T) {
    this.#column = column;
    this.#make = make;
  }

  of(row: CsvRow): T {
    const column = this.#column;
    if (column < 0) return this.#make("");
    const last = this.#last;
    if (last !== undefined && row.hasBytes(column, last.bytes)) return last.made;
    const place = placeOf(row, column);
    const known = this.#known[place];
    if (known === undefined || !row.hasBytes(column, known.bytes)) return this.#learn(row, place);
    this.#last = known;
    return known.made;
  }

  #learn(row: CsvRow, place: number): T {
    const column = this.#column;
    const made = this.#make(ownCopy(row.trimmed(column)));
    if (row.doubled[column] === 1 || row.end[column]! - row.start[column]! > LONGEST) return made;
    const bytes = new Uint8Array(row.bytes.subarray(row.start[column], row.end[column])); // a copy
    this.#last = this.#known[place] = { bytes, made };
    return made;
  }
}

function placeOf({ bytes, start, end }: CsvRow, column: number): number {
  let hash = 0;
  for (let at = start[column]!; at < end[column]!; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}
