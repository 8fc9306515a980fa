/**
 * Splits delimited text into rows without making an object for any of them: a row is a window on the text.
 * The general reader of the house, csv-parse, takes 6 microseconds a row before anything is done with it; a
 * practice's fifteen million rows have 6 microseconds each for everything.
 *
 * Takes what RFC 4180 allows, a byte order mark and either line end. A quote inside a field that does not begin
 * with one is an ordinary character.
 */
import { isUtf8 } from "node:buffer";
import { ImportError } from "./errors.js";

const LF = 10;
const CR = 13;
const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const MOST_FIELDS = 512;
/** Longest record in characters. A quote still open after this is treated as an ordinary character. */
const LONGEST_RECORD = 1 << 16;
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
export const COMMA_UTF8: CsvFormat = { delimiter: ",", encoding: "utf8" };

interface CsvHandler {
  /** Called once, with the names of the columns as written. */
  header(names: string[]): void;
  /**
   * Called for each row. `problem` is the reason why it cannot be read, in which case its fields are not to be used;
   * else null.
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
  text = "";
  line = 0;
  /** Lines of the file that the row takes: more than one where a quoted field runs over line ends. */
  lines = 1;
  count = 0;
  readonly start = new Int32Array(MOST_FIELDS);
  readonly end = new Int32Array(MOST_FIELDS);
  readonly doubled = new Uint8Array(MOST_FIELDS); // 1 where the field holds doubled quotes

  get(i: number): string {
    if (i < 0 || i >= this.count) return "";
    const field = this.text.substring(this.start[i]!, this.end[i]);
    return this.doubled[i] === 1 ? field.replaceAll('""', '"') : field;
  }

  /** The field without the spaces around it: columns of a fixed width fill fields up with them. */
  trimmed(i: number): string {
    return this.get(i).trim();
  }

  isEmpty(i: number): boolean {
    return i < 0 || i >= this.count || this.start[i] === this.end[i];
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
  let rest: Buffer = Buffer.alloc(0);
  let first = true;
  for await (const chunk of chunks) {
    let bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (first) {
      if (bytes.length < 3) {
        rest = bytes;
        continue;
      }
      bytes = withoutMark(bytes, file);
      refuseLoneReturns(bytes, file);
      if (!bytes.includes(LF) && bytes.length <= LONGEST_LINE) {
        rest = bytes;
        continue;
      }
      splitter = new Splitter(layoutOf(bytes, format), handler);
      first = false;
    }
    const end = bytes.lastIndexOf(LF) + 1;
    if (end === 0 && bytes.length > LONGEST_LINE) throw endless(bytes, file);
    splitter?.take(bytes.subarray(0, end), format.encoding);
    rest = Buffer.from(bytes.subarray(end));
  }
  if (first) refuseLoneReturns(rest, file);
  splitter ??= new Splitter(layoutOf(rest, format), handler);
  splitter.end(rest, format.encoding);
  if (splitter.rows === 0)
    throw new ImportError(
      "not-this-format",
      `${file}: is empty; it should begin with a line of column names`,
    );
}

interface Layout {
  readonly delimiter: string;
  readonly quotes: boolean;
}

/**
 * Finds the delimiter and quoting of a file. Vocabularies and dictionaries write terms as they are, `"Brittle"
 * diabetes`; tools that quote begin with the header.
 */
function layoutOf(bytes: Buffer, { delimiter, orTabs = false, bareQuotes = false }: CsvFormat): Layout {
  const header = firstLine(bytes);
  const found = orTabs && header.includes("\t") ? "\t" : delimiter;
  return { delimiter: found, quotes: found !== "\t" || !bareQuotes || header[0] === QUOTE };
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

function withoutMark(bytes: Buffer, file: string): Buffer {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff || bytes[1] === 0) {
    throw new ImportError("not-this-format", `${file}: is UTF-16; save it as UTF-8`);
  }
  return bytes;
}

class Splitter {
  readonly #delimiter: number;
  readonly #quotes: boolean;
  readonly #handler: CsvHandler;
  readonly #row = new CsvRow();
  #columns = 0;
  #line = 1;
  #unfinished = "";
  /** Whether the file's last line has no end. */
  #endsOpen = false;
  rows = 0;

  constructor({ delimiter, quotes }: Layout, handler: CsvHandler) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#quotes = quotes;
    this.#handler = handler;
  }

  /** Takes whole lines. */
  take(bytes: Buffer, encoding: "utf8" | "latin1"): void {
    if (bytes.length === 0) return;
    const suspect = encoding === "utf8" && !isUtf8(bytes);
    this.#split(this.#unfinished + bytes.toString(encoding), suspect, false);
  }

  end(bytes: Buffer, encoding: "utf8" | "latin1"): void {
    const suspect = encoding === "utf8" && !isUtf8(bytes);
    const text = this.#unfinished + bytes.toString(encoding);
    this.#endsOpen = text !== "" && !text.endsWith("\n");
    if (text !== "") this.#split(text.endsWith("\n") ? text : `${text}\n`, suspect, true);
  }

  #split(text: string, suspect: boolean, isEnd: boolean): void {
    this.#unfinished = "";
    const row = this.#row;
    row.text = text;
    let at = 0;
    while (at < text.length) {
      const next = this.#scan(text, at);
      if (next < 0) {
        if (!isEnd && text.length - at < LONGEST_RECORD) {
          this.#unfinished = text.slice(at);
          return;
        }
        if (isEnd && this.#endsInQuotes(text, at)) this.#handler.cutOff?.();
        at = this.#hopeless(text, at, "a quote opens and never closes");
      } else if (next === 0) {
        at = this.#hopeless(text, at, "something follows a closing quote, or there are too many fields");
      } else {
        row.line = this.#line;
        row.lines = this.#lines;
        if (this.#endsOpen && next === text.length && row.count < this.#columns) this.#handler.cutOff?.();
        this.#hand(text, at, next, suspect);
        this.#line += this.#lines;
        at = next;
      }
    }
  }

  /** Whether what follows an open quote is the beginning of a field, and not whole rows behind a stray quote. */
  #endsInQuotes(text: string, at: number): boolean {
    const later = text.slice(at).split("\n").slice(1);
    const delimiter = String.fromCharCode(this.#delimiter);
    return this.#endsOpen || !later.some((line) => line.split(delimiter).length >= this.#columns);
  }

  /** Reports a line that cannot be split as one bad row; reading goes on with the next line. */
  #hopeless(text: string, at: number, problem: string): number {
    this.#row.line = this.#line++;
    this.#row.lines = 1;
    this.#row.count = 0;
    this.rows++;
    if (this.rows === 1) this.#handler.header([]);
    else this.#handler.row(this.#row, problem);
    return text.indexOf("\n", at) + 1;
  }

  #hand(text: string, from: number, to: number, suspect: boolean): void {
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
    else if (suspect && text.slice(from, to).includes("\ufffd")) problem = "it is not UTF-8";
    this.#handler.row(row, problem);
  }

  #lines = 0;
  /** Where the next line ends, in the text that is being split. */
  #nextLine = -1;

  /**
   * Fills the row from `at`.
   * @returns the place where the next begins, -1 if a quote has not closed yet, 0 if it is no row
   */
  #scan(text: string, at: number): number {
    const row = this.#row;
    const delimiter = this.#delimiter;
    let n = 0;
    this.#lines = 1;
    this.#nextLine = -1;
    for (;;) {
      if (n === MOST_FIELDS) return 0;
      let c = text.charCodeAt(at);
      if (c === QUOTE && this.#quotes) {
        at = this.#scanQuoted(text, at + 1, n);
        if (at < 0) return -1;
        c = text.charCodeAt(at);
        if (c === CR) c = text.charCodeAt(++at);
        if (c !== delimiter && c !== LF) return 0;
      } else {
        const start = at;
        while (c !== delimiter && c !== LF) c = text.charCodeAt(++at);
        row.start[n] = start;
        row.end[n] = c === LF && at > start && text.charCodeAt(at - 1) === CR ? at - 1 : at;
        row.doubled[n] = 0;
      }
      n++;
      at++;
      if (c === LF) {
        row.count = n;
        return at;
      }
    }
  }

  /** Reads a quoted field from behind its opening quote. @returns the place behind the closing one, or -1 */
  #scanQuoted(text: string, start: number, n: number): number {
    const row = this.#row;
    row.doubled[n] = 0;
    row.start[n] = start;
    for (let at = text.indexOf('"', start); at >= 0;) {
      if (text.charCodeAt(at + 1) !== QUOTE) {
        row.end[n] = at;
        this.#countLines(text, start, at);
        return at + 1;
      }
      row.doubled[n] = 1;
      at = text.indexOf('"', at + 2);
    }
    return -1;
  }

  /** Counts the line ends of a quoted field. The next one is looked up once for a row: most rows have none but their own. */
  #countLines(text: string, start: number, end: number): void {
    if (this.#nextLine < start) this.#nextLine = nextLineFrom(text, start);
    while (this.#nextLine < end) {
      this.#lines++;
      this.#nextLine = nextLineFrom(text, this.#nextLine + 1);
    }
  }
}

function nextLineFrom(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? Infinity : at;
}
