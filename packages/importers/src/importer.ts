/** An importer: the files that a format recognises, and how it reads them. */
import type { CodeSystem } from "@cairn/query-library";
import type { EthnicCode, Load } from "@cairn/records";
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
  /** The organisation whose records are taken, where an extract holds several; null where nobody said. */
  readonly organisation: string | null;
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

/** The files of an extract, before anything of it is taken. */
export type Extract = Pick<Intake, "files" | "reader">;

/**
 * The facts that an extract states of itself in the names of its files and in its manifest. Moments are `YYYY-MM-DD`, or
 * `YYYY-MM-DDTHH:mm:ss` by the clock of the system that made it, so that they sort as text.
 */
export interface ExtractFacts {
  /** All there is, or what changed since the extract before; null where it does not say. */
  readonly kind: "bulk" | "delta" | null;
  /** The organisation whose records these are, as the extract names it; null where it names none or several. */
  readonly organisation: string | null;
  /** The moment from which on a delta holds what changed; null where it does not say: then it is the day before `to`. */
  readonly from: string | null;
  /** The moment at which it was taken from the system; null where it does not say: then it has no place in an order. */
  readonly to: string | null;
  /** The files that its manifest lists; null where it has no such list. */
  readonly files: readonly ListedFile[] | null;
}

/** A file that a manifest lists. */
export interface ListedFile {
  /** As `SourceFile.name` has it: in lower case, without `.gz` and `.gpg`. */
  readonly name: string;
  /** SHA-256 of its bytes as they lie there, in hex; null where the manifest has none. */
  readonly sha256: string | null;
}

export interface Importer {
  readonly format: string;
  /** The name of the file that standard input stands for; null where one stream cannot be an extract. */
  readonly standardInput: string | null;
  /** Whether the file is one of the format's, by its name. */
  knows(file: SourceFile): boolean;
  /**
   * What the extract says of itself; no row is read for it. Absent where a format has no more than a `manifest.json`.
   * @throws ImportError where its manifest is none
   */
  describe?(extract: Extract): Promise<ExtractFacts>;
  /** What each extract says of itself, the oldest first, where several may be given; absent where only one may. */
  describeEach?(extract: Extract): Promise<readonly ExtractFacts[]>;
  /**
   * The files of each extract, where several may be given that are read one after the other; absent where all are one.
   * @throws ImportError where a file is none's
   */
  apart?(files: readonly SourceFile[]): readonly (readonly SourceFile[])[];
  /** Extracts after the first hold what changed in a night: one may concern nobody here. */
  readonly nightly?: true;
  /** Whether an extract does not say if it is a bulk: the first is looked at, since a delta is not all there is. */
  readonly kindUnsaid?: true;
  /** The codes whose events say people's ethnic groups; absent where a person's own row does. */
  ethnicCodes?(): readonly EthnicCode[];
  /** The tables of which each extract has a file, without a row where there is none to tell; absent where it may lack any. */
  readonly everyTable?: readonly string[];
  /** Reads the files into the load. @throws ImportError where they are not of this format */
  read(intake: Intake): Promise<Claims>;
}
