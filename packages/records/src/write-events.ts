/** Writes a load's events into the store, patient by patient, telling new rows from corrections and repeats. */
import type { Database } from "@cairn/sqlite";
import { duplicatesIn } from "./duplicates.js";
import { EventInserter } from "./event-inserter.js";
import { type GivenRows, type LostRow, NewHolders } from "./row-holders.js";
import { DOUBLES, type Spool, WORDS } from "./spool.js";
import { StoredRows } from "./stored-rows.js";
import { skipSuperseded } from "./superseded.js";

/** What became of a load's rows of events. Rows in the store change by `added - deleted - moved`. */
export interface Written {
  readonly added: number;
  /** Given again with the same row id and another content. */
  readonly corrected: number;
  readonly deleted: number;
  /** Given to another person than before, who has them no more. Absent where there are none. */
  readonly moved?: number;
  /** Said nothing that the store did not hold. */
  readonly repeated: number;
  /** Their row id comes again later in the same extract. */
  readonly superseded: number;
  /** Say the same as another row of the extract; kept as events of their own. */
  readonly duplicates: number;
}
export const NOTHING_WRITTEN: Written = {
  added: 0,
  corrected: 0,
  deleted: 0,
  repeated: 0,
  superseded: 0,
  duplicates: 0,
};

/** How a load's rows are to be understood. */
interface Reading {
  readonly given: GivenRows;
  /** They tell rows apart within a patient only. */
  readonly own: boolean;
  /** What the load does not give goes. */
  readonly whole: boolean;
  /** Keys of people who left with this load: nothing of theirs is written. */
  readonly left: ReadonlySet<number>;
}

interface Outcome {
  readonly written: Written;
  /** Tombstones of rows that are not here. */
  readonly unmatched: number;
  /** Rows of the store that a whole load did not give. */
  readonly gone: number;
  /** The ids prove to be each person's own. */
  readonly idsAreOwn: boolean;
}

/**
 * Empties the spool into `event`. Within a load a later row with the same row id replaces an earlier one. Against
 * the store: a row id that the patient already has is corrected or, if marked deleted, removed; one that somebody
 * else has is moved, and removed where the tombstone names nobody; a row without an id is added unless the store
 * already holds as many identical ones, so that a whole extract loaded again with a few rows more adds those only.
 * `touched` hears of each patient whose events changed.
 */
export function writeEvents(
  db: Database,
  spool: Spool,
  { given: allGiven, own, whole, left }: Reading,
  wasEmpty: boolean,
  touched: (patient: number) => void,
  progress: (written: number) => void,
): Outcome {
  const inserter = new EventInserter(db);
  const given = own ? null : allGiven;
  const holders = wasEmpty || whole || given === null ? null : new NewHolders(db, spool.count);
  const stored = wasEmpty ? null : new StoredRows(db, holders, whole);
  const met = new Set<number>();
  let [superseded, duplicates, seen, tombstones] = [0, 0, 0, 0];
  for (const rows of spool.patients()) {
    if (left.has(rows.patient)) continue;
    if (whole) met.add(rows.patient);
    const before = inserter.added;
    const skip = new Uint8Array(rows.count);
    superseded += skipSuperseded(rows, skip, given, holders);
    duplicates += duplicatesIn(rows, skip);
    const gone = stored === null ? 0 : stored.reconcile(rows, skip);
    for (let i = 0; i < rows.count; i++) {
      if (skip[i] === 1) continue;
      if (rows.words[i * WORDS + 7] === 1)
        tombstones += allGiven.mayBeAbsent(rows.doubles[i * DOUBLES + 6]!) ? 0 : 1;
      else inserter.add(rows, i, stored?.nextId(rows.words[i * WORDS + 1]!) ?? 0);
    }
    inserter.endOfPatient();
    if (gone > 0 || inserter.added > before) touched(rows.patient);
    seen += rows.count;
    progress(seen);
  }
  inserter.flush();
  if (whole) stored?.removeAllBut(met, touched);
  const lost = takeFromOthers(db, allGiven, holders, touched);
  const { corrected = 0, deleted = 0, repeated = 0 } = stored ?? {};
  return {
    written: {
      added: inserter.added - corrected,
      corrected,
      deleted: deleted + lost.deleted,
      ...(lost.moved > 0 ? { moved: lost.moved } : {}),
      repeated,
      superseded,
      duplicates,
    },
    unmatched: whole ? 0 : Math.max(0, tombstones - deleted) + lost.unmatched,
    gone: stored?.gone ?? 0,
    idsAreOwn: own || lost.idsAreOwn,
  };
}

/** Removes what the store holds of people whose rows were given to others, or taken away by their ids alone. */
function takeFromOthers(
  db: Database,
  given: GivenRows,
  holders: NewHolders | null,
  touched: (patient: number) => void,
): { moved: number; deleted: number; unmatched: number; idsAreOwn: boolean } {
  const unmatched = new Set(given.expected);
  for (const row of given.removed) holders?.remove(row);
  const lost: readonly LostRow[] | null = holders === null ? [] : holders.lost();
  const remove = db.prepare<[number, number, number]>(
    "DELETE FROM event WHERE patient = ? AND day = ? AND id = ?",
  );
  let deleted = 0;
  for (const { patient, day, id, row } of lost ?? []) {
    remove.run(patient, day, id);
    touched(patient);
    if (given.isRemoved(row)) deleted++;
    unmatched.delete(row);
  }
  return {
    moved: (lost?.length ?? 0) - deleted,
    deleted,
    unmatched: unmatched.size,
    idsAreOwn: lost === null,
  };
}
