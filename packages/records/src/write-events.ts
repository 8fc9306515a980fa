/** Writes a load's events into the store, patient by patient, telling new rows from corrections and repeats. */
import type { Database, Statement } from "@cairn/sqlite";
import { isAwaited } from "./waiting-people.js";
import { RepeatTally } from "./duplicates.js";
import type { RemovedRows } from "./removed-rows.js";
import { type GivenRows, type LostRow, NewHolders } from "./row-holders.js";
import { DOUBLES, isDeleted, NO_EVENT, orderOf, type PatientRows, type Spool, WORDS } from "./spool.js";
import { StoredRows } from "./stored-rows.js";
import { skipSuperseded } from "./superseded.js";

/**
 * Counts of a load's rows of events, by what was done with them. Rows in the store change by `added - deleted -
 * moved`.
 */
export interface RowCounts {
  readonly added: number;
  /** Rows given again with the same row id and another content. */
  readonly corrected: number;
  readonly deleted: number;
  /** Rows given to another person than before, who no longer has them. Absent where there are none. */
  readonly moved?: number;
  /** Rows that the store held already. */
  readonly repeated: number;
  /** Rows whose id comes again later in the same extract. */
  readonly superseded: number;
  /** Rows with the content of another row of the extract; kept as events of their own. */
  readonly duplicates: number;
  /** Rows of codes whose events are never kept. Absent where there are none. */
  readonly withheld?: number;
}
export const NOTHING_WRITTEN: RowCounts = {
  added: 0,
  corrected: 0,
  deleted: 0,
  repeated: 0,
  superseded: 0,
  duplicates: 0,
};

/** Facts about a load that decide how its rows are compared. */
interface Reading {
  readonly given: GivenRows;
  /** Whether ids tell rows apart within a patient only. */
  readonly own: boolean;
  /** Whether rows that the load does not give are removed. */
  readonly whole: boolean;
  /** The orders of rows, where they hold from one load to the next, of those that are gone; else null. */
  readonly gone: RemovedRows | null;
  /** Whether the store's rows can be found by their ids. */
  readonly indexed: boolean;
  /** Keys of people who left with this load, with the order up to which none of their rows is written. */
  readonly left: ReadonlyMap<number, number>;
  /** Those of them whose rows were taken from whoever had them before, and went with them. */
  readonly leftWithRows: ReadonlySet<number>;
  /** Keys of the codes whose rows are never kept. */
  readonly withheld: ReadonlySet<number>;
}

interface Outcome {
  readonly written: RowCounts;
  /** Number of tombstones whose row the store does not have. */
  readonly unmatched: number;
  /** Number of rows that wait with this load. */
  readonly waiting: number;
  /** Number of stored rows that a whole load did not give. */
  readonly gone: number;
  /** Whether the ids are each person's own numbers. */
  readonly idsAreOwn: boolean;
}

/**
 * Empties the spool into `event`.
 *
 * Within a load a later row with the same row id replaces an earlier one. Against the store: a row id that the
 * patient already has is corrected or, if marked deleted, removed; one that somebody else has is moved, and removed
 * where the tombstone names nobody; a row without an id is added unless the store already holds as many identical
 * ones, so that a whole extract loaded again with a few rows more adds those only.
 *
 * `touched` is called with each patient whose events changed.
 */
export function writeEvents(
  db: Database,
  spool: Spool,
  { given: allGiven, own, whole, indexed, left, leftWithRows, withheld, gone: goneRows }: Reading,
  wasEmpty: boolean,
  touched: (patient: number) => void,
  progress: (written: number) => void,
): Outcome {
  const ordered = goneRows !== null;
  const events = new EventInserter(db, "event", ordered);
  const waiting = new EventInserter(db, "waiting_event", ordered);
  const given = own ? null : allGiven;
  const holders = wasEmpty || whole || given === null ? null : new NewHolders(db, spool.count, indexed);
  const stored = wasEmpty ? null : new StoredRows(db, holders, whole, indexed, ordered);
  given?.settleOrder(spool);
  const repeats = new RepeatTally();
  const met = new Set<number>();
  let [superseded, duplicates, seen, tombstones, withheldRows] = [0, 0, 0, 0, 0];
  for (const rows of spool.patients()) {
    const upTo = left.get(rows.patient) ?? 0;
    if (leftWithRows.has(rows.patient)) removeFromOthers(rows, upTo, allGiven, holders);
    if (upTo === Infinity) continue;
    if (whole) met.add(rows.patient);
    const inserter = isAwaited(rows.patient) ? waiting : events;
    const before = inserter.added;
    const skip = new Uint8Array(rows.count);
    if (upTo > 0) for (let i = 0; i < rows.count; i++) if (orderOf(rows, i) < upTo) skip[i] = 1;
    superseded += skipSuperseded(rows, skip, allGiven, own, holders);
    if (goneRows !== null) superseded += skipGone(rows, skip, goneRows);
    if (withheld.size > 0) withheldRows += withhold(rows, skip, withheld, allGiven);
    if (inserter === events) duplicates += repeats.of(rows, skip);
    const gone = stored === null ? 0 : stored.reconcile(rows, skip);
    for (let i = 0; i < rows.count; i++) {
      if (skip[i] === 1) continue;
      if (isDeleted(rows, i)) tombstones += mayBeAbsent(rows, i, allGiven) ? 0 : 1;
      else inserter.add(rows, i, stored?.nextId(rows.words[i * WORDS + 1]!) ?? 0);
    }
    inserter.endOfPatient();
    if (inserter === events && (gone > 0 || inserter.added > before)) touched(rows.patient);
    seen += rows.count;
    progress(seen);
  }
  events.flush();
  waiting.flush();
  if (whole) stored?.removeAllBut(met, touched);
  const lost = takeFromOthers(db, allGiven, holders, ordered, touched);
  for (const [row, order] of allGiven.removed) goneRows?.put(row, order);
  const { corrected = 0, deleted = 0, repeated = 0, older = 0 } = stored ?? {};
  return {
    written: {
      added: events.added - corrected - lost.kept,
      corrected,
      deleted: deleted + lost.deleted,
      ...(lost.moved > 0 ? { moved: lost.moved } : {}),
      repeated,
      superseded: superseded + older + lost.kept,
      duplicates,
      ...(withheldRows > 0 ? { withheld: withheldRows } : {}),
    },
    unmatched: whole ? 0 : Math.max(0, tombstones - deleted) + lost.unmatched,
    waiting: waiting.added,
    gone: stored?.gone ?? 0,
    idsAreOwn: own || lost.idsAreOwn,
  };
}

function mayBeAbsent(rows: PatientRows, i: number, given: GivenRows): boolean {
  return rows.words[i * WORDS + 2] === NO_EVENT || given.mayBeAbsent(rows.doubles[i * DOUBLES + 6]!);
}

/** Turns rows of codes that are never kept into tombstones, or skips them where they have no id. @returns how many there were */
function withhold(rows: PatientRows, skip: Uint8Array, codes: ReadonlySet<number>, given: GivenRows): number {
  let dropped = 0;
  for (let i = 0; i < rows.count; i++) {
    if (skip[i] === 1 || isDeleted(rows, i) || !codes.has(rows.words[i * WORDS + 2]!)) continue;
    dropped++;
    const row = rows.doubles[i * DOUBLES + 6]!;
    if (row === 0) skip[i] = 1;
    else {
      given.remove(row, orderOf(rows, i), "no event");
      rows.doubles[i * DOUBLES + 3] = -1 - orderOf(rows, i);
    }
  }
  return dropped;
}

/** Removes rows up to an order from whoever has them in the store: somebody was given them who left after it. */
function removeFromOthers(
  rows: PatientRows,
  upTo: number,
  given: GivenRows,
  holders: NewHolders | null,
): void {
  for (let i = 0; i < rows.count; i++) {
    const row = rows.doubles[i * DOUBLES + 6]!;
    if (row !== 0 && !isDeleted(rows, i) && orderOf(rows, i) < upTo && given.isLastOf(row, rows.patient))
      holders?.remove(row, orderOf(rows, i));
  }
}

/** Skips rows of which a newer version said that they are gone, and keeps the order of those that are now. @returns how many are skipped */
function skipGone(rows: PatientRows, skip: Uint8Array, gone: RemovedRows): number {
  let skipped = 0;
  for (let i = 0; i < rows.count; i++) {
    const row = rows.doubles[i * DOUBLES + 6]!;
    if (skip[i] === 1 || row === 0) continue;
    if (isDeleted(rows, i)) gone.put(row, orderOf(rows, i));
    else if (gone.isOver(row, orderOf(rows, i))) {
      skip[i] = 1;
      skipped++;
    }
  }
  return skipped;
}

/**
 * Removes stored rows of people whose rows were given to others, or removed by their ids alone; and given rows of which
 * the store has a newer version elsewhere.
 */
function takeFromOthers(
  db: Database,
  given: GivenRows,
  holders: NewHolders | null,
  ordered: boolean,
  touched: (patient: number) => void,
): { moved: number; deleted: number; kept: number; unmatched: number; idsAreOwn: boolean } {
  const unmatched = new Set(given.expected);
  for (const [row, order] of given.removed) holders?.remove(row, order);
  const lost: readonly LostRow[] | null = holders === null ? [] : holders.lost(ordered);
  const remove = of(db, "patient = ? AND day = ? AND id = ?");
  const withdraw = of(db, "patient = ? AND source_row = CAST(? AS INTEGER)");
  let [moved, deleted, kept] = [0, 0, 0];
  for (const { patient, day, id, row, holder, stays } of lost ?? []) {
    unmatched.delete(row);
    if (stays) {
      if (holder !== 0) withdraw(holder).run(holder, row);
      if (holder !== 0 && !isAwaited(holder)) kept++;
      continue;
    }
    remove(patient).run(patient, day, id);
    if (isAwaited(patient)) continue;
    touched(patient);
    if (holder === 0 || isAwaited(holder) || given.isRemoved(row)) deleted++;
    else moved++;
  }
  return { moved, deleted, kept, unmatched: unmatched.size, idsAreOwn: lost === null };
}

/** Statements that delete rows of a patient, by where that patient's rows are. */
function of(db: Database, where: string): (patient: number) => Statement<number[]> {
  const [event, waiting] = ["event", "waiting_event"].map((table) =>
    db.prepare<number[]>(`DELETE FROM ${table} WHERE ${where}`),
  );
  return (patient) => (isAwaited(patient) ? waiting! : event!);
}

const COLUMNS = 12;
const ROWS_AN_INSERT = 50;

/**
 * Puts rows of events into the store, in its order: patient by patient, day by day. Fills one statement of fifty rows again and again: half the time of inserting one by one.
 */
class EventInserter {
  readonly #many: Statement;
  readonly #one: Statement;
  readonly #ordered: boolean;
  /** Of null at first, so that whole numbers are kept as such, and the engine makes no object for each. */
  readonly #values: (number | null)[] = new Array<number | null>(COLUMNS * ROWS_AN_INSERT).fill(null);
  #pending = 0;
  #day = NaN;
  #id = 0;
  added = 0;

  constructor(db: Database, table: "event" | "waiting_event", ordered: boolean) {
    this.#ordered = ordered;
    const row = `(${Array.from({ length: COLUMNS }, () => "?").join(",")})`;
    const rows = (n: number): string => Array.from({ length: n }, () => row).join(",");
    this.#many = db.prepare(`INSERT INTO ${table} VALUES ${rows(ROWS_AN_INSERT)}`);
    this.#one = db.prepare(`INSERT INTO ${table} VALUES ${row}`);
  }

  /** `firstId`: the first id that is free on that day. */
  add(rows: PatientRows, i: number, firstId: number): void {
    const words = rows.words;
    const at = i * WORDS;
    const day = words[at + 1]!;
    if (day !== this.#day) {
      this.#day = day;
      this.#id = firstId;
    }
    const to = this.#pending * COLUMNS;
    const values = this.#values;
    const half = i * DOUBLES;
    values[to] = rows.patient;
    values[to + 1] = day;
    values[to + 2] = this.#id++;
    values[to + 3] = words[at + 2]!;
    values[to + 4] = numberOf(rows.doubles[half + 4]!);
    values[to + 5] = words[at + 4]!;
    values[to + 6] = numberOf(rows.doubles[half + 5]!);
    values[to + 7] = words[at + 5]!;
    values[to + 8] = words[at + 3]!;
    values[to + 9] = rows.doubles[half + 6]!;
    values[to + 10] = this.#ordered ? orderOf(rows, i) : 0;
    values[to + 11] = words[at + 14]!;
    this.added++;
    if (++this.#pending === ROWS_AN_INSERT) {
      this.#many.run(...values); // the driver takes twice as long to read them out of an array
      this.#pending = 0;
    }
  }

  endOfPatient(): void {
    this.#day = NaN;
  }

  flush(): void {
    for (let i = 0; i < this.#pending; i++)
      this.#one.run(...this.#values.slice(i * COLUMNS, (i + 1) * COLUMNS));
    this.#pending = 0;
  }
}

function numberOf(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
