/** Runs as rows: reading them, and the one function that moves them. */
import { KeeperError } from "../errors.js";
import type { RefusalCode } from "@cairn/wire";
import type { Change, Reader } from "../store/store.js";
import type { RunState } from "./states.js";

export interface Run {
  readonly run: string;
  readonly query: string;
  readonly version: string;
  readonly digest: Buffer; // SHA-256 of the query
  readonly referenceDate: string; // ISO
  readonly state: RunState;
  readonly refusal: { readonly code: string; readonly words: string } | null;
  readonly attempt: number;
  readonly starts: number; // began to run and neither finished nor was called off
  readonly change: number;
  /** The number of the release that counts: 0, or 1 once a corrected run was allowed. */
  readonly correction: number;
}

interface Row {
  run: string;
  query: string;
  version: string;
  digest: Buffer;
  reference_date: string;
  state: string;
  refusal_code: string | null;
  refusal_words: string | null;
  attempt: number;
  starts: number;
  change: number;
  correction: number;
}

export function findRun(store: Reader, run: string): Run | null {
  const row = store.db.prepare<[string], Row>("SELECT * FROM run WHERE run = ?").get(run);
  return row ? fromRow(row) : null;
}

/** What a person may type in place of a run's whole name: six of its hex digits or more. */
const BEGINNING = /^[0-9a-f]{6,32}$/;

/**
 * The whole name of the run that begins with these letters.
 * @returns what was written, where no run does.
 * @throws KeeperError run-unknown where several do
 */
export function wholeRunName(store: Reader, written: string): string {
  if (!BEGINNING.test(written) || findRun(store, written)) return written;
  const found = store.db
    .prepare<[string, string], { run: string }>("SELECT run FROM run WHERE substr(run, 1, length(?)) = ?")
    .all(written, written);
  if (found.length > 1)
    throw new KeeperError(
      "run-unknown",
      `${found.length} runs begin with ${written}: write more of the one that is meant`,
    );
  return found[0]?.run ?? written;
}

/** The shortest distinct beginnings of these runs' names, eight letters or more, by whole name. */
export function shortRunNames(runs: readonly string[]): Map<string, string> {
  const sorted = [...runs].sort();
  const alike = (a: string, b = ""): number => {
    let n = 0;
    while (n < a.length && a[n] === b[n]) n += 1;
    return n;
  };
  return new Map(
    sorted.map((run, i) => {
      const most = Math.max(alike(run, sorted[i - 1]), alike(run, sorted[i + 1]));
      return [run, run.slice(0, Math.max(8, most + 1))];
    }),
  );
}

/** Runs changed after a change number, in the order of their newest change. */
export function runsChangedAfter(store: Reader, change: number): Run[] {
  return store.db
    .prepare<[bigint], Row>("SELECT * FROM run WHERE change > ? ORDER BY change")
    .all(BigInt(change))
    .map(fromRow);
}

/** Runs in these states by query and reference date, oldest first. */
export function runsInState(store: Reader, ...states: RunState[]): Run[] {
  const marks = states.map(() => "?").join(", ");
  return store.db
    .prepare<string[], Row>(
      `SELECT * FROM run WHERE state IN (${marks}) ORDER BY query, digest, reference_date`,
    )
    .all(...states)
    .map(fromRow);
}

export function allRuns(store: Reader): Run[] {
  return store.db
    .prepare<[], Row>("SELECT * FROM run ORDER BY query, reference_date, run")
    .all()
    .map(fromRow);
}

/**
 * Runs whose state follows from decisions and records: all that have not left, and those that have left with a group
 * still to be decided on. By query and reference date, oldest first.
 */
export function runsToReview(store: Reader): Run[] {
  return store.db
    .prepare<[], Row>(
      `SELECT * FROM run WHERE state NOT IN ('acknowledged', 'withdrawn', 'refused', 'quarantined')
          OR (state = 'acknowledged' AND EXISTS (SELECT 1 FROM request WHERE request.run = run.run
              AND (request.state IN ('waiting-for-approval', 'waiting-for-witness', 'declined')
                   OR (request.state = 'ready' AND NOT EXISTS (SELECT 1 FROM release_use AS own WHERE own.run = run.run
                       AND own.correction = run.correction AND own.grp = request.grp)))))
       ORDER BY query, digest, reference_date`,
    )
    .all()
    .map(fromRow);
}

/** The number of the newest change of any run; 0 before the first. */
export function newestChange(store: Reader): number {
  const row = store.db.prepare<[], { change: number | null }>("SELECT max(change) AS change FROM run").get();
  return row?.change ?? 0;
}

/** Whether there is a release of this query version for a later date: an earlier one that never left then expires. */
export function laterDateHasLeft(store: Reader, digest: Buffer, referenceDate: string): boolean {
  return (
    store.db
      .prepare("SELECT 1 FROM release WHERE query_digest = ? AND reference_date > ? LIMIT 1")
      .get(digest, referenceDate) !== undefined
  );
}

/** Writes a new run down with its first state. */
export function insertRun(
  change: Change,
  run: Omit<Run, "attempt" | "starts" | "change" | "correction">,
): void {
  change.db
    .prepare(
      `INSERT INTO run (run, query, version, digest, reference_date, state, refusal_code, refusal_words, change)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      run.run,
      run.query,
      run.version,
      run.digest,
      run.referenceDate,
      run.state,
      run.refusal?.code ?? null,
      run.refusal?.words ?? null,
      BigInt(newestChange(change) + 1),
    );
}

interface Move {
  readonly refusal?: { readonly code: RefusalCode; readonly words: string };
  readonly attempt?: number;
  readonly starts?: number;
}

/** Tells the run anew as it stands: something about it has changed. */
export function touchRun(change: Change, run: string): void {
  change.db.prepare("UPDATE run SET change = ? WHERE run = ?").run(BigInt(newestChange(change) + 1), run);
}

/** Moves a run to a state (and gives it a change number). */
export function moveRun(change: Change, run: string, state: RunState, move: Move = {}): void {
  change.db
    .prepare(
      `UPDATE run SET state = ?, refusal_code = ?, refusal_words = ?, change = ?,
              attempt = coalesce(?, attempt), starts = coalesce(?, starts) WHERE run = ?`,
    )
    .run(
      state,
      move.refusal?.code ?? null,
      move.refusal?.words ?? null,
      BigInt(newestChange(change) + 1),
      move.attempt === undefined ? null : BigInt(move.attempt),
      move.starts === undefined ? null : BigInt(move.starts),
      run,
    );
}

function fromRow(row: Row): Run {
  return {
    run: row.run,
    query: row.query,
    version: row.version,
    digest: row.digest,
    referenceDate: row.reference_date,
    state: row.state as RunState,
    refusal: row.refusal_code === null ? null : { code: row.refusal_code, words: row.refusal_words ?? "" },
    attempt: row.attempt,
    starts: row.starts,
    change: row.change,
    correction: row.correction,
  };
}
