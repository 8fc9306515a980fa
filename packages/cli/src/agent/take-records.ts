/** `agent import`: an extract into the record store, and word of it to the keeper. */
import { existsSync } from "node:fs";
import { CairnError } from "@cairn/errors";
import { factWords, lackedBy, openRecords, QUIET_DAYS, type Records } from "@cairn/records";
import { hadRecords, keeperFolder, KeeperStore, keyFile, noticeRecords } from "@cairn/keeper";
import { importRecords, type ImportReport } from "@cairn/importers";
import { recordsFile } from "@cairn/records/file";
import { type CodeSystem, dayNumber } from "@cairn/query-library";
import { progressOn } from "../progress.js";
import { plural, say } from "../say.js";
import { neededCodelists } from "./needed-codelists.js";
import { qualityWords } from "./quality-words.js";

export interface ImportFlags {
  readonly data: string;
  readonly format: string;
  readonly system: CodeSystem;
  readonly completeTo?: number;
  readonly quietDays?: number;
  readonly older?: boolean;
  readonly whole?: boolean;
  readonly yes?: boolean;
  readonly registeredFrom?: "birth" | "first-record";
  readonly codeMap?: string | false;
  readonly dryRun?: boolean;
  readonly anew?: boolean;
  readonly json?: boolean;
}

const STEPS = { reading: "reading the extract (MB)", writing: "writing events (thousands)" } as const;
const UNITS = { reading: 1e6, writing: 1e3 } as const;

export async function takeRecords(paths: readonly string[], flags: ImportFlags): Promise<void> {
  const records = opened(keeperFolder(flags.data), flags.anew ?? false);
  const bar = progressOn(process.stderr);
  try {
    const report = await importRecords(records, {
      format: flags.format,
      paths,
      system: flags.system,
      completeTo: flags.completeTo ?? null,
      quietDays: flags.quietDays ?? null,
      whole: flags.whole ?? false,
      yes: flags.yes ?? false,
      older: flags.older ?? false,
      registeredFrom: flags.registeredFrom ?? null,
      codeMap: flags.codeMap,
      codelists: neededCodelists(flags.data),
      dryRun: flags.dryRun ?? false,
      now: new Date(),
      progress: (step, done, of) =>
        bar(STEPS[step], Math.ceil(done / UNITS[step]), Math.max(1, Math.ceil(of / UNITS[step]))),
    });
    bar.end();
    if (!flags.dryRun) noteInKeeper(flags.data, records);
    tell(report, records, flags);
  } finally {
    bar.end();
    records.close();
  }
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
      `${recordsFile(folder)} is missing or empty, and this practice had records: restore it from a backup, or give every extract again, the first of them with --anew`,
      { cause },
    );
  }
}

/** What arrived is in the practice's log and on its status at once, whether or not the keeper runs. */
function noteInKeeper(data: string, records: Records): void {
  if (!existsSync(keyFile(keeperFolder(data)))) return; // no agent here yet: its keeper takes note when it starts
  const store = KeeperStore.open(keeperFolder(data));
  try {
    noticeRecords(store, records);
  } finally {
    store.close();
  }
}

function tell(report: ImportReport, records: Records, flags: ImportFlags): void {
  for (const note of report.notes) say.note(note);
  const lacking = lackedBy(records);
  if (lacking.length > 0)
    say.note(`These records do not say ${factWords(lacking)}: queries that ask it are refused.`);
  if (flags.json) {
    const { basis: _basis, known: _known, notes: _notes, doubts, ...face } = report;
    for (const doubt of doubts) say.note(`Taken, and worth a look: ${counted(doubt)}`);
    say.json(face);
  } else {
    say.result(summary(report, flags.dryRun ?? false));
  }
  const doubt = reachDoubt(report);
  if (doubt !== null) say.note(doubt);
  if (report.covers_to === null) {
    say.note(
      "Nothing says to which day these records are complete, so runs will wait. Say it with --complete-to YYYY-MM-DD.",
    );
  }
}

/** A day long after the newest event, where there is too little to know what is usual and so nothing is refused. */
function reachDoubt({ covers_to: day, quality: { reach } }: ImportReport): string | null {
  if (day === null || !reach?.all || reach.all.usual_to !== null) return null;
  const quiet = dayNumber(day) - dayNumber(reach.all.newest);
  return quiet <= QUIET_DAYS
    ? null
    : `The newest event is of ${reach.all.newest}, ${quiet} days before ${day}, and there are too few to know how many are usual: look whether these records really are complete to ${day}.`;
}

function summary(report: ImportReport, dryRun: boolean): string {
  const lines = Object.entries(report.rows).map(
    ([table, { taken, skipped }]) => `  ${table}: ${taken} taken, ${skipped} skipped`,
  );
  const listed = (reasons: ImportReport["reasons"]): string[] =>
    reasons.map((reason) => `  ${counted(reason)}`);
  return [
    headline(report, dryRun),
    ...lines,
    ...(report.reasons.length > 0 ? ["Skipped:", ...listed(report.reasons)] : []),
    ...(report.doubts.length > 0 ? ["Taken, and worth a look:", ...listed(report.doubts)] : []),
    `${dryRun ? "The store would hold" : "The store holds"} ${plural(report.patients, "patient")}, ${plural(report.events, "event")}, ${plural(report.registrations, "registration")}, complete to ${report.covers_to ?? "a day that nobody said"}.`,
    ...BASIS_WORDS[report.basis],
    "",
    qualityWords(report.quality),
  ].join("\n");
}

function counted({ reason, count, example }: ImportReport["reasons"][number]): string {
  return `${count} x ${reason} (first at ${example.file}:${example.line})`;
}

function headline(report: ImportReport, dryRun: boolean): string {
  if (report.known) return "This extract was loaded before: no record changed.";
  return dryRun ? "Read and checked; nothing was kept." : "Loaded.";
}

const BASIS_WORDS: Record<ImportReport["basis"], string[]> = {
  registrations: [],
  birth: ["The records carry no registrations: people count as registered from their birth."],
  "first-record": ["The records carry no registrations: people count as registered from their first record."],
};
