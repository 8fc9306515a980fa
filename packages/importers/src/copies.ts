/**
 * Finds files of an extract that hold the same bytes as another one, as `gzip -k` and copied folders leave them: they
 * count once. Only files whose unpacked size is the same are read for it.
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { isEncrypted } from "./decrypt.js";
import { FileReader } from "./files.js";
import { type SourceFile, STANDARD_INPUT } from "./source-file.js";

/**
 * The files without those that repeat another one; `note` is called with each that is left out. Of equal files the
 * one whose name is `known` stays, where there is one: no format reads `copy of events.csv`.
 */
export async function withoutCopies(
  files: readonly SourceFile[],
  known: (file: SourceFile) => boolean,
  note: (text: string) => void,
): Promise<SourceFile[]> {
  const bySize = new Map<number, SourceFile[]>();
  for (const file of files) {
    // What is encrypted differs each time, so that no two files of it are alike.
    const size = file.path === STANDARD_INPUT || isEncrypted(file) ? 0 : await unpackedSize(file);
    if (size > 0) bySize.set(size, [...(bySize.get(size) ?? []), file]);
  }
  const copies = new Set<SourceFile>();
  for (const alike of bySize.values()) {
    if (alike.length < 2) continue;
    const firstOf = new Map<string, SourceFile>();
    for (const file of [...alike.filter(known), ...alike.filter((each) => !known(each))]) {
      const digest = await digestOf(file);
      const first = firstOf.get(digest);
      if (first === undefined) firstOf.set(digest, file);
      else {
        copies.add(file);
        note(`${file.shown} holds the same bytes as ${first.shown} and was counted once`);
      }
    }
  }
  return files.filter((file) => !copies.has(file));
}

/** Unpacked size in bytes. A .gz states it in its last four bytes; one inside a .zip is unpacked to measure it. */
async function unpackedSize(file: SourceFile): Promise<number> {
  if (file.entry !== undefined) {
    if (!file.entry.fileName.toLowerCase().endsWith(".gz")) return file.entry.uncompressedSize;
    let size = 0;
    for await (const chunk of new FileReader(() => undefined).chunks(file, "")) size += chunk.length;
    return size;
  }
  if (file.size < 18) return file.size; // shorter than any .gz
  let descriptor: number;
  try {
    descriptor = openSync(file.path, "r");
  } catch {
    return 0; // whoever reads it says what is wrong with it
  }
  try {
    const ends = Buffer.alloc(6);
    readSync(descriptor, ends, 0, 2, 0);
    readSync(descriptor, ends, 2, 4, file.size - 4);
    return ends.readUInt16BE(0) === 0x1f8b ? ends.readUInt32LE(2) : file.size;
  } finally {
    closeSync(descriptor);
  }
}

async function digestOf(file: SourceFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of new FileReader(() => undefined).chunks(file, "")) hash.update(chunk);
  return hash.digest("hex");
}
