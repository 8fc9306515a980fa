/** Writes a load's events into the store, patient by patient, telling new rows from corrections and repeats. */
import type { Database, Statement } from "@cairn/sqlite";
import { duplicatesIn } from "./duplicates.js";
import { type GivenRows, type LostRow, NewHolders } from "./row-holders.js";
import { DOUBLES, type PatientRows, type Spool, WORDS } from "./spool.js";

const COLUMNS = 10;
const ROWS_AN_INSERT = 50;

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
  const inserter = new Inserter(db);
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
      if (rows.words[i * WORDS + 7] === 1) tombstones++;
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
    unmatched: whole ? 0 : tombstones - deleted + lost.unmatched,
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
  const unmatched = new Set(given.removed);
  for (const row of unmatched) holders?.remove(row);
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

/**
 * Skips rows whose id comes again later in the load, of this patient or (unless `given` is null) of another, or is
 * taken away there: by arrival, whatever their days. @returns how many
 */
function skipSuperseded(
  rows: PatientRows,
  skip: Uint8Array,
  given: GivenRows | null,
  holders: NewHolders | null,
): number {
  let skipped = 0;
  const lastOf = new Map<number, number>();
  for (let i = 0; i < rows.count; i++) {
    const row = rows.doubles[i * DOUBLES + 6]!;
    if (row === 0) continue;
    const place = rows.words[i * WORDS + 6]!;
    if (given !== null && rows.words[i * WORDS + 7] !== 1 && given.isOver(row, rows.patient, place)) {
      skip[i] = 1;
      skipped++;
      continue;
    }
    const other = lastOf.get(row);
    const later = other === undefined || place > rows.words[other * WORDS + 6]!;
    if (other !== undefined) {
      skip[later ? other : i] = 1;
      skipped++;
      holders?.isNew(row, rows.patient); // also where only its tombstone is left: it was this patient's before that
    }
    if (later) lastOf.set(row, i);
  }
  return skipped;
}

/** Fills one statement of fifty rows again and again: half the time of inserting one by one. */
class Inserter {
  readonly #many: Statement;
  readonly #one: Statement;
  readonly #values: number[] = new Array<number>(COLUMNS * ROWS_AN_INSERT).fill(0);
  #pending = 0;
  #day = NaN;
  #id = 0;
  added = 0;

  constructor(db: Database) {
    const row = `(${Array.from({ length: COLUMNS }, () => "?").join(",")})`;
    const rows = (n: number): string => Array.from({ length: n }, () => row).join(",");
    this.#many = db.prepare(`INSERT INTO event VALUES ${rows(ROWS_AN_INSERT)}`);
    this.#one = db.prepare(`INSERT INTO event VALUES ${row}`);
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
    values[to + 4] = rows.doubles[half + 4]!;
    values[to + 5] = words[at + 4]!;
    values[to + 6] = rows.doubles[half + 5]!;
    values[to + 7] = words[at + 5]!;
    values[to + 8] = words[at + 3]!;
    values[to + 9] = rows.doubles[half + 6]!;
    this.added++;
    if (++this.#pending === ROWS_AN_INSERT) {
      this.#many.run(values);
      this.#pending = 0;
    }
  }

  endOfPatient(): void {
    this.#day = NaN;
  }

  flush(): void {
    for (let i = 0; i < this.#pending; i++) this.#one.run(this.#values.slice(i * COLUMNS, (i + 1) * COLUMNS));
    this.#pending = 0;
  }
}

type StoredRow = [
  day: number,
  id: number,
  code: number,
  value: number | null,
  measure: number,
  quantity: number | null,
  clinician: number,
  origin: number,
  row: number,
];

/** What the store already holds of the patient at hand. */
class StoredRows {
  readonly #select: Statement<[number], StoredRow>;
  readonly #delete: Statement<[number, number, number]>;
  readonly #nextId = new Map<number, number>();
  readonly #holders: NewHolders | null;
  readonly #whole: boolean;
  readonly #db: Database;
  gone = 0;
  corrected = 0;
  deleted = 0;
  repeated = 0;

  constructor(db: Database, holders: NewHolders | null, whole: boolean) {
    this.#db = db;
    this.#holders = holders;
    this.#whole = whole;
    this.#select = db
      .prepare<[number], StoredRow>(
        "SELECT day, id, code, value, measure, quantity, clinician, origin, source_row FROM event WHERE patient = ?",
      )
      .raw();
    this.#delete = db.prepare("DELETE FROM event WHERE patient = ? AND day = ? AND id = ?");
  }

  /** The first id free on the day: rows are only ever added behind those that are there. */
  nextId(day: number): number {
    return this.#nextId.get(day) ?? 0;
  }

  /** Removes stored rows that the load corrects or deletes, marks incoming ones that say nothing new; how many went. */
  reconcile(rows: PatientRows, skip: Uint8Array): number {
    this.#nextId.clear();
    const stored = this.#select.all(rows.patient);
    const byRow = new Map<number, StoredRow>();
    const unnamed = new Map<string, StoredRow[]>(); // by content
    for (const each of stored) {
      this.#nextId.set(each[0], each[1] + 1);
      if (each[8] !== 0) byRow.set(each[8], each);
      else {
        const alike = unnamed.get(contentOf(each));
        if (alike === undefined) unnamed.set(contentOf(each), [each]);
        else alike.push(each);
      }
    }
    let gone = 0;
    for (let i = 0; i < rows.count; i++) {
      if (skip[i] === 1) continue;
      const incoming = incomingRow(rows, i);
      const known = incoming[8] === 0 ? undefined : byRow.get(incoming[8]);
      if (known !== undefined && contentOf(known) !== contentOf(incoming)) {
        gone += this.#delete.run(rows.patient, known[0], known[1]).changes;
        if (rows.words[i * WORDS + 7] === 1) this.deleted++;
        else this.corrected++;
      } else if (known !== undefined || (incoming[8] === 0 && unnamed.get(contentOf(incoming))?.pop())) {
        skip[i] = 1;
        this.repeated++;
      } else if (incoming[8] !== 0 && rows.words[i * WORDS + 7] !== 1) {
        this.#holders?.isNew(incoming[8], rows.patient);
      }
      if (known !== undefined) byRow.delete(incoming[8]);
    }
    if (this.#whole)
      for (const [day, id] of [...byRow.values(), ...[...unnamed.values()].flat()]) {
        gone += this.#delete.run(rows.patient, day, id).changes;
        this.gone++;
      }
    return gone;
  }

  /** Removes the events of all people but these. */
  removeAllBut(met: ReadonlySet<number>, touched: (patient: number) => void): void {
    const patients = this.#db.prepare<[], number>("SELECT key FROM patient").pluck().all();
    const remove = this.#db.prepare<[number]>("DELETE FROM event WHERE patient = CAST(? AS INTEGER)");
    for (const patient of patients) {
      if (met.has(patient)) continue;
      const gone = remove.run(patient).changes;
      if (gone > 0) touched(patient);
      this.gone += gone;
    }
  }
}

function incomingRow(rows: PatientRows, i: number): StoredRow {
  const at = i * WORDS;
  const half = i * DOUBLES;
  const number = (x: number): number | null => (Number.isNaN(x) ? null : x);
  return [
    rows.words[at + 1]!,
    0,
    rows.words[at + 2]!,
    number(rows.doubles[half + 4]!),
    rows.words[at + 4]!,
    number(rows.doubles[half + 5]!),
    rows.words[at + 5]!,
    rows.words[at + 3]!,
    rows.doubles[half + 6]!,
  ];
}

/** Everything but the id. */
function contentOf([day, , code, value, measure, quantity, clinician, origin, row]: StoredRow): string {
  return `${day},${code},${value},${measure},${quantity},${clinician},${origin},${row}`;
}
