/**
 * The patients that rows belong to, by the rows' ids alone. Within a patient `write-events.ts` knows a row again;
 * here is what crosses patients: a row that an extract gives to another person than before is that person's only, and
 * a tombstone can carry the row's id and no patient.
 *
 * Fifteen million ids are too many to hold, so bits for each tell which can have come before, and only those that
 * can have are remembered.
 */
import type { Database } from "@cairn/sqlite";
import { IdSet } from "./id-set.js";
import type { Spool } from "./spool.js";

/** Number of new rows up to which each is looked up; more are first compared with bits for each row of the store. */
const FEW = 1 << 18;
/** Share of ids held by several people above which, and from so many on, ids count as each person's own numbers. */
const OWN_SHARE = 0.1;
const OWN_LEAST = 10;

/**
 * Why a row is removed. `deleted`: a tombstone says so, and is counted where the row is not here. `no event`: it is
 * none any more. `given to nobody`: its person is not here.
 */
export type Removal = "deleted" | "no event" | "given to nobody";

/** The rows of one load, as they arrive. */
export class GivenRows {
  readonly #seen = new IdSet();
  /** The last patient of each id that may have come more than once. */
  readonly #last = new Map<number, number>();
  /** The order of each tombstone without a patient. */
  readonly #removed = new Map<number, number>();
  readonly #why = new Map<number, Removal>(); // unless it is said to be deleted
  #rows = 0;
  #changes = 0;
  #newest = 0;
  /** Whether a row that may have come before came after one of a higher order. */
  #outOfOrder = false;

  /** Notes a row with an id other than 0 that is no tombstone. */
  give(id: number, patient: number, order: number): void {
    this.#rows++;
    if (this.#removed.size > 0 && this.#removed.get(id)! <= order) this.#removed.delete(id); // it is here again
    const late = order < this.#newest;
    if (!late) this.#newest = order;
    if (!this.#seen.add(id)) return;
    if (late) this.#outOfOrder = true;
    const before = this.#last.get(id);
    if (before === patient) return;
    if (before !== undefined) this.#changes++;
    this.#last.set(id, patient);
  }

  /** Whether the row may have been given; false is certain. */
  mayHave(id: number): boolean {
    return this.#seen.has(id);
  }

  /** Whether the row was given once, and was not removed; false may be wrong. Of tombstones with a patient it knows nothing. */
  cameOnce(id: number): boolean {
    return !this.#last.has(id) && (this.#removed.size === 0 || !this.#removed.has(id));
  }

  /** Finds anew whose rows are that came more than once, where they did not come in their order. */
  settleOrder(spool: Spool): void {
    if (!this.#outOfOrder) return;
    const highest = new Map<number, number>();
    spool.forEach((id, patient, order) => {
      if (!this.#last.has(id) || order < (highest.get(id) ?? 0)) return;
      highest.set(id, order);
      this.#last.set(id, patient);
    });
  }

  /** Removes the row, whoever has it, unless it is given with a higher order, or the same one later. */
  remove(id: number, order: number, why: Removal): void {
    if (this.#removed.get(id)! > order) return;
    this.#removed.set(id, order);
    if (why === "deleted") this.#why.delete(id);
    else this.#why.set(id, why);
  }

  mayBeAbsent(id: number): boolean {
    return this.#why.has(id);
  }

  /** The removed rows that the store should have. */
  get expected(): Iterable<number> {
    return [...this.#removed.keys()].filter((id) => !this.#why.has(id));
  }

  /** Whether ids tell rows apart only within a patient: then nothing is taken from anyone for being given to another. */
  areEachPersonsOwn(): boolean {
    return this.#changes >= OWN_LEAST && this.#changes > this.#rows * OWN_SHARE;
  }

  /** Whether nobody was given the row after this patient. */
  isLastOf(id: number, patient: number): boolean {
    return (this.#last.get(id) ?? patient) === patient;
  }

  /** Whether the row given with this order is superseded by a later one of the load. One that is not is here again. */
  isOver(id: number, patient: number, order: number): boolean {
    if (!this.isLastOf(id, patient)) return true;
    const removed = this.#removed.get(id);
    if (removed === undefined) return false;
    if (removed <= order) this.#removed.delete(id);
    return removed > order;
  }

  /** Whether any row was removed, other than for being given to nobody. */
  removes(): boolean {
    return [...this.#removed.keys()].some((id) => this.#why.get(id) !== "given to nobody");
  }

  /** The removed rows, each with the order of what removed it. */
  get removed(): Iterable<readonly [row: number, order: number]> {
    return this.#removed;
  }

  isRemoved(id: number): boolean {
    return this.#removed.has(id);
  }
}

/** A stored row that is another patient's in the load, or was removed there. */
export interface LostRow {
  readonly patient: number;
  readonly day: number;
  readonly id: number;
  readonly row: number;
  /** Whose it is in the load; 0 for nobody. */
  readonly holder: number;
  /** Whether the store's version is newer than the load's: then it stays where it is. */
  readonly stays: boolean;
}

/** The rows that a load gave to people who did not have them, sought among the store's other people. */
export class NewHolders {
  readonly #db: Database;
  readonly #held: IdSet | null;
  readonly #indexed: boolean;
  readonly #wanted = new Map<number, readonly [patient: number, order: number]>(); // by row id

  /**
   * @param rows number that the load brings. Takes one pass over the store where they are many.
   * @param indexed whether the store's rows can be found by their ids
   */
  constructor(db: Database, rows: number, indexed: boolean) {
    this.#db = db;
    this.#indexed = indexed;
    this.#held = rows <= FEW ? null : heldIn(db);
  }

  isNew(row: number, patient: number, order: number): void {
    if (this.#held?.has(row) ?? true) this.#wanted.set(row, [patient, order]);
  }

  remove(row: number, order: number): void {
    if (!this.#wanted.has(row)) this.#wanted.set(row, [0, order]);
  }

  /**
   * The stored rows that now belong to others; null where so many people hold the same ids that those are each
   * person's own.
   * @param ordered whether orders of rows hold from one load to the next
   */
  lost(ordered: boolean): LostRow[] | null {
    if (this.#wanted.size === 0) return [];
    this.#db.exec(
      "CREATE TEMP TABLE wanted (row INTEGER PRIMARY KEY, patient INTEGER NOT NULL, source_order INTEGER NOT NULL) STRICT",
    );
    try {
      const put = this.#db.prepare("INSERT INTO wanted VALUES (?, ?, ?)");
      for (const [row, [patient, order]] of this.#wanted) put.run(row, patient, order);
      const most = Math.max(OWN_LEAST, this.#wanted.size * 4);
      const fromEvents = this.#indexed
        ? "wanted AS w CROSS JOIN event AS e INDEXED BY event_by_row"
        : "event AS e CROSS JOIN wanted AS w"; // by one pass over the store
      const among = (from: string): string =>
        `SELECT e.patient, e.day, e.id, e.source_row AS row, w.patient AS holder, e.source_order > w.source_order AS newer
         FROM ${from} ON w.row = e.source_row WHERE e.source_row <> 0 AND e.patient <> w.patient`;
      const found = this.#db
        .prepare<[number], Omit<LostRow, "stays"> & { readonly newer: number }>(
          `${among(fromEvents)} UNION ALL ${among("waiting_event AS e CROSS JOIN wanted AS w")} LIMIT CAST(? AS INTEGER)`,
        )
        .all(most + 1);
      if (found.length > most) return null;
      return found.map(({ newer, ...each }) => ({ ...each, stays: ordered && newer === 1 }));
    } finally {
      this.#db.exec("DROP TABLE wanted");
    }
  }
}

/** Bits for each id of the store's rows, by one pass over it. */
export function heldIn(db: Database): IdSet {
  const bits = new IdSet();
  const rows = db
    .prepare<[], number>(
      `SELECT source_row FROM event WHERE source_row <> 0
       UNION ALL SELECT source_row FROM waiting_event WHERE source_row <> 0`,
    )
    .pluck();
  for (const row of rows.iterate()) bits.add(row);
  return bits;
}
