/** What every format's folder gives: the files it recognises, and how it reads them. */
import type { CodeSystem } from "@cairn/query-library";
import type { Load } from "@cairn/records";
import type { FileReader } from "./files.js";
import type { SourceFile } from "./source-file.js";
import type { Tally } from "./tally.js";

/** What an importer works with. It puts patients in before the events that point at them. */
export interface Intake {
  readonly files: readonly SourceFile[];
  readonly reader: FileReader;
  readonly load: Load;
  readonly tally: Tally;
  /** The system of codes that come without one. */
  readonly system: CodeSystem;
  /** Says something about the load that is no fault: an ignored column, a file of another kind. */
  note(text: string): void;
}

/** What the files say about themselves. */
export interface Claims {
  /** Day number of the last day for which the extract is complete, where a manifest says. */
  readonly coversTo: number | null;
}

export interface Importer {
  readonly format: string;
  /** The file that standard input stands for, by its name; null where one stream cannot be an extract. */
  readonly standardInput: string | null;
  /** Whether the file is one of the format's, by its name. */
  knows(file: SourceFile): boolean;
  /** Reads the files into the load. Throws `ImportError` where they are not of this format. */
  read(intake: Intake): Promise<Claims>;
}
