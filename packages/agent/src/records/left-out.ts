/** The practice's own list of people who are left out of everything that leaves: read from a file, kept with the records. */
import { readFileSync } from "node:fs";
import { CairnError } from "@cairn/errors";
import {
  decider,
  isNewestLeftOutList,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  nameLeftOutList,
  noticeRecords,
} from "@cairn/keeper";
import type { LeftOutCounts, Records } from "@cairn/records";
import { withRecords } from "./practice-records.js";

export interface LeftOutFlags {
  readonly data: string;
  readonly file?: string;
  readonly none?: boolean;
  readonly yes?: boolean;
  readonly as?: string;
}

export class LeftOutError extends CairnError<"left-out-file-wrong" | "left-out-unknown"> {
  readonly kind = "wrong-use";
}

const MOST_CHARACTERS = 100;

/** How the list stands. */
export interface LeftOutStatus extends LeftOutCounts {
  /** Whether it is the list that was given last: beside another nothing is answered. */
  readonly isNewest: boolean;
  /** Releases that were made before now, and have not left yet: on hold, or on their way. */
  readonly madeBefore: number;
}

/** How it stands after another list took its place. */
export interface LeftOutChange extends LeftOutStatus {
  /** How many were on the list before and are not on this. */
  readonly takenOff: number;
}

/** Counts the list. @throws NoRecordsError; KeeperError where there is no agent */
export function leftOut(data: string): Promise<LeftOutStatus> {
  return withRecords(data, (records) => inKeeper(data, (store) => statusOf(store, records)));
}

/**
 * Puts the file's identifiers in the place of the list, logged with its person; with `none` an empty list.
 * @throws LeftOutError where the file is not a list of identifiers, or some are of no patient in the records and nobody said
 * `yes`; KeeperError where there is no agent, or this person may not; SqliteError
 */
export function setLeftOut(
  flags: LeftOutFlags & ({ readonly file: string } | { readonly none: true }),
): Promise<LeftOutChange> {
  const lines = flags.file === undefined ? [] : linesOf(flags.file);
  const identifiers = [...new Set(lines.filter((line) => line !== ""))];
  return withRecords(flags.data, (records) =>
    inKeeper(flags.data, (store) => {
      const by = decider(store, flags.as, "keep-opt-outs");
      const unknown = records.unknownOf(identifiers);
      if (unknown.length > 0 && !flags.yes)
        throw new LeftOutError("left-out-unknown", unknownWords(unknown, lines));
      const takenOff = records.replaceLeftOut(identifiers, () => nameLeftOutList(store, by));
      noticeRecords(store, records);
      return { ...statusOf(store, records), takenOff };
    }),
  );
}

function inKeeper<T>(data: string, work: (store: KeeperStore) => T): T {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

function statusOf(store: KeeperStore, records: Records): LeftOutStatus {
  return {
    ...records.countLeftOut(),
    isNewest: isNewestLeftOutList(store, records.leftOutList()),
    madeBefore: keeperStatus(store).runs.filter(({ state }) => state === "on-hold" || state === "outbox")
      .length,
  };
}

/** Lines and not identifiers are told: they may be patients'. */
function unknownWords(unknown: readonly string[], lines: readonly string[]): string {
  const first = lines.indexOf(unknown[0] ?? "") + 1;
  const which =
    unknown.length === 1
      ? `line ${first} of the file is`
      : `${unknown.length} lines of the file, the first of them line ${first}, are`;
  return `${which} of nobody in the records: write identifiers as worklists show them, or give --yes where these are of people who are still to come; the list is as it was`;
}

/** The lines of a file, each one identifier or empty, without the blanks around it. @throws LeftOutError */
function linesOf(file: string): string[] {
  if (file === "")
    throw new LeftOutError("left-out-file-wrong", "--file needs a file, or - for standard input");
  const lines = readFileSync(file === "-" ? 0 : file, "utf8")
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/);
  const identifiers = lines.map((line) => line.trim());
  // The line itself is not repeated: it may be a patient's.
  const wrong = identifiers.findIndex(
    (each) => /[\p{Cc}\p{Cf}\uFFFD,;"]/u.test(each) || each.length > MOST_CHARACTERS,
  );
  if (wrong >= 0)
    throw new LeftOutError(
      "left-out-file-wrong",
      `line ${wrong + 1} of the file is not one identifier: write one a line, as worklists show them, without commas, quotes or further columns`,
    );
  if (identifiers.every((each) => each === ""))
    throw new LeftOutError(
      "left-out-file-wrong",
      "the file names nobody: --none in its place takes everyone off the list",
    );
  return identifiers;
}
