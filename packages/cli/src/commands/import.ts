/** cairn agent import: records in. */
import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  factWords,
  FORMATS,
  importRecords,
  type ImportReport,
  keeperFolder,
  KeeperStore,
  keyFile,
  lackedBy,
  noticeRecords,
  openRecords,
  type Records,
} from "@cairn/keeper";
import { CODE_SYSTEMS, type CodeSystem, tryDayNumber } from "@cairn/query-library";
import { inEmptyNetwork } from "../isolated.js";
import { progressOn } from "../progress.js";
import { say } from "../say.js";

interface Flags {
  readonly data: string;
  readonly format: string;
  readonly system: CodeSystem;
  readonly completeTo?: number;
  readonly registeredFrom?: "birth" | "first-record";
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function register(program: Command): void {
  const agent = program.commands.find((command) => command.name() === "agent") ?? program.command("agent");
  agent
    .command("import")
    .description("take the practice's records in; a load that fails leaves the store as it was")
    .argument(
      "<path...>",
      "files or folders of the extract, .gz and .zip as they are; - is standard input (fhir, journal's events)",
    )
    .option("--data <dir>", "the agent's folder", "cairn-agent")
    .addOption(new Option("--format <format>", "what the extract is").choices(FORMATS).makeOptionMandatory())
    .addOption(
      new Option("--system <system>", "system of codes that come without one")
        .choices(CODE_SYSTEMS)
        .default("snomed"),
    )
    .option("--complete-to <date>", "last day for which the extract is complete (YYYY-MM-DD)", day)
    .addOption(
      new Option(
        "--registered-from <what>",
        "where the extract has no registrations: count people from birth or from their first record",
      ).choices(["birth", "first-record"]),
    )
    .option("--dry-run", "read and check everything, keep nothing")
    .option("--json", "print the summary as JSON")
    .action((paths: string[], flags: Flags) => inEmptyNetwork(() => take(paths, flags)));
}

function day(text: string): number {
  const number = tryDayNumber(text);
  if (number === null) throw new InvalidArgumentError("write a date as YYYY-MM-DD");
  return number;
}

const STEPS = { reading: "reading the extract (MB)", writing: "writing events (thousands)" } as const;
const UNITS = { reading: 1e6, writing: 1e3 } as const;

async function take(paths: string[], flags: Flags): Promise<void> {
  const records = openRecords(keeperFolder(flags.data));
  const bar = progressOn(process.stderr);
  try {
    const report = await importRecords(records, {
      format: flags.format,
      paths,
      system: flags.system,
      completeTo: flags.completeTo ?? null,
      registeredFrom: flags.registeredFrom ?? null,
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

function tell(report: ImportReport, records: Records, flags: Flags): void {
  for (const note of report.notes) say.note(note);
  const lacking = lackedBy(records);
  if (lacking.length > 0)
    say.note(`These records do not say ${factWords(lacking)}: queries that ask it are refused.`);
  if (flags.json) {
    const { basis: _basis, known: _known, notes: _notes, ...face } = report;
    say.json(face);
  } else {
    say.result(summary(report, flags.dryRun ?? false));
  }
  if (report.covers_to === null) {
    say.note(
      "Nothing says to which day these records are complete, so runs will wait. Say it with --complete-to YYYY-MM-DD.",
    );
  }
}

function summary(report: ImportReport, dryRun: boolean): string {
  const lines = Object.entries(report.rows).map(
    ([table, { taken, skipped }]) => `  ${table}: ${taken} taken, ${skipped} skipped`,
  );
  const reasons = report.reasons.map(
    ({ reason, count, example }) => `  ${count} x ${reason} (first at ${example.file}:${example.line})`,
  );
  return [
    headline(report, dryRun),
    ...lines,
    ...(reasons.length > 0 ? ["Skipped:", ...reasons] : []),
    `${dryRun ? "The store would hold" : "The store holds"} ${report.patients} patients, ${report.events} events, ${report.registrations} registrations, complete to ${report.covers_to ?? "a day that nobody said"}.`,
    ...BASIS_WORDS[report.basis],
  ].join("\n");
}

function headline(report: ImportReport, dryRun: boolean): string {
  if (report.known) return "This extract was loaded before: nothing changed.";
  return dryRun ? "Read and checked; nothing was kept." : "Loaded.";
}

const BASIS_WORDS: Record<ImportReport["basis"], string[]> = {
  registrations: [],
  birth: ["The records carry no registrations: people count as registered from their birth."],
  "first-record": ["The records carry no registrations: people count as registered from their first record."],
};
