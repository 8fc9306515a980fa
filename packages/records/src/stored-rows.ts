/** The stored rows of a load's patients, compared with the rows that the load brings. */
import type { Database, Statement } from "@cairn/sqlite";
import type { NewHolders } from "./row-holders.js";
import { isAwaited } from "./awaited.js";
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
];

/** What is done with the stored rows of one table: `event`, or those that wait. */
class Table {
  readonly select: Statement<[number], StoredRow>;
  readonly delete: Statement<[number, number, number]>;
  readonly setOrder: Statement<[number, number, number, number]>;

  constructor(db: Database, table: "event" | "waiting_event") {
    this.select = db
      .prepare<[number], StoredRow>(
        `SELECT day, id, code, value, measure, quantity, clinician, origin, source_row, source_order FROM ${table} WHERE patient = ?`,
      )
      .raw();
    this.delete = db.prepare(`DELETE FROM ${table} WHERE patient = ? AND day = ? AND id = ?`);
    this.setOrder = db.prepare(
      `UPDATE ${table} SET source_order = CAST(? AS INTEGER) WHERE patient = ? AND day = ? AND id = ?`,
    );
  }
}

/** The stored rows of the present patient. */
export class StoredRows {
  readonly #event: Table;
  readonly #waiting: Table;
  readonly #nextId = new Map<number, number>();
  readonly #holders: NewHolders | null;
  readonly #whole: boolean;
  readonly #ordered: boolean;
  readonly #db: Database;
  gone = 0;
  corrected = 0;
  deleted = 0;
  repeated = 0;
  /** Number of rows of a lower order than the store's version of them. */
  older = 0;

  /** @param ordered whether orders of rows hold from one load to the next */
  constructor(db: Database, holders: NewHolders | null, whole: boolean, ordered: boolean) {
    this.#db = db;
    this.#holders = holders;
    this.#whole = whole;
    this.#ordered = ordered;
    this.#event = new Table(db, "event");
    this.#waiting = new Table(db, "waiting_event");
  }

  /** The first free id of the day: rows are only ever added after the existing ones. */
  nextId(day: number): number {
    return this.#nextId.get(day) ?? 0;
  }

  /**
   * Removes stored rows that the load corrects or deletes, and skips incoming ones that repeat a stored row.
   * @returns the number removed
   */
  reconcile(rows: PatientRows, skip: Uint8Array): number {
    this.#nextId.clear();
    const waits = isAwaited(rows.patient);
    const table = waits ? this.#waiting : this.#event;
    const stored = table.select.all(rows.patient);
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
      if (known !== undefined && this.#ordered && known[9] > incoming[9]) {
        skip[i] = 1;
        this.older++;
      } else if (known !== undefined && contentOf(known) !== contentOf(incoming)) {
        gone += table.delete.run(rows.patient, known[0], known[1]).changes;
        if (!waits && isDeleted(rows, i)) this.deleted++;
        else if (!waits) this.corrected++;
      } else if (known !== undefined || (incoming[8] === 0 && unnamed.get(contentOf(incoming))?.pop())) {
        skip[i] = 1;
        this.repeated++;
        if (known !== undefined && this.#ordered && known[9] < incoming[9])
          table.setOrder.run(incoming[9], rows.patient, known[0], known[1]);
      } else if (incoming[8] !== 0 && !isDeleted(rows, i)) {
        this.#holders?.isNew(incoming[8], rows.patient, incoming[9]);
      }
      if (known !== undefined) byRow.delete(incoming[8]);
    }
    if (this.#whole)
      for (const [day, id] of [...byRow.values(), ...[...unnamed.values()].flat()]) {
        gone += table.delete.run(rows.patient, day, id).changes;
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
  ];
}

/** The content of a row: every column but its id and order. */
function contentOf([day, , code, value, measure, quantity, clinician, origin, row]: StoredRow): string {
  return `${day},${code},${value},${measure},${quantity},${clinician},${origin},${row}`;
}
