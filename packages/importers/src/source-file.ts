import { basename } from "node:path";
import type { Entry } from "yauzl";

/** A file of an extract: in a folder, inside a .zip, or standard input. */
export interface SourceFile {
  /** The path as shown: relative to the folder that was given. */
  readonly shown: string;
  /** The last part of the path without `.gz` and `.gpg`, in lower case, by which a format recognises the file. */
  readonly name: string;
  /** The file's path; `STANDARD_INPUT` for standard input. */
  readonly path: string;
  /** The place of the file inside the .zip at `path`. */
  readonly entry?: Entry;
  /** Size in bytes on disk; 0 where it cannot be known. */
  readonly size: number;
}

/** The path that stands for standard input. */
export const STANDARD_INPUT = "-";

/** The ends of names of files that gpg made. */
export const ENCRYPTED = /\.(gpg|pgp)$/i;

/** The name by which a format recognises the file at a path. */
export function nameOf(path: string): string {
  return basename(path).toLowerCase().replace(ENCRYPTED, "").replace(/\.gz$/, "");
}
