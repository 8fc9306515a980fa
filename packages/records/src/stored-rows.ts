/** The stored rows of a load's patients, compared with the rows that the load brings. */
import type { Database, Statement } from "@cairn/sqlite";
import type { NewHolders } from "./row-holders.js";
import { isAwaited } from "./waiting-people.js";
import { DOUBLES, isDeleted, orderOf, type PatientRows, WORDS } from "./spool.js";

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
  order: number,
  source: number,
];

/** What is done with the stored rows of one table: `event`, or those that wait. */
class Table {
  readonly select: Statement<[number], StoredRow>;
  /** Finds a row by its id; null while the store has no index of them. */
  readonly find: Statement<[number, number], StoredRow> | null;
  readonly lastId: Statement<[number, number], number | null>;
  readonly delete: Statement<[number, number, number]>;
  readonly setVersion: Statement<[number, number, number, number, number]>;

  constructor(db: Database, table: "event" | "waiting_event", indexed: boolean) {
    const columns =
      "day, id, code, value, measure, quantity, clinician, origin, source_row, source_order, source_code";
    this.select = db.prepare<[number], StoredRow>(`SELECT ${columns} FROM ${table} WHERE patient = ?`).raw();
    this.find = !indexed
      ? null
      : db
          .prepare<[number, number], StoredRow>(
            `SELECT ${columns} FROM ${table} INDEXED BY event_by_row
             WHERE source_row = CAST(? AS INTEGER) AND source_row <> 0 AND patient = ?`,
          )
          .raw();
    this.lastId = db
      .prepare<[number, number], number | null>(`SELECT max(id) FROM ${table} WHERE patient = ? AND day = ?`)
      .pluck();
    this.delete = db.prepare(`DELETE FROM ${table} WHERE patient = ? AND day = ? AND id = ?`);
    this.setVersion = db.prepare(
      `UPDATE ${table} SET source_order = CAST(? AS INTEGER), source_code = CAST(? AS INTEGER) WHERE patient = ? AND day = ? AND id = ?`,
    );
  }
}

/** The stored rows of the present patient. */
export class StoredRows {
  readonly #event: Table;
  readonly #waiting: Table;
  #table: Table;
  /** By day, an id above those of the rows that were deleted. */
  readonly #afterDeleted = new Map<number, number>();
  #patient = 0;
  #day = NaN;
  #free = 0;
  readonly #holders: NewHolders | null;
  readonly #whole: boolean;
  readonly #ordered: boolean;
  readonly #db: Database;
  gone = 0;
  corrected = 0;
  deleted = 0;
  repeated = 0;
  /** Number of rows of a lower order than the store's version of them. In a whole load none is: it stands in the place of all. */
  older = 0;

  /**
   * @param indexed whether the store's rows can be found by their ids
   * @param ordered whether orders of rows hold from one load to the next
   */
  constructor(db: Database, holders: NewHolders | null, whole: boolean, indexed: boolean, ordered: boolean) {
    this.#db = db;
    this.#holders = holders;
    this.#whole = whole;
    this.#ordered = ordered;
    this.#event = new Table(db, "event", indexed);
    this.#waiting = new Table(db, "waiting_event", false);
    this.#table = this.#event;
  }

  /** The first free id of the day: rows are only ever added after the existing ones. */
  nextId(day: number): number {
    if (day !== this.#day) {
      this.#day = day;
      const last = this.#table.lastId.get(this.#patient, day) ?? -1;
      this.#free = Math.max(this.#afterDeleted.get(day) ?? 0, last + 1);
    }
    return this.#free;
  }

  /** The patient's rows that the load may repeat, correct or delete: all of them, or those whose ids it gives. */
  #storedFor(rows: PatientRows, skip: Uint8Array): StoredRow[] {
    const ids = new Set<number>();
    for (let i = 0; i < rows.count; i++) if (skip[i] === 0) ids.add(rows.doubles[i * DOUBLES + 6]!);
    const { find, select } = this.#table;
    if (find === null || this.#whole || ids.has(0)) return select.all(rows.patient);
    return [...ids].flatMap((id) => find.all(id, rows.patient));
  }

  #remove(patient: number, day: number, id: number): number {
    this.#afterDeleted.set(day, Math.max(this.#afterDeleted.get(day) ?? 0, id + 1));
    return this.#table.delete.run(patient, day, id).changes;
  }

  /**
   * Removes stored rows that the load corrects or deletes, and skips incoming ones that repeat a stored row.
   * @returns the number removed
   */
  reconcile(rows: PatientRows, skip: Uint8Array): number {
    this.#afterDeleted.clear();
    this.#day = NaN;
    this.#patient = rows.patient;
    const waits = isAwaited(rows.patient);
    this.#table = waits ? this.#waiting : this.#event;
    const stored = this.#storedFor(rows, skip);
    const byRow = new Map<number, StoredRow>();
    const unnamed = new Map<string, StoredRow[]>(); // by content
    for (const each of stored) {
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
      if (known !== undefined && this.#ordered && !this.#whole && known[9] > incoming[9]) {
        skip[i] = 1;
        this.older++;
      } else if (known !== undefined && contentOf(known) !== contentOf(incoming)) {
        gone += this.#remove(rows.patient, known[0], known[1]);
        if (!waits && isDeleted(rows, i)) this.deleted++;
        else if (!waits) this.corrected++;
      } else if (known !== undefined || (incoming[8] === 0 && unnamed.get(contentOf(incoming))?.pop())) {
        skip[i] = 1;
        this.repeated++;
        if (known === undefined) continue;
        const order = this.#ordered ? incoming[9] : known[9];
        if (known[9] !== order || known[10] !== incoming[10])
          this.#table.setVersion.run(order, incoming[10], rows.patient, known[0], known[1]);
      } else if (incoming[8] !== 0 && !isDeleted(rows, i)) {
        this.#holders?.isNew(incoming[8], rows.patient, incoming[9]);
      }
      if (known !== undefined) byRow.delete(incoming[8]);
    }
    if (this.#whole)
      for (const [day, id] of [...byRow.values(), ...[...unnamed.values()].flat()]) {
        gone += this.#remove(rows.patient, day, id);
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
    orderOf(rows, i),
    rows.words[at + 14]!,
  ];
}

/** The content of a row: every column but its id, its order and what gave its code. */
function contentOf([day, , code, value, measure, quantity, clinician, origin, row]: StoredRow): string {
  return `${day},${code},${value},${measure},${quantity},${clinician},${origin},${row}`;
}
