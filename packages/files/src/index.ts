/** Writes files so that a kill or a power cut leaves each as it was or as it is now, never half. */
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

interface WriteOptions {
  /** Makes the error for a full disk, of one line that says what to do. */
  readonly diskFull: (words: string, cause: unknown) => Error;
  /** Called with the path of the whole file before it gets its name: to give it to another user, say. */
  readonly beforeNaming?: (path: string) => void;
}

/**
 * Writes a file whole or not at all, readable by its owner only, in the place of one of the same name. When it
 * returns, file and name are on the disk.
 * @throws the error of `diskFull`; any other as Node has it
 */
export function writeWhole(path: string, text: string, { diskFull, beforeNaming }: WriteOptions): void {
  const part = `${path}.part`;
  try {
    const file = openSync(part, "w", 0o600);
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    beforeNaming?.(part);
    renameDurably(part, path);
  } catch (cause) {
    rmSync(part, { force: true });
    if ((cause as NodeJS.ErrnoException).code !== "ENOSPC") throw cause;
    throw diskFull(`${path} cannot be written: the disk is full; free some space and try again`, cause);
  }
}

/** Gives a file that is on the disk its name, in the place of any other: the name is on the disk when it returns. */
export function renameDurably(from: string, to: string): void {
  renameSync(from, to);
  syncPath(dirname(to), "r");
  if (dirname(from) !== dirname(to)) syncPath(dirname(from), "r");
}

/** Brings a file's content to the disk. */
export function syncFile(path: string): void {
  syncPath(path, "r+");
}

function syncPath(path: string, flags: "r" | "r+"): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
