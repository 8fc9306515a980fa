import type { Entry } from "yauzl";

/** A file of an extract: in a folder, inside a .zip, or standard input. */
export interface SourceFile {
  /** As it is shown: relative to the folder that was given. */
  readonly shown: string;
  /** Its last part without `.gz`, lower case: what a format recognises it by. */
  readonly name: string;
  /** `STANDARD_INPUT` for that. */
  readonly path: string;
  /** Where the file is inside the .zip at `path`. */
  readonly entry?: Entry;
  /** In bytes as it lies on disk; 0 where that cannot be known. */
  readonly size: number;
}

/** The path that stands for standard input. */
export const STANDARD_INPUT = "-";
