/**
 * Puts events that arrive in any order into the order of the store (patient, day, arrival), in bounded memory:
 * a chunk of a million rows is sorted and written to a nameless temporary file as a run, and the runs are merged.
 *
 * A row is 16 words of 32 bits, so that sorting and merging never make an object for it:
 *   0 patient   1 day   2 code   3 origin   4 measure   5 clinician
 *   6-7 order   8-9 value   10-11 quantity   12-13 source row     (these four are float64; NaN is none)
 *   14 source code   15 nothing
 *
 * Of rows with one id the one of the highest order counts: the place of arrival, or what the extract says. That of a
 * row that is marked deleted is kept as -1 - order.
 */
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import type { Coding } from "./dictionary.js";

export const WORDS = 16;
export const DOUBLES = WORDS / 2;

/** The code of a tombstone that says no more than that the row is no event: it may well not be here. */
export const NO_EVENT = -1;

const MOST_ROWS = 1 << 20; // in a chunk: the sort key has 20 bits for a row's place
const READ_ROWS = 1 << 12;
/** Days that fit the sort key; importers refuse dates outside 1800 to 2199, which lie well within. */
const DAY_OFFSET = 1 << 17;

/** Rows of one patient, by day and then arrival. Valid until the next is asked for. */
export interface PatientRows {
  readonly patient: number;
  readonly count: number;
  readonly words: Int32Array;
  readonly doubles: Float64Array;
}

export class Spool {
  readonly #folder: string;
  readonly #chunkRows: number;
  readonly #runs: RunReader[] = [];
  #words: Int32Array = new Int32Array(0);
  #doubles: Float64Array = new Float64Array(0);
  #rows = 0;
  #written = 0;
  #codings: readonly Coding[] | null = null;

  /**
   * @param folder for the temporary files: the store's own, so that records never visit another disk
   * @param chunkRows at most 2^20, and smaller in tests
   */
  constructor(folder: string, chunkRows = MOST_ROWS) {
    this.#folder = folder;
    this.#chunkRows = chunkRows;
  }

  get count(): number {
    return this.#written + this.#rows;
  }

  add(
    patient: number,
    day: number,
    code: number,
    origin: number,
    value: number,
    measure: number,
    quantity: number,
    clinician: number,
    row: number,
    deleted: boolean,
    order = this.count,
    source = 0,
  ): void {
    if (this.#rows * WORDS === this.#words.length) this.#makeRoom();
    const at = this.#rows * WORDS;
    const words = this.#words;
    words[at] = patient;
    words[at + 1] = day;
    words[at + 2] = code;
    words[at + 3] = origin;
    words[at + 4] = measure;
    words[at + 5] = clinician;
    words[at + 14] = source;
    const half = at >> 1;
    this.#doubles[half + 3] = deleted ? -1 - order : order;
    this.#doubles[half + 4] = value;
    this.#doubles[half + 5] = quantity;
    this.#doubles[half + 6] = row;
    this.#rows++;
  }

  /** Replaces `code` of every row, a place in this list, by its code and origin when it is read. */
  replaceCodes(codings: readonly Coding[]): void {
    this.#codings = codings;
  }

  /** Calls `visit` with each row that is not marked deleted. */
  forEach(visit: (row: number, patient: number, order: number) => void): void {
    for (const run of this.#runs) run.forEach(visit);
    new RunReader(null, this.#words, this.#rows).forEach(visit);
  }

  /** Yields every patient's rows, in the order of their keys. The spool is empty afterwards. */
  *patients(): Generator<PatientRows> {
    if (this.#runs.length > 0) this.#writeRun();
    else if (this.#rows > 0) this.#runs.push(new RunReader(null, this.#sorted(), this.#rows));
    this.#setRoom(0); // what follows needs the memory
    try {
      for (const rows of merged(this.#runs)) {
        if (this.#codings !== null) replaceCodes(rows, this.#codings);
        yield rows;
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    for (const run of this.#runs) run.close();
    this.#runs.length = 0;
    this.#rows = 0;
    this.#setRoom(0);
  }

  /** Doubles the chunk up to its full size, then writes it out. */
  #makeRoom(): void {
    if (this.#rows < this.#chunkRows) {
      const before = this.#words;
      this.#setRoom(Math.min(this.#chunkRows, Math.max(1 << 12, this.#rows * 2)));
      this.#words.set(before);
    } else this.#writeRun();
  }

  #setRoom(rows: number): void {
    this.#doubles = new Float64Array(rows * DOUBLES);
    this.#words = new Int32Array(this.#doubles.buffer);
  }

  /** Writes the chunk out as a run, through a small window. */
  #writeRun(): void {
    const file = namelessFile(this.#folder);
    const order = this.#order();
    const window = new Float64Array(READ_ROWS * DOUBLES);
    for (let from = 0; from < order.length; from += READ_ROWS) {
      const places = order.subarray(from, from + READ_ROWS);
      this.#gather(places, window);
      writeAll(file, new Uint8Array(window.buffer, 0, places.length * DOUBLES * 8));
    }
    this.#runs.push(new RunReader(file, new Int32Array(window.buffer), this.#rows));
    this.#written += this.#rows;
    this.#rows = 0;
  }

  #sorted(): Int32Array {
    const sorted = new Float64Array(this.#rows * DOUBLES);
    this.#gather(this.#order(), sorted);
    return new Int32Array(sorted.buffer);
  }

  /** Copies the rows at these places, one behind the other. */
  #gather(places: Uint32Array, to: Float64Array): void {
    const from = this.#doubles;
    let at = 0;
    for (const place of places)
      for (let k = place * DOUBLES; k < (place + 1) * DOUBLES; k++) to[at++] = from[k]!;
  }

  /** The places of the chunk's rows, by patient, day and arrival. */
  #order(): Uint32Array {
    const rows = this.#rows;
    const keys = new BigUint64Array(rows);
    const halves = new Uint32Array(keys.buffer);
    for (let i = 0; i < rows; i++) {
      const patient = this.#words[i * WORDS]!;
      const day = this.#words[i * WORDS + 1]! + DAY_OFFSET;
      halves[2 * i] = ((day & 0xfff) << 20) | i;
      halves[2 * i + 1] = patient * 64 + (day >> 12);
    }
    keys.sort();
    const places = new Uint32Array(rows);
    for (let i = 0; i < rows; i++) places[i] = halves[2 * i]! & 0xfffff;
    return places;
  }
}

/** The order of a row, also of one that is marked deleted. */
export function orderOf({ doubles }: PatientRows, i: number): number {
  const order = doubles[i * DOUBLES + 3]!;
  return order < 0 ? -1 - order : order;
}

export function isDeleted({ doubles }: PatientRows, i: number): boolean {
  return doubles[i * DOUBLES + 3]! < 0;
}

function replaceCodes({ words, count }: PatientRows, codings: readonly Coding[]): void {
  for (let i = 0; i < count; i++) {
    const { code, origin } = codings[words[i * WORDS + 2]!]!;
    words[i * WORDS + 2] = code;
    words[i * WORDS + 3] = origin;
  }
}

/** Reads a run from front to back through a small window; the last run is still whole in memory. */
class RunReader {
  readonly #file: number | null;
  readonly #words: Int32Array;
  readonly #doubles: Float64Array;
  readonly #rows: number;
  #unread: number; // rows that are still in the file
  #at = 0;
  #filled: number;
  #position = 0;

  constructor(file: number | null, window: Int32Array, rows: number) {
    this.#file = file;
    this.#words = window;
    this.#doubles = new Float64Array(window.buffer);
    this.#rows = rows;
    this.#unread = file === null ? 0 : rows;
    this.#filled = file === null ? rows : 0;
    this.#refill();
  }

  /** The patient of the next row; Infinity at the end of the run. */
  get patient(): number {
    return this.#at < this.#filled ? this.#words[this.#at * WORDS]! : Infinity;
  }

  /** Calls `visit` with each row that is not marked deleted, or no event, and leaves the reader where it is. */
  forEach(visit: (row: number, patient: number, order: number) => void): void {
    const reader = new RunReader(
      this.#file,
      this.#file === null ? this.#words : new Int32Array(READ_ROWS * WORDS),
      this.#rows,
    );
    for (; reader.#at < reader.#filled; reader.#next()) {
      const at = reader.#at * DOUBLES;
      const order = reader.#doubles[at + 3]!;
      const isVisited = order >= 0 || reader.#words[at * 2 + 2] === NO_EVENT;
      if (isVisited) visit(reader.#doubles[at + 6]!, reader.#words[at * 2]!, order < 0 ? -1 - order : order);
    }
  }

  moveTo(group: Group): void {
    group.push(this.#doubles, this.#at * DOUBLES);
    this.#next();
  }

  #next(): void {
    if (++this.#at === this.#filled) this.#refill();
  }

  #refill(): void {
    if (this.#unread === 0 || this.#file === null) return;
    const rows = Math.min(this.#unread, this.#words.length / WORDS);
    readAll(this.#file, new Uint8Array(this.#words.buffer, 0, rows * WORDS * 4), this.#position);
    this.#position += rows * WORDS * 4;
    this.#unread -= rows;
    this.#filled = rows;
    this.#at = 0;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
  }
}

class Group implements PatientRows {
  patient = 0;
  count = 0;
  words: Int32Array = new Int32Array(WORDS * 4096);
  doubles: Float64Array = new Float64Array(this.words.buffer);

  push(from: Float64Array, at: number): void {
    if (this.count * DOUBLES === this.doubles.length) this.#grow();
    const to = this.count++ * DOUBLES;
    for (let k = 0; k < DOUBLES; k++) this.doubles[to + k] = from[at + k]!;
  }

  #grow(): void {
    const larger = new Float64Array(this.doubles.length * 2);
    larger.set(this.doubles);
    this.doubles = larger;
    this.words = new Int32Array(larger.buffer);
  }

  /** Sorts rows of several runs by day; arrival, which is their order, decides within a day. */
  sort(): void {
    const order = Array.from({ length: this.count }, (_, i) => i);
    order.sort((a, b) => this.words[a * WORDS + 1]! - this.words[b * WORDS + 1]!);
    const before = this.doubles.slice(0, this.count * DOUBLES);
    order.forEach((from, to) =>
      this.doubles.set(before.subarray(from * DOUBLES, (from + 1) * DOUBLES), to * DOUBLES),
    );
  }
}

function* merged(runs: readonly RunReader[]): Generator<PatientRows> {
  const group = new Group();
  for (;;) {
    const patient = runs.reduce((least, run) => Math.min(least, run.patient), Infinity);
    if (patient === Infinity) return;
    group.patient = patient;
    group.count = 0;
    let sources = 0;
    for (const run of runs) {
      if (run.patient === patient) sources++;
      while (run.patient === patient) run.moveTo(group);
    }
    if (sources > 1) group.sort();
    yield group;
  }
}

/** Opens a temporary file and unlinks it at once, so that it goes whatever ends the load. */
function namelessFile(folder: string): number {
  const path = `${folder}/load-${process.pid}-${process.hrtime.bigint()}.tmp`;
  const file = openSync(path, "wx+", 0o600);
  rmSync(path);
  return file;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at);
}

function readAll(file: number, bytes: Uint8Array, position: number): void {
  for (let at = 0; at < bytes.length;) {
    const read = readSync(file, bytes, at, bytes.length - at, position + at);
    if (read === 0) throw new Error("a temporary file of the load ended early");
    at += read;
  }
}
