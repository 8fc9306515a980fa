/** The files of an extract: found in folders, unpacked as they are read, and digested on the way. */
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, type Stats, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ImportError } from "./errors.js";

const CHUNK = 1 << 20;

export interface SourceFile {
  /** As it is shown: relative to the folder that was given. */
  readonly shown: string;
  /** Its last part without `.gz`, lower case: what a format recognises it by. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
}

/** Every file at the paths, folders searched to the bottom, in the order of their names. Throws `ImportError`. */
export function findFiles(paths: readonly string[]): SourceFile[] {
  const files = paths.flatMap((path) => {
    const found = statOf(path);
    return found.isDirectory() ? filesIn(path) : [sourceFile(path, basename(path), found.size)];
  });
  if (files.length === 0) throw new ImportError("no-files", `${paths.join(", ")}: no file there`);
  return files;
}

function filesIn(folder: string): SourceFile[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes("__MACOSX"));
  return paths.sort().map((path) => sourceFile(path, relative(folder, path), statOf(path).size));
}

function sourceFile(path: string, shown: string, size: number): SourceFile {
  return { path, shown, size, name: basename(path).toLowerCase().replace(/\.gz$/, "") };
}

function statOf(path: string): Stats {
  try {
    return statSync(path);
  } catch (cause) {
    throw new ImportError("no-files", `${path}: no such file or folder; check the path`, cause);
  }
}

/** Reads files as chunks of their unpacked bytes, keeps count for the progress, and a digest of all content. */
export class FileReader {
  readonly #progress: (bytes: number) => void;
  readonly #digests: string[] = [];
  #done = 0;

  constructor(progress: (bytes: number) => void) {
    this.#progress = progress;
  }

  /** `role` goes into the digest with the content: the same bytes as another table are another extract. */
  async *chunks(file: SourceFile, role: string): AsyncGenerator<Buffer> {
    const raw = createReadStream(file.path, { highWaterMark: CHUNK });
    const packed = file.path.toLowerCase().endsWith(".gz");
    const stream = packed ? pipeline(raw, createGunzip({ chunkSize: CHUNK }), () => undefined) : raw;
    const hash = createHash("sha256");
    try {
      for await (const chunk of stream) {
        hash.update(chunk as Buffer);
        yield chunk as Buffer;
        this.#progress(this.#done + raw.bytesRead);
      }
    } catch (cause) {
      if (cause instanceof Error && "code" in cause) throw unreadable(file, String(cause.code), cause);
      throw cause;
    } finally {
      raw.destroy();
    }
    this.#done += file.size;
    this.#digests.push(`${role} ${hash.digest("hex")}`);
  }

  /** Of everything read so far, whatever the files are called, compressed or not. */
  digest(settings: string): string {
    return createHash("sha256")
      .update([settings, ...this.#digests.sort()].join("\n"))
      .digest("hex");
  }
}

function unreadable(file: SourceFile, code: string, cause: unknown): ImportError {
  if (code === "Z_BUF_ERROR") {
    return new ImportError("unreadable", `${file.shown}: ends before its end; copy it again`, cause);
  }
  if (code.startsWith("Z_")) {
    return new ImportError("unreadable", `${file.shown}: is not a sound .gz file; copy it again`, cause);
  }
  return new ImportError("unreadable", `${file.shown}: cannot be read (${code})`, cause);
}
