/**
 * A history entry as bytes, for the keeper to store without knowing what is inside: it holds patient sets by
 * store key, so it never leaves the keeper's database.
 *
 * u8 format; varint length + UTF-8 JSON head; then for each cell and side: varint code, varint reason
 * (0 none), varint count, set; where the head says that the side is carried, also varint count and set of then. The
 * sets are the shorter of rising differences and a bitmap.
 *
 * Format 1 carried a cell as a whole and held the sets of then only: who it was about at its own date is lost.
 */
import type { CarriedCount, HistoryCell, HistoryEntry, HistorySide } from "./history.js";
import type { Members } from "./members.js";
import { REASONS } from "./reason.js";
import { DisclosureError } from "./table.js";
import { at } from "./at.js";

const FORMAT = 2;

export function encodeEntry(entry: HistoryEntry): Uint8Array {
  const { cells, ...named } = entry;
  const places = cells.map(({ split, denominator, numerator }): Place => {
    const from = [fromOf(denominator), fromOf(numerator)] as const;
    return from.some((side) => side !== null) ? { split, from } : { split };
  });
  const head = new TextEncoder().encode(JSON.stringify({ ...named, places }));
  const out = new ByteWriter();
  out.byte(FORMAT);
  out.varint(head.length);
  head.forEach((byte) => out.byte(byte));
  for (const cell of cells) {
    for (const side of [cell.denominator, cell.numerator]) {
      out.varint(side.code);
      out.varint(side.reason === null ? 0 : REASONS.indexOf(side.reason) + 1);
      out.varint(side.count);
      writeSet(out, side.members);
      if (!side.carried) continue;
      out.varint(side.carried.count);
      writeSet(out, side.carried.members);
    }
  }
  return out.bytes();
}

function fromOf({ carried }: HistorySide): From | null {
  return carried ? { date: carried.date, periods: carried.periods } : null;
}

/** Reads the bytes of `encodeEntry`. @throws DisclosureError where they are not such bytes. */
export function decodeEntry(bytes: Uint8Array): HistoryEntry {
  try {
    const input = new ByteReader(bytes);
    const format = input.byte();
    if (format !== 1 && format !== FORMAT) throw new RangeError("unknown format");
    const head = JSON.parse(new TextDecoder().decode(input.take(input.varint()))) as Head;
    const { places, ...named } = head;
    const cells = places.map((place) => (format === 1 ? readFirst(place, input) : readCell(place, input)));
    if (!input.atEnd()) throw new RangeError("bytes left over");
    return { ...named, cells };
  } catch (cause) {
    const error = new DisclosureError(
      "entry-unreadable",
      "an entry of the release history cannot be read: restore the keeper's database from a backup",
    );
    error.cause = cause;
    throw error;
  }
}

type Head = Omit<HistoryEntry, "cells"> & { readonly places: readonly (Place & FirstPlace)[] };
type From = Pick<CarriedCount, "date" | "periods">;

interface Place {
  readonly split: HistoryCell["split"];
  /** Where the values of denominator and numerator are carried from; absent where neither is carried. */
  readonly from?: readonly [From | null, From | null];
}

/** A carried cell in format 1. */
interface FirstPlace {
  readonly carried?: number;
  readonly carriedFrom?: string | null;
}

function readCell({ split, from }: Place, input: ByteReader): HistoryCell {
  const read = (nth: 0 | 1): HistorySide => {
    const side = readSide(input);
    const then = from?.[nth];
    if (!then) return side;
    const count = input.varint();
    return { ...side, carried: { ...then, count, members: readSet(input) } };
  };
  return { split, denominator: read(0), numerator: read(1) };
}

function readFirst({ split, carried, carriedFrom }: Place & FirstPlace, input: ByteReader): HistoryCell {
  const read = (): HistorySide => {
    const side = readSide(input);
    if (carriedFrom === null || carriedFrom === undefined) return side;
    const { code, reason, members, count } = side;
    const today = { code, reason, members: new Int32Array(0), count: 0 };
    if (code === 0) return today;
    return { ...today, carried: { date: carriedFrom, periods: Math.max(1, carried ?? 1), members, count } };
  };
  return { split, denominator: read(), numerator: read() };
}

function readSide(input: ByteReader): HistorySide {
  const code = input.varint();
  const reason = input.varint();
  const count = input.varint();
  return {
    code,
    reason: reason === 0 ? null : (REASONS[reason - 1] ?? bad()),
    count,
    members: readSet(input),
  };
}

function bad(): never {
  throw new RangeError("unknown reason");
}

function writeSet(out: ByteWriter, members: Members): void {
  const last = members.at(-1) ?? -1;
  out.varint(members.length);
  const asBitmap = members.length * 8 > last + 8;
  out.byte(asBitmap ? 1 : 0);
  if (asBitmap) {
    const words = new Uint8Array((last >> 3) + 1);
    for (const key of members) words[key >> 3] = at(words, key >> 3) | (1 << (key & 7));
    out.varint(words.length);
    words.forEach((byte) => out.byte(byte));
    return;
  }
  let before = -1;
  for (const key of members) {
    out.varint(key - before - 1);
    before = key;
  }
}

function readSet(input: ByteReader): Members {
  const size = input.varint();
  if (input.byte() === 1) {
    return readBitmap(input.take(input.varint()), size);
  }
  const members = new Int32Array(size);
  let before = -1;
  for (let i = 0; i < size; i++) members[i] = before = before + 1 + input.varint();
  return members;
}

function readBitmap(bitmap: Uint8Array, size: number): Members {
  const members = new Int32Array(size);
  let n = 0;
  for (let i = 0; i < bitmap.length; i++) {
    for (let byte = at(bitmap, i); byte !== 0; byte &= byte - 1)
      members[n++] = (i << 3) + (31 - Math.clz32(byte & -byte)); // past its end an array of integers takes nothing in
  }
  if (n !== size) throw new RangeError("set of another size");
  return members;
}

class ByteWriter {
  #buffer = new Uint8Array(1024);
  #length = 0;

  byte(value: number): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(this.#buffer.length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length++] = value;
  }

  /** Little-endian base 128, for whole numbers from 0 up to 2^53. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 128) {
      this.byte((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.byte(rest);
  }

  bytes(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }
}

class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new RangeError("bytes end early");
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      if (scale > 2 ** 46) throw new RangeError("number too large");
    }
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new RangeError("bytes end early");
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
}
