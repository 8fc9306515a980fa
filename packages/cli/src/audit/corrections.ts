/** One release for a query version and date, unless both logs say that it was taken back and asked once more. */
import { rootAt, type Entry } from "@cairn/audit-log";
import { fail, text } from "./does-not-hold.js";

/** What the practice's log has told of one query version and date so far. */
interface Told {
  releases: number; // 0 to 2: the first, and the corrected one
  withdrawn: number; // how many of them
  corrections: number; // allowed
}

/**
 * @param practice what to call it.
 * @returns how many releases the practice took back.
 * @throws DoesNotHold
 */
export function corrections(
  practice: string,
  entries: readonly Entry[],
  hubEntries: readonly Entry[],
): number {
  oneReleaseEach(practice, entries);
  const taken = entries.filter(({ kind }) => kind === "withdrawn" || kind === "withdrawal-given-back");
  withdrawalsAgree(practice, entries, taken, hubEntries);
  return taken.length;
}

function oneReleaseEach(practice: string, entries: readonly Entry[]): void {
  const known = new Map<string, Told>();
  for (const entry of entries) {
    const key = `${text(entry, "queryDigest")} ${text(entry, "date")}`;
    const about = key === " " ? text(entry, "run") : key;
    const told = known.get(about) ?? { releases: 0, withdrawn: 0, corrections: 0 };
    known.set(about, told);
    take(practice, entry, told);
  }
}

function take(practice: string, entry: Entry, told: Told): void {
  const run = text(entry, "run");
  switch (entry.kind) {
    case "released":
    case "release-given-back":
      if (told.releases !== told.corrections)
        fail(`the log of ${practice} tells of a second release for run ${run} without a logged correction`);
      told.releases += 1;
      return;
    case "withdrawn":
    case "withdrawal-given-back":
      if (told.withdrawn >= told.releases)
        fail(`the log of ${practice} tells of a withdrawal of run ${run} that was not released`);
      told.withdrawn += 1;
      return;
    case "correction-allowed":
    case "correction-given-back":
      if (told.corrections > 0 || told.withdrawn === 0)
        fail(`the log of ${practice} allows a correction of run ${run} that follows no withdrawal`);
      told.corrections += 1;
  }
}

/** What one side says was taken back, the other side says too, once it has heard of it. */
function withdrawalsAgree(
  practice: string,
  entries: readonly Entry[],
  taken: readonly Entry[],
  hubEntries: readonly Entry[],
): void {
  const noted = hubEntries.filter(({ kind }) => kind === "release-withdrawn");
  const atHub = new Set(noted.map(nameOf));
  const lost = entries.find((entry) => entry.kind === "withdrawal-receipt" && !atHub.has(nameOf(entry)));
  if (lost)
    fail(
      `${practice} holds a receipt for the withdrawal of run ${text(lost, "run")} that the hub does not tell of`,
    );
  const runs = new Set(entries.map((entry) => text(entry, "run")));
  for (const entry of noted.filter((each) => runs.has(text(each, "run")))) {
    const own = taken.find((each) => nameOf(each) === nameOf(entry));
    if (!own) fail(`the hub tells of a withdrawal of run ${text(entry, "run")} that ${practice} never made`);
    if (own.kind === "withdrawn" && !isUnderItsRoot(entries, entry))
      fail(`the log of ${practice} is not the one from which run ${text(entry, "run")} was withdrawn`);
  }
}

/** Signed where the practice's log stood at the withdrawal, or at the correction that it allowed with it. */
function isUnderItsRoot(entries: readonly Entry[], held: Entry): boolean {
  const size = Number(held.body["practice_log_size"]);
  return size <= entries.length && rootAt(entries, size).toString("hex") === text(held, "practice_log_root");
}

function nameOf(entry: Entry): string {
  return [text(entry, "run"), text(entry, "correction"), text(entry, "digest")].join(" ");
}
