/** Releases on hold until somebody here has seen them, and why, and those that are then kept here: for the practice's own eyes. */
import { practiceLog } from "@cairn/ledger";
import { holdsReleases } from "../store/settings.js";
import type { Run } from "../runs/run.js";
import type { Change, Reader } from "../store/store.js";

type ReleaseOf = Pick<Run, "run" | "correction">;

/**
 * Whether a release waits for a person: where the practice holds each release, and where this one was answered from
 * thin months for which nobody has approved a release of the query yet. Records that begin within a window of years
 * are so looked at once for it.
 */
export function waitsForLook(store: Reader, release: ReleaseOf & Pick<Run, "query">): boolean {
  if (holdsReleases(store)) return true;
  const seen = new Set(
    store.db
      .prepare<[string, string], string>(
        `SELECT DISTINCT month FROM run JOIN thin_month USING (run, correction)
         WHERE query = ? AND run <> ? AND state IN ('outbox', 'acknowledged')`,
      )
      .pluck()
      .all(release.query, release.run),
  );
  return thinMonthsOf(store, release).some((month) => !seen.has(month));
}

/** Whether a person has approved the release of a run since it was made. */
export function isApproved(store: Reader, { run, correction }: ReleaseOf): boolean {
  const approved = store.db.prepare<[string, string, string, string, bigint], { position: bigint }>(
    `SELECT position FROM log_entry WHERE kind = ? AND body ->> 'run' = ?
       AND position > (SELECT max(position) FROM log_entry WHERE kind = ? AND body ->> 'run' = ? AND body ->> 'correction' = ?)`,
  );
  const [approval, release] = [practiceLog.releaseApproved.kind, practiceLog.released.kind];
  return approved.get(approval, run, release, run, BigInt(correction)) !== undefined;
}

/** The months (`2026-09`, oldest first) with hardly any events that a release was answered from. */
export function thinMonthsOf(store: Reader, { run, correction }: ReleaseOf): string[] {
  return store.db
    .prepare<[string, bigint], string>(
      "SELECT month FROM thin_month WHERE run = ? AND correction = ? ORDER BY month",
    )
    .pluck()
    .all(run, BigInt(correction));
}

/** The thin months of every release, by run and correction with a blank between. */
export function allThinMonths(store: Reader): ReadonlyMap<string, readonly string[]> {
  const rows = store.db
    .prepare<[], { release: string; month: string }>(
      "SELECT run || ' ' || correction AS release, month FROM thin_month ORDER BY month",
    )
    .all();
  const months = new Map<string, string[]>();
  for (const { release, month } of rows) months.set(release, [...(months.get(release) ?? []), month]);
  return months;
}

export function keepThinMonths(
  change: Change,
  { run, correction }: ReleaseOf,
  months: readonly string[],
): void {
  const insert = change.db.prepare("INSERT INTO thin_month VALUES (?, ?, ?)");
  for (const month of months) insert.run(run, BigInt(correction), month);
}

type DateOf = Pick<Run, "query" | "referenceDate">;

/** Whether a person decided that no version of the query leaves for the date. */
export function isKeptHere(store: Reader, { query, referenceDate }: DateOf): boolean {
  return (
    store.db.prepare("SELECT 1 FROM kept_date WHERE query = ? AND date = ?").get(query, referenceDate) !==
    undefined
  );
}

export function insertKeptHere(change: Change, { query, referenceDate }: DateOf): void {
  change.db.prepare("INSERT OR IGNORE INTO kept_date VALUES (?, ?)").run(query, referenceDate);
}
