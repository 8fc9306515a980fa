/** An importer: the files that a format recognises, and how it reads them. */
import type { CodeSystem } from "@cairn/query-library";
import type { Load } from "@cairn/records";
import type { Deprivation } from "./deprivation.js";
import type { FileReader } from "./files.js";
import type { SourceFile } from "./source-file.js";
import type { Tally } from "./tally.js";

/** The tools of an importer, which puts patients in before the events that refer to them. */
export interface Intake {
  readonly files: readonly SourceFile[];
  readonly reader: FileReader;
  readonly load: Load;
  readonly tally: Tally;
  /** The code system of codes that come without one. */
  readonly system: CodeSystem;
  /** Fifths by postcode, for `fifthAt`; null where no table was given. */
  readonly deprivation: Deprivation | null;
  /** Adds a remark that is no fault: an ignored column, a file of another kind. */
  note(text: string): void;
}

/** The statements that files make about themselves. */
export interface Claims {
  /** Day number of the last day for which the extract is complete, where a manifest states it; else null. */
  readonly coversTo: number | null;
}

export interface Importer {
  readonly format: string;
  /** The name of the file that standard input stands for; null where one stream cannot be an extract. */
  readonly standardInput: string | null;
  /** Whether the file is one of the format's, by its name. */
  knows(file: SourceFile): boolean;
  /** Reads the files into the load. @throws ImportError where they are not of this format */
  read(intake: Intake): Promise<Claims>;
}
