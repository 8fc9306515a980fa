/**
 * Splits delimited text into rows without making an object for any of them: a row is a window on the text.
 * The general reader of the house, csv-parse, takes 6 microseconds a row before anything is done with it; a
 * practice's fifteen million rows have 6 microseconds each for everything.
 *
 * Takes what RFC 4180 allows, a byte order mark and either line end. A quote inside a field that does not begin
 * with one is an ordinary character.
 */
import { isUtf8 } from "node:buffer";
import { ownCopy } from "@cairn/records";
import { ImportError } from "./errors.js";

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const MOST_FIELDS = 512;
/** A quote that is still open at a line end so many bytes behind the record's beginning closes nowhere: wherever chunks end. */
const LONGEST_OPEN = 1 << 16;
/** Longest line in bytes: a file that goes on for longer without a line end is no table. */
const LONGEST_LINE = 4 << 20;

export interface CsvFormat {
  readonly delimiter: "," | "\t";
  readonly encoding: "utf8" | "latin1";
  /** Whether a file whose first line has tabs is separated by them, whatever `delimiter` is. */
  readonly orTabs?: boolean;
  /** Whether, between tabs, quotes are ordinary characters unless the first line begins with one. */
  readonly bareQuotes?: boolean;
}
/** The problem of a row that is split correctly, though a field of it is not UTF-8. */
export const NOT_UTF8 = "it is not UTF-8";
export const COMMA_UTF8: CsvFormat = { delimiter: ",", encoding: "utf8" };

interface CsvHandler {
  /** Called once, with the names of the columns as written. */
  header(names: string[]): void;
  /**
   * Called for each row. `problem` is the reason why it cannot be read, in which case its fields are not to be used;
   * else null. Where it is `NOT_UTF8`, the fields without such bytes are what they say.
   */
  row(row: CsvRow, problem: string | null): void;
  /** Called where the file ends in the middle of a row, before that row. */
  cutOff?(): void;
}

/**
 * The present row; the next one overwrites it. Fields are counted from 0; a negative index is a column that is
 * absent.
 */
export class CsvRow {
  /** The bytes around the row; they are others once the row is handled. */
  bytes: Uint8Array = new Uint8Array(0);
  /** The same, each as one character, so that a place is the same in both. */
  text = "";
  /** Whether the row has UTF-8 beyond ASCII: then its characters are not those of `text`. */
  isWide = false;
  line = 0;
  /** Lines of the file that the row takes: more than one where a quoted field runs over line ends. */
  lines = 1;
  count = 0;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly doubled: Uint8Array; // 1 where the field holds doubled quotes

  /** @param places most fields that it can have */
  constructor(places = MOST_FIELDS) {
    this.start = new Int32Array(places);
    this.end = new Int32Array(places);
    this.doubled = new Uint8Array(places);
  }

  get(i: number): string {
    if (i < 0 || i >= this.count) return "";
    const bytes = this.text.substring(this.start[i]!, this.end[i]);
    const field = this.isWide ? Buffer.from(bytes, "latin1").toString() : bytes;
    return this.doubled[i] === 1 ? field.replaceAll('""', '"') : field;
  }

  /** The field without the spaces around it: columns of a fixed width fill fields up with them. */
  trimmed(i: number): string {
    return this.get(i).trim();
  }

  /** Whether the field is this text; may say no of one that is. Makes no text of it. */
  repeats(i: number, text: string): boolean {
    const start = this.start[i]!;
    return this.end[i]! - start === text.length && !this.isWide && this.text.startsWith(text, start);
  }

  /** Whether the bytes of the field are these, and stand for what they say. Makes no text of it. */
  hasBytes(i: number, bytes: Uint8Array): boolean {
    const start = this.start[i]!;
    if (this.end[i]! - start !== bytes.length || this.doubled[i] === 1) return false;
    for (let at = 0; at < bytes.length; at++) if (this.bytes[start + at] !== bytes[at]) return false;
    return true;
  }

  /** Whether the bytes of the field are UTF-8. */
  isUtf8(i: number): boolean {
    return i < 0 || isUtf8(this.bytes.subarray(this.start[i], this.end[i]));
  }

  isEmpty(i: number): boolean {
    return i < 0 || i >= this.count || this.start[i] === this.end[i];
  }

  /** The row by itself: the next one does not overwrite it. */
  copy(): CsvRow {
    const copy = new CsvRow(this.count);
    const first = this.start[0]!;
    copy.bytes = new Uint8Array(this.bytes.subarray(first, this.end[this.count - 1]));
    copy.text = ownCopy(this.text.slice(first, this.end[this.count - 1]));
    copy.isWide = this.isWide;
    copy.line = this.line;
    copy.lines = this.lines;
    copy.count = this.count;
    for (let i = 0; i < this.count; i++) {
      copy.start[i] = this.start[i]! - first;
      copy.end[i] = this.end[i]! - first;
      copy.doubled[i] = this.doubled[i]!;
    }
    return copy;
  }

  /** Whether the row is empty: spreadsheets write rows of delimiters alone behind their last. */
  isBlank(): boolean {
    for (let i = 0; i < this.count; i++) {
      for (let at = this.start[i]!; at < this.end[i]!; at++)
        if (!isSpace(this.text.charCodeAt(at))) return false;
    }
    return true;
  }
}

function isSpace(c: number): boolean {
  return c === SPACE || c === TAB || c === CR;
}

/** Reads the chunks of one file. @param file its name in errors @throws ImportError */
export async function readCsv(
  chunks: AsyncIterable<Buffer>,
  file: string,
  format: CsvFormat,
  handler: CsvHandler,
): Promise<void> {
  let splitter: Splitter | null = null;
  const unsplit = new Unsplit();
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK) {
      unsplit.add(chunk.subarray(at, at + BLOCK));
      if (splitter === null) {
        if (unsplit.bytes.length < 3) continue;
        unsplit.drop(markLength(unsplit.bytes, file));
        refuseLoneReturns(unsplit.bytes, file);
      }
      const end = unsplit.bytes.lastIndexOf(LF) + 1;
      if (end === 0 && unsplit.bytes.length > LONGEST_LINE) throw endless(unsplit.bytes, file);
      if (end === 0) continue;
      splitter ??= new Splitter(layoutOf(unsplit.bytes, format), handler);
      unsplit.drop(splitter.take(unsplit.bytes.subarray(0, end)));
    }
  }
  if (splitter === null) refuseLoneReturns(unsplit.bytes, file);
  splitter ??= new Splitter(layoutOf(unsplit.bytes, format), handler);
  splitter.end(unsplit.bytes);
  if (splitter.rows === 0)
    throw new ImportError(
      "not-this-format",
      `${file}: is empty; it should begin with a line of column names`,
    );
}

/** Number of bytes that are split at once: a text of them is young when it dies, and costs the collector nothing. */
const BLOCK = 1 << 16;

/** The bytes that are still to be split, in memory that is used again and again. */
class Unsplit {
  #room = Buffer.alloc(2 * BLOCK);
  #filled = 0;

  /** Valid until the next `add` or `drop`. */
  get bytes(): Buffer {
    return this.#room.subarray(0, this.#filled);
  }

  add(bytes: Buffer): void {
    if (this.#filled + bytes.length > this.#room.length)
      this.#room = Buffer.concat([this.bytes], 2 * (this.#filled + bytes.length));
    this.#filled += bytes.copy(this.#room, this.#filled);
  }

  /** Forgets so many of the first. */
  drop(count: number): void {
    this.#room.copyWithin(0, count, this.#filled);
    this.#filled -= count;
  }
}

interface Layout {
  readonly delimiter: string;
  readonly quotes: boolean;
  readonly encoding: "utf8" | "latin1";
}

/**
 * Finds the delimiter and quoting of a file. Vocabularies and dictionaries write terms as they are, `"Brittle"
 * diabetes`; tools that quote begin with the header.
 */
function layoutOf(bytes: Buffer, format: CsvFormat): Layout {
  const { delimiter, encoding, orTabs = false, bareQuotes = false } = format;
  const header = firstLine(bytes);
  const found = orTabs && header.includes("\t") ? "\t" : delimiter;
  return { delimiter: found, quotes: found !== "\t" || !bareQuotes || header[0] === QUOTE, encoding };
}

/** The first line that is not blank. */
function firstLine(bytes: Buffer): Buffer {
  let start = 0;
  for (let at = 0; at < bytes.length && (isSpace(bytes[at]!) || bytes[at] === LF); at++)
    if (bytes[at] === LF) start = at + 1;
  const end = bytes.indexOf(LF, start);
  return bytes.subarray(start, end < 0 ? bytes.length : end);
}

/**
 * Refuses a file whose lines end with a carriage return alone, as spreadsheets on a Mac write them: it would be one
 * header.
 */
function refuseLoneReturns(bytes: Buffer, file: string): void {
  const at = bytes.indexOf(CR);
  const line = bytes.indexOf(LF);
  if (at < 0 || (line >= 0 && line <= at + 1) || at + 1 === bytes.length) return;
  if (!bytes.subarray(0, at).includes(QUOTE)) throw loneReturns(file);
}

function loneReturns(file: string): ImportError {
  const words = "its lines end with a lone carriage return; write it with LF or CRLF line ends";
  return new ImportError("not-this-format", `${file}: ${words}`);
}

function endless(bytes: Buffer, file: string): ImportError {
  if (bytes.includes(CR)) return loneReturns(file);
  return new ImportError("not-this-format", `${file}: it has no line ends, so it is no table`);
}

/** Length of the byte order mark. @throws ImportError where it is one of UTF-16 */
function markLength(bytes: Buffer, file: string): number {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 3;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff || bytes[1] === 0) {
    throw new ImportError("not-this-format", `${file}: is UTF-16; save it as UTF-8`);
  }
  return 0;
}

const GOES_ON = -1;
const TOO_LONG = -2;

class Splitter {
  readonly #delimiter: number;
  readonly #quotes: boolean;
  readonly #isUtf8: boolean;
  readonly #handler: CsvHandler;
  readonly #row = new CsvRow();
  #columns = 0;
  #line = 1;
  /** Whether the file's last line has no end. */
  #endsOpen = false;
  rows = 0;

  constructor({ delimiter, quotes, encoding }: Layout, handler: CsvHandler) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quotes = quotes;
    this.#isUtf8 = encoding === "utf8";
    this.#handler = handler;
  }

  /** Takes whole lines. @returns how many of the bytes: those of a row that goes on behind them are to come again */
  take(bytes: Buffer): number {
    return this.#split(bytes, false);
  }

  /** Takes what is left at the end of the file. */
  end(bytes: Buffer): void {
    this.#endsOpen = bytes.length > 0 && bytes.at(-1) !== LF;
    this.#split(this.#endsOpen ? Buffer.concat([bytes, Buffer.of(LF)]) : bytes, true);
  }

  #split(bytes: Buffer, isEnd: boolean): number {
    const row = this.#row;
    row.bytes = bytes;
    row.text = bytes.toString("latin1");
    let at = 0;
    while (at < bytes.length) {
      const next = this.#scan(bytes, at);
      if (next < 0) {
        const goesOn = next === GOES_ON;
        if (goesOn && !isEnd) return at;
        if (goesOn && this.#endsInQuotes(row.text, at)) this.#handler.cutOff?.();
        at = this.#hopeless(bytes, at, "a quote opens and never closes");
      } else if (next === 0) {
        at = this.#hopeless(bytes, at, "something follows a closing quote, or there are too many fields");
      } else {
        row.line = this.#line;
        if (this.#endsOpen && next === bytes.length && row.count < this.#columns) this.#handler.cutOff?.();
        this.#hand(bytes, at, next);
        this.#line += row.lines;
        at = next;
      }
    }
    return at;
  }

  /** Whether what follows an open quote is the beginning of a field, and not whole rows behind a stray quote. */
  #endsInQuotes(text: string, at: number): boolean {
    const later = text.slice(at).split("\n").slice(1);
    const delimiter = String.fromCharCode(this.#delimiter);
    return this.#endsOpen || !later.some((line) => line.split(delimiter).length >= this.#columns);
  }

  /** Reports a line that cannot be split as one bad row; reading goes on with the next line. */
  #hopeless(bytes: Buffer, at: number, problem: string): number {
    this.#row.line = this.#line++;
    this.#row.lines = 1;
    this.#row.count = 0;
    this.rows++;
    if (this.rows === 1) this.#handler.header([]);
    else this.#handler.row(this.#row, problem);
    return bytes.indexOf(LF, at) + 1;
  }

  #hand(bytes: Buffer, from: number, to: number): void {
    const row = this.#row;
    if (row.isBlank()) return;
    this.rows++;
    if (this.rows === 1) {
      this.#columns = row.count;
      this.#handler.header(Array.from({ length: row.count }, (_, i) => row.get(i).trim()));
      return;
    }
    let problem: string | null = null;
    if (row.count !== this.#columns) problem = "it has more or fewer fields than the header";
    else if (row.isWide && !isUtf8(bytes.subarray(from, to))) problem = NOT_UTF8;
    this.#handler.row(row, problem);
  }

  /**
   * Fills the row from `at`. The bytes end with a line end.
   * @returns the place where the next begins, GOES_ON or TOO_LONG if a quote has not closed yet, 0 if it is no row
   */
  #scan(bytes: Buffer, at: number): number {
    const last = at + LONGEST_OPEN;
    const row = this.#row;
    const { start: starts, end: ends, doubled } = row;
    const delimiter = this.#delimiter;
    let lines = 1;
    let bits = 0; // of all bytes together: the highest tells ASCII
    for (let n = 0; n < MOST_FIELDS; at++) {
      let c = bytes[at]!;
      let start = at;
      doubled[n] = 0;
      if (c === QUOTE && this.#quotes) {
        start++;
        for (;;) {
          c = bytes[++at]!;
          bits |= c;
          if (c > QUOTE) continue; // as nearly all are
          if (c === LF) {
            if (at >= last) return TOO_LONG;
            if (at + 1 === bytes.length) return GOES_ON;
            lines++;
          } else if (c === QUOTE) {
            if (bytes[at + 1] !== QUOTE) break;
            doubled[n] = 1;
            at++;
          }
        }
        ends[n] = at;
        c = bytes[++at]!;
        if (c === CR) c = bytes[++at]!;
        if (c !== delimiter && c !== LF) return 0;
      } else {
        for (; c !== delimiter && c !== LF; c = bytes[++at]!) bits |= c;
        ends[n] = c === LF && at > start && bytes[at - 1] === CR ? at - 1 : at;
      }
      starts[n++] = start;
      if (c === LF) {
        row.count = n;
        row.lines = lines;
        row.isWide = bits > 127 && this.#isUtf8;
        return at + 1;
      }
    }
    return 0;
  }
}
