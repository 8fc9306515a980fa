/** `agent import`: an extract into the record store, with how far it is and what became of it. */
import { takeRecords, type ImportFlags, type TakenRecords } from "@cairn/agent/take-records";
import { type ImportReport, type Gap, gapWords } from "@cairn/importers";
import { dayNumber } from "@cairn/query-library";
import { factWords, QUIET_DAYS } from "@cairn/records";
import { progressOn } from "../progress.js";
import { plural, say } from "../say.js";
import { qualityWords } from "./quality-words.js";

export interface Flags extends ImportFlags {
  readonly json?: boolean;
}

const STEPS = { reading: "reading the extract (MB)", writing: "writing events (thousands)" } as const;
const UNITS = { reading: 1e6, writing: 1e3 } as const;

export async function importExtract(paths: readonly string[], flags: Flags): Promise<void> {
  tell(await taken(paths, flags), flags);
}

async function taken(paths: readonly string[], flags: Flags): Promise<TakenRecords> {
  const bar = progressOn(process.stderr);
  try {
    return await takeRecords(paths, flags, (step, done, of) =>
      bar(STEPS[step], Math.ceil(done / UNITS[step]), Math.max(1, Math.ceil(of / UNITS[step]))),
    );
  } finally {
    bar.end();
  }
}

function tell({ report, lacking, leftOut, hasAgent }: TakenRecords, flags: Flags): void {
  for (const note of report.notes) say.note(note);
  if (lacking.length > 0)
    say.note(`These records do not say ${factWords(lacking)}: queries that ask it are refused.`);
  const unknown = leftOut.identifiers - leftOut.patients;
  if (unknown > 0)
    say.note(
      `Of the practice's list of people to leave out, ${unknown} of ${leftOut.identifiers} are nobody's in these records: where the extract names people anew, give the list anew (cairn agent left-out).`,
    );
  if (flags.json) {
    const { basis: _basis, known: _known, notes: _notes, extract: _extract, doubts, ...face } = report;
    for (const doubt of doubts) say.note(`Taken, and worth a look: ${counted(doubt)}`);
    say.json({ ...face, rows: new Map(Object.entries(face.rows)) }); // by the extract's own names
  } else {
    say.result(summary(report, flags.dryRun ?? false));
  }
  if (!hasAgent && !flags.dryRun)
    say.note(
      `There is no agent in ${flags.data}: the records were put there for trying queries. Where a practice's agent is meant, see whether --data is right, or make one there with cairn agent init.`,
    );
  const doubt = reachDoubt(report);
  if (doubt !== null) say.note(doubt);
  if (report.covers_to === null) {
    say.note(
      "Nothing says to which day these records are complete, so runs will wait. Say it with --complete-to YYYY-MM-DD.",
    );
  }
}

/**
 * A doubt about a day long after the newest event, where too little is known of usual volume and so nothing is
 * refused.
 */
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
  return [
    headline(report, dryRun),
    ...(report.missing === null ? [] : [missedWords(report.missing)]),
    changeWords(report.changes, dryRun),
    ...lines,
    ...skippedWords(report),
    `${dryRun ? "The store would hold" : "The store holds"} ${plural(report.patients, "patient")}, ${plural(report.events, "event")}, ${plural(report.registrations, "registration")}, complete to ${report.covers_to ?? "a day that nobody said"}.`,
    ...BASIS_WORDS[report.basis],
    "",
    qualityWords(report.quality),
  ].join("\n");
}

/** The rows that a load skipped, or took with a doubt, each reason a line; none where there are none. */
export function skippedWords({ reasons, doubts }: Pick<ImportReport, "reasons" | "doubts">): string[] {
  const listed = (of: ImportReport["reasons"]): string[] => of.map((reason) => `  ${counted(reason)}`);
  return [
    ...(reasons.length > 0 ? ["Skipped:", ...listed(reasons)] : []),
    ...(doubts.length > 0 ? ["Taken, and worth a look:", ...listed(doubts)] : []),
  ];
}

/** The changes that a load made, or would make, as a sentence. */
export function changeWords({ people, events }: ImportReport["changes"], dryRun: boolean): string {
  const { joined, left, died } = people;
  const { added, corrected, deleted } = events;
  return `${dryRun ? "It would change since the last load" : "Changed since the last load"}: ${joined} people joined, ${left} left, ${died} died; ${plural(added, "event")} new, ${corrected} corrected, ${deleted} deleted.`;
}

function counted({ reason, count, example }: ImportReport["reasons"][number]): string {
  return `${count} x ${reason} (first at ${example.file}:${example.line})`;
}

function headline(report: ImportReport, dryRun: boolean): string {
  if (report.known) return "This extract was loaded before: no record changed.";
  return dryRun ? "Read and checked; nothing was kept." : "Loaded.";
}

function missedWords(missing: Gap): string {
  return `Between the extract before and this one ${gapWords(missing)}: what changed there is not known. Take it in with --older, and then this one again.`;
}

const BASIS_WORDS: Record<ImportReport["basis"], string[]> = {
  registrations: [],
  birth: ["The records carry no registrations: people count as registered from their birth."],
  "first-record": ["The records carry no registrations: people count as registered from their first record."],
};
