/** Imports an extract into the record store, and notifies the keeper. */
import { existsSync } from "node:fs";
import { CairnError } from "@cairn/errors";
import { lackedBy, type LeftOutCounts, openRecords, type Records } from "@cairn/records";
import { hadRecords, keeperFolder, KeeperStore, keyFile, noticeRecords } from "@cairn/keeper";
import { type DeprivationTables, importRecords, type ImportReport, splitCommand } from "@cairn/importers";
import { recordsFile } from "@cairn/records/file";
import type { CodeSystem } from "@cairn/query-library";
import { neededCodelists } from "./needed-codelists.js";

export interface ImportFlags {
  readonly data: string;
  readonly format: string;
  readonly system: CodeSystem;
  readonly completeTo?: number;
  readonly quietDays?: number;
  readonly organisation?: string;
  readonly older?: boolean;
  readonly whole?: boolean;
  readonly yes?: boolean;
  readonly registeredFrom?: "birth" | "first-record";
  readonly codeMap?: string | false;
  /** The command that decrypts, as a person writes it. */
  readonly decrypt?: string;
  /** Tables of deprivation by postcode. */
  readonly deprivation?: readonly string[];
  readonly deprivationColumn?: string;
  readonly postcodeColumn?: string;
  readonly dryRun?: boolean;
  /** Called when everything was read, before it is kept; what it throws ends the load. */
  readonly beforeKeeping?: () => void;
  readonly anew?: boolean;
  /** As in `ImportRequest`. */
  readonly unattended?: boolean;
}

export interface TakenRecords {
  readonly report: ImportReport;
  /** The facts that these records do not hold, and queries may need. */
  readonly lacking: ReturnType<typeof lackedBy>;
  /** The practice's list of people left out, beside these records. */
  readonly leftOut: LeftOutCounts;
  /** Whether the practice's agent is there: records without one can be queried by hand alone. */
  readonly hasAgent: boolean;
}

/** Receives the progress of an import, in bytes read and events written. */
export type ImportProgress = (step: "reading" | "writing", done: number, of: number) => void;

/** Imports records. @throws RecordsLostError, and what `importRecords` throws; the store is then as it was. */
export async function takeRecords(
  paths: readonly string[],
  flags: ImportFlags,
  progress: ImportProgress,
): Promise<TakenRecords> {
  const records = opened(keeperFolder(flags.data), flags.anew ?? false);
  try {
    const report = await importRecords(records, {
      format: flags.format,
      paths,
      decrypt: flags.decrypt === undefined ? null : splitCommand(flags.decrypt),
      system: flags.system,
      completeTo: flags.completeTo ?? null,
      quietDays: flags.quietDays ?? null,
      whole: flags.whole ?? false,
      yes: flags.yes ?? false,
      organisation: flags.organisation,
      older: flags.older ?? false,
      registeredFrom: flags.registeredFrom ?? null,
      codeMap: flags.codeMap,
      deprivation: deprivationTables(flags),
      codelists: neededCodelists(flags.data),
      beforeKeeping: flags.beforeKeeping ?? (() => undefined),
      dryRun: flags.dryRun ?? false,
      unattended: flags.unattended ?? false,
      now: new Date(),
      progress,
    });
    const hasAgent = existsSync(keyFile(keeperFolder(flags.data)));
    if (hasAgent && !flags.dryRun) noteInKeeper(flags.data, records); // else its keeper takes note when it starts
    return { report, lacking: lackedBy(records), leftOut: records.countLeftOut(), hasAgent };
  } finally {
    records.close();
  }
}

function deprivationTables(flags: ImportFlags): DeprivationTables | undefined {
  const { deprivation: files, deprivationColumn: column, postcodeColumn } = flags;
  return files === undefined ? undefined : { files, column, postcodeColumn };
}

/** Nothing is read into a store that stands in a lost one's place, unless somebody says so. */
class RecordsLostError extends CairnError<"records-lost"> {
  readonly kind = "unavailable";
}

function opened(folder: string, anew: boolean): Records {
  const madeBefore = hadRecords(folder);
  try {
    return openRecords(folder, { madeBefore: madeBefore && !anew });
  } catch (cause) {
    if (!(cause instanceof Error) || (cause as { code?: unknown }).code !== "lost") throw cause;
    throw new RecordsLostError(
      "records-lost",
      `${recordsFile(folder)} is missing or empty, and this practice had records: restore it from a backup, or give every extract again, the first of them with cairn agent import --anew`,
      { cause },
    );
  }
}

/** Notes new records in the practice's log and status at once, whether or not the keeper runs. */
function noteInKeeper(data: string, records: Records): void {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    noticeRecords(store, records);
  } finally {
    store.close();
  }
}
