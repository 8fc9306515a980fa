/** What is asked of one import. */
import { type Codelist, type CodeSystem, dayNumber } from "@cairn/query-library";
import type { QualityQuestion } from "@cairn/records";
import type { Command } from "./decrypt.js";
import type { DeprivationTables } from "./deprivation.js";

export interface ImportRequest {
  readonly format: string;
  readonly paths: readonly string[];
  /** The command that decrypts files which end in `.gpg`, from standard input to standard output. */
  readonly decrypt?: Command | null;
  /** System of codes that come without one. */
  readonly system: CodeSystem;
  /** Day number, not after today; wins over the extract's own manifest. */
  readonly completeTo: number | null;
  /**
   * Whether a person decided that the extract is complete to the day this many days after the newest event of the
   * newest month of usual volume.
   */
  readonly quietDays?: number | null;
  /**
   * Whether to take an extract that is complete to an earlier day than the records: it may undo what came after it.
   */
  readonly older?: boolean;
  /** Whether the extract is all there is: people, registrations and events that are not in it are removed. */
  readonly whole?: boolean;
  /** Whether a person agreed that more than a tenth of the people or events may be removed. */
  readonly yes?: boolean;
  /** The organisation whose records are taken, by its code or GUID, where an extract holds several. */
  readonly organisation?: string | undefined;
  readonly registeredFrom: "birth" | "first-record" | null;
  /** File of a code map to put in force; false removes the present one, absent keeps it. */
  readonly codeMap?: string | false | undefined;
  /** Tables of deprivation by postcode, for extracts that carry postcodes; absent leaves what is known. */
  readonly deprivation?: DeprivationTables | undefined;
  /** The codelists of the library's queries, to check that the records have their codes. */
  readonly codelists?: readonly Codelist[];
  /** Whether to read, check and count everything, and keep nothing. */
  readonly dryRun: boolean;
  /** Whether nobody looks on: what a person would be told of an extract that is not whole then stops the load. */
  readonly unattended?: boolean;
  /** Called when everything was read, before it is kept; what it throws ends the load. */
  readonly beforeKeeping?: () => void;
  readonly now: Date;
  progress(step: "reading" | "writing", done: number, of: number): void;
}

export function questionOf({ now, codelists = [] }: ImportRequest): QualityQuestion {
  return { today: dayNumber(now.toISOString().slice(0, 10)), codelists };
}
