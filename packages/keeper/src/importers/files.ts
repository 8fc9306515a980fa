/** The files of an extract: found in folders, unpacked as they are read, and digested on the way. */
import { createHash } from "node:crypto";
import { createReadStream, ReadStream, readdirSync, type Stats, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ImportError } from "./errors.js";
import type { SourceFile } from "./source-file.js";
import { filesInZip, openInZip } from "./zip.js";

const CHUNK = 1 << 20;

/** Every file at the paths, folders searched to the bottom, in the order of their names. Throws `ImportError`. */
export async function findFiles(paths: readonly string[]): Promise<SourceFile[]> {
  const found = paths.flatMap((path) => {
    const about = statOf(path);
    return about.isDirectory() ? filesIn(path) : [sourceFile(path, basename(path), about.size)];
  });
  const files: SourceFile[] = [];
  for (const file of found) {
    if (file.name.endsWith(".zip")) files.push(...(await filesInZip(file)));
    else files.push(file);
  }
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
    const raw =
      file.entry === undefined
        ? createReadStream(file.path, { highWaterMark: CHUNK })
        : await openInZip(file);
    const packed = (file.entry ?? file.path).toLowerCase().endsWith(".gz");
    const stream = packed ? pipeline(raw, createGunzip({ chunkSize: CHUNK }), () => undefined) : raw;
    const hash = createHash("sha256");
    try {
      for await (const chunk of stream) {
        hash.update(chunk as Buffer);
        yield chunk as Buffer;
        if (raw instanceof ReadStream) this.#progress(this.#done + raw.bytesRead);
      }
    } catch (cause) {
      throw unreadable(file, cause);
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

function unreadable(file: SourceFile, cause: unknown): ImportError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (/^E[A-Z]+$/.test(code)) {
    return new ImportError("unreadable", `${file.shown}: cannot be read (${code})`, cause);
  }
  const what = code === "Z_BUF_ERROR" ? "ends before its end" : "is damaged and cannot be unpacked";
  return new ImportError("unreadable", `${file.shown}: ${what}; copy it again`, cause);
}
