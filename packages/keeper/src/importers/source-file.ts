/** A file of an extract, in a folder or inside a .zip. */
export interface SourceFile {
  /** As it is shown: relative to the folder that was given. */
  readonly shown: string;
  /** Its last part without `.gz`, lower case: what a format recognises it by. */
  readonly name: string;
  readonly path: string;
  /** Where the file is inside the .zip at `path`. */
  readonly entry?: string;
  /** In bytes as it lies on disk. */
  readonly size: number;
}
