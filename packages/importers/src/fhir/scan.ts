/**
 * Takes a bundle apart while it streams by: each element of `entry` is handed on as text, one at a time; what is
 * left of the file, with a 0 in the place of each element, is parsed at the end. So a file that is cut short or is
 * no JSON is found out, and no more than one element is ever held.
 */
const QUOTE = 34;
const BACKSLASH = 92;
const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
/** The byte order mark of UTF-8. */
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const STRING = 1;
const OPEN = 2;
const CLOSE = 3;
const NEWLINE = 4;
const kinds = new Uint8Array(256); // 0: says nothing about the structure
kinds[QUOTE] = STRING;
kinds[123] = kinds[91] = OPEN; // { [
kinds[125] = kinds[93] = CLOSE; // } ]
kinds[LF] = NEWLINE;

const MOST_BYTES = 64 << 20;

/** The file's layout cannot be read; the message says how it differs. */
export class LayoutError extends Error {}

/** One element, as bytes of UTF-8, and the line on which it begins. */
export type ElementListener = (json: Buffer, line: number) => void;

export class BundleScanner {
  readonly #onElement: ElementListener;
  readonly #frame: Buffer[] = [];
  readonly #parts: Buffer[] = [];
  #held = 0; // bytes in frame and parts
  #depth = 0;
  #values = 0;
  #inString = false;
  #escaped = false;
  #name: number[] = []; // the last string directly inside the outermost object
  #inEntries = false;
  #inElement = false;
  #line = 1;
  #elementLine = 1;

  constructor(onElement: ElementListener) {
    this.#onElement = onElement;
  }

  /**
   * Takes a chunk.
   * @throws RangeError where one element, or the text around them, exceeds 64 MiB
   * @throws LayoutError where it is not one object
   */
  take(chunk: Buffer): void {
    const kindOf = kinds;
    const end = chunk.length;
    let start = 0; // of what has not been put anywhere yet
    let i = this.#inString ? this.#throughString(chunk, 0) : 0;
    for (;;) {
      while (i < end && kindOf[chunk[i]!] === 0) i++;
      if (i >= end) break;
      const kind = kindOf[chunk[i]!]!;
      if (kind === STRING) {
        this.#inString = true;
        if (this.#depth === 1) this.#name.length = 0;
        i = this.#throughString(chunk, i + 1);
        continue;
      }
      if (kind === NEWLINE) this.#line++;
      else if (kind === OPEN) {
        if (this.#depth === 0) this.#beginValue(chunk[i]!);
        if (this.#depth === 1) this.#inEntries = chunk[i] === 91 && this.#isEntry();
        if (this.#depth === 2 && this.#inEntries && !this.#inElement && chunk[i] === 123) {
          this.#keep(this.#frame, chunk.subarray(start, i));
          this.#inElement = true;
          this.#elementLine = this.#line;
          start = i;
        }
        this.#depth++;
      } else {
        this.#depth--;
        if (this.#inElement && this.#depth === 2) {
          this.#endElement(chunk.subarray(start, i + 1));
          start = i + 1;
        }
      }
      i++;
    }
    this.#keep(this.#inElement ? this.#parts : this.#frame, chunk.subarray(start));
  }

  /** Whether the text around the elements so far matches. */
  says(text: RegExp): boolean {
    return text.test(Buffer.concat(this.#frame).toString());
  }

  /** The parsed text around the elements. @throws SyntaxError where the file is no JSON or was cut short */
  end(): unknown {
    if (this.#inElement) throw new SyntaxError("cut short");
    return JSON.parse(Buffer.concat(this.#frame).toString());
  }

  #endElement(last: Buffer): void {
    const json = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    for (const part of this.#parts) this.#held -= part.length;
    this.#parts.length = 0;
    this.#inElement = false;
    this.#frame.push(Buffer.from("0"));
    this.#onElement(json, this.#elementLine);
  }

  #beginValue(open: number): void {
    if (open === 91)
      throw new LayoutError("is a JSON list; give a Bundle, or a line of its own to each resource (.ndjson)");
    if (this.#values++ === 1)
      throw new LayoutError(
        "holds one JSON value after another; give a line of its own to each resource and name it .ndjson",
      );
  }

  /** @returns the place behind the closing quote, or the end of the chunk */
  #throughString(chunk: Buffer, from: number): number {
    const end = chunk.length;
    let i = from;
    let escaped = this.#escaped;
    for (; i < end; i++) {
      const c = chunk[i]!;
      if (escaped) escaped = false;
      else if (c === BACKSLASH) escaped = true;
      else if (c === QUOTE) break;
    }
    if (this.#depth === 1) for (let k = from; k < i && this.#name.length < 8; k++) this.#name.push(chunk[k]!);
    this.#escaped = escaped;
    this.#inString = i === end;
    return i + 1;
  }

  #isEntry(): boolean {
    return String.fromCharCode(...this.#name) === "entry";
  }

  #keep(where: Buffer[], bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#held += bytes.length;
    if (this.#held > MOST_BYTES) throw new RangeError("too large to be one resource");
    where.push(Buffer.from(bytes));
  }
}

/** Receives one line, without its end: bytes `from` to `to` of a buffer that is overwritten afterwards. */
type OnLine = (bytes: Buffer, from: number, to: number, line: number) => void;

/** Splits chunks into lines. @throws RangeError where one exceeds 64 MiB */
export class LineScanner {
  readonly #onLine: OnLine;
  #rest: Buffer[] = [];
  #held = 0;
  #line = 1;
  #returns = false; // whether a CR was met

  constructor(onLine: OnLine) {
    this.#onLine = onLine;
  }

  take(chunk: Buffer): void {
    this.#returns ||= chunk.includes(CR);
    let start = 0;
    let end = chunk.indexOf(LF);
    if (end >= 0 && this.#held > 0) {
      this.#handRest(chunk.subarray(0, end));
      start = end + 1;
      end = chunk.indexOf(LF, start);
    }
    for (; end >= 0; end = chunk.indexOf(LF, start)) {
      this.#hand(chunk, start, end);
      start = end + 1;
    }
    this.#held += chunk.length - start;
    if (this.#held > MOST_BYTES) throw new RangeError("too large to be one resource");
    if (start < chunk.length) this.#rest.push(Buffer.from(chunk.subarray(start)));
  }

  end(): void {
    if (this.#held > 0) this.#handRest(Buffer.alloc(0));
  }

  #handRest(last: Buffer): void {
    const line = Buffer.concat([...this.#rest, last]);
    this.#rest = [];
    this.#held = 0;
    this.#hand(line, 0, line.length);
  }

  /** Passes on lines of a stretch that may hold carriage returns alone, which some systems write as line ends. */
  #hand(bytes: Buffer, from: number, to: number): void {
    let start = from;
    if (this.#returns) {
      for (let end = from; end < to - 1; end++) {
        if (bytes[end] !== CR) continue;
        this.#handOne(bytes, start, end);
        start = end + 1;
      }
    }
    this.#handOne(bytes, start, to);
  }

  /** Passes on a line unless it is blank, without the mark that each of several joined files may begin with. */
  #handOne(line: Buffer, from: number, to: number): void {
    let start = from;
    let end = to;
    while (start < end && isBlank(line[start]!)) start++;
    if (line[start] === MARK[0] && line.subarray(start, start + 3).equals(MARK)) start += 3;
    while (start < end && isBlank(line[start]!)) start++;
    while (start < end && isBlank(line[end - 1]!)) end--;
    if (start < end) this.#onLine(line, start, end, this.#line);
    this.#line++;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CR;
}

/** The chunks without a byte order mark before them. @throws LayoutError where it is the mark of UTF-16 */
export async function* withoutMark(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < MARK.length) continue;
    yield afterMark(head);
    head = null;
  }
  if (head !== null) yield afterMark(head);
}

function afterMark(head: Buffer): Buffer {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new LayoutError("is UTF-16; save it as UTF-8");
  return head.subarray(0, 3).equals(MARK) ? head.subarray(3) : head;
}
