/** The files of an extract: found in folders, unpacked as they are read, and digested on the way. */
import { createHash } from "node:crypto";
import { createReadStream, type Stats, statSync } from "node:fs";
import { basename, relative } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { type Command, decrypted, isEncrypted } from "./decrypt.js";
import { ImportError } from "./errors.js";
import { filesBelow } from "./folder.js";
import { nameOf, type SourceFile, STANDARD_INPUT } from "./source-file.js";
import { filesInZip, openInZip } from "./zip.js";

const CHUNK = 1 << 20;

/**
 * Finds every file at the paths, folders searched to the bottom, in the order of their names. `-` is standard input,
 * taken for the file of the name `standardInput`; null where the format does not take it.
 * @param note called with whatever cannot be read
 * @throws ImportError
 */
export async function findFiles(
  paths: readonly string[],
  format: string,
  standardInput: string | null,
  note: (text: string) => void = () => undefined,
): Promise<SourceFile[]> {
  const found = paths.flatMap((path) => {
    if (path === STANDARD_INPUT) return inputFile(format, standardInput);
    const about = statOf(path);
    return about.isDirectory() ? filesIn(path, note) : [sourceFile(path, basename(path), about.size)];
  });
  const files: SourceFile[] = [];
  for (const file of found) {
    if (file.name.endsWith(".zip") && !isEncrypted(file)) files.push(...(await filesInZip(file)));
    else files.push(file);
  }
  if (files.length === 0) throw new ImportError("no-files", `${paths.join(", ")}: no file there`);
  return files;
}

function inputFile(format: string, name: string | null): SourceFile {
  if (name === null) {
    const words = `-: ${format} is many tables, and standard input carries one; name the folder that holds them`;
    throw new ImportError("wrong-option", words);
  }
  return { path: STANDARD_INPUT, shown: "standard input", name, size: 0 };
}

function filesIn(folder: string, note: (text: string) => void): SourceFile[] {
  const unread = (path: string, why: string): void =>
    note(`${relative(folder, path)} ${why} and was not read`);
  try {
    return filesBelow(folder, unread).map(({ path, size }) => sourceFile(path, relative(folder, path), size));
  } catch (cause) {
    throw new ImportError("unreadable", `${folder}: ${unreadWords(codeOf(cause))}`, { cause });
  }
}

function sourceFile(path: string, shown: string, size: number): SourceFile {
  return { path, shown, size, name: nameOf(path) };
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    if (codeOf(cause) !== "ENOENT")
      throw new ImportError("unreadable", `${path}: ${unreadWords(codeOf(cause))}`, { cause });
    throw new ImportError("no-files", `${path}: no such file or folder; check the path`, { cause });
  }
}

/**
 * Decompression-bomb limit. Extracts compress about 30:1, deflate at most about 1000:1; above 250:1 after 64 MiB the
 * file is refused.
 */
const MOST_RATIO = 250;
const RATIO_FROM = 64 << 20;

/** Reads files as chunks of their unpacked bytes, keeps count for the progress, and a digest of all content. */
export class FileReader {
  readonly #progress: (bytes: number) => void;
  readonly #decrypt: Command | null;
  readonly #digests: string[] = [];
  #done = 0;

  /** @param decrypt the command for encrypted files; null where there are none (`requireReadable`) */
  constructor(progress: (bytes: number) => void, decrypt: Command | null = null) {
    this.#progress = progress;
    this.#decrypt = decrypt;
  }

  /**
   * The unpacked bytes of a file, in chunks. `role` enters the digest with the content: the same bytes as another
   * table are another extract.
   */
  async *chunks(file: SourceFile, role: string): AsyncGenerator<Buffer> {
    const hash = createHash("sha256");
    let unpacked = 0;
    const raw = new Counted(await opened(file, this.#decrypt));
    try {
      for await (const chunk of unpackedFrom(raw, file)) {
        hash.update(chunk);
        unpacked += chunk.length;
        const packed = file.entry?.compressedSize ?? (isEncrypted(file) ? file.size : raw.bytes);
        if (unpacked > RATIO_FROM && unpacked > packed * MOST_RATIO) {
          const words = `${file.shown}: unpacks to more than ${MOST_RATIO} times its size, as no extract does; nothing was kept`;
          throw new ImportError("unreadable", words);
        }
        yield chunk;
        if (file.entry === undefined) this.#progress(this.#done + Math.min(raw.bytes, file.size || Infinity));
      }
    } catch (cause) {
      throw cause instanceof ImportError ? cause : unreadable(file, cause);
    } finally {
      raw.stream.destroy();
    }
    this.#done += file.size;
    this.#digests.push(`${role} ${hash.digest("hex")}`);
  }

  /** Digest of everything read so far, whatever the names of the files, compressed or not. */
  digest(settings: string): string {
    return createHash("sha256")
      .update([settings, ...this.#digests.sort()].join("\n"))
      .digest("hex");
  }
}

async function opened(file: SourceFile, decrypt: Command | null): Promise<Readable> {
  const source = await rawBytes(file);
  if (decrypt === null || !isEncrypted(file)) return source;
  return Readable.from(decrypted(source, decrypt, file), { objectMode: false });
}

/** The bytes of a file as they lie there, packed and encrypted or not. */
export async function rawBytes(file: SourceFile): Promise<Readable> {
  if (file.entry !== undefined) return openInZip(file, file.entry);
  return file.path === STANDARD_INPUT ? process.stdin : createReadStream(file.path, { highWaterMark: CHUNK });
}

/** Counts a stream's chunks as they pass. */
class Counted {
  readonly stream: Readable;
  bytes = 0;

  constructor(stream: Readable) {
    this.stream = stream;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    for await (const chunk of this.stream) {
      this.bytes += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
  }
}

/** Unpacks a stream by its first bytes and not by its name: standard input has none. */
async function* unpackedFrom(raw: Counted, file: SourceFile): AsyncGenerator<Buffer> {
  const source = raw[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  for (let next = await source.next(); !next.done; next = await source.next()) {
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
    if (head.length >= 4) break;
  }
  const whole = (async function* (): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* source;
  })();
  if (file.path === STANDARD_INPUT && head.subarray(0, 4).toString("latin1") === "PK\x03\x04")
    throw new ImportError("wrong-option", "-: standard input is a .zip; save it and name the file");
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK });
  const packed = Readable.from(whole, { objectMode: false });
  packed.on("error", (error) => gunzip.destroy(error));
  for await (const chunk of packed.pipe(gunzip)) yield chunk as Buffer;
}

function unreadable(file: SourceFile, cause: unknown): ImportError {
  const code = codeOf(cause);
  if (/^E[A-Z]+$/.test(code)) {
    return new ImportError("unreadable", `${file.shown}: ${unreadWords(code)}`, { cause });
  }
  const what = code === "Z_BUF_ERROR" ? "ends before its end" : "is damaged and cannot be unpacked";
  return new ImportError("unreadable", `${file.shown}: ${what}; copy it again`, { cause });
}

/** The code of an error of the system, or "". */
function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : "";
}

/** Words on an error of the system, with what to do where that is known. */
function unreadWords(code: string): string {
  const denied = code === "EACCES" || code === "EPERM";
  return `cannot be read (${code})${denied ? ": let the user who runs this read it" : ""}`;
}
