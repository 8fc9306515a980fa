/**
 * One load: every fact of an importer goes through it into one transaction, which holds the store's write lock from
 * the start. Readers see the store as it was until `commit`; a kill at any moment leaves it so.
 */
import { dirname } from "node:path";
import { type Database, explained } from "@cairn/sqlite";
import { isOptOut } from "./opt-outs.js";
import { type GivenMap, mapInForce, putInForce, recodeEvents } from "./code-map.js";
import { Codes, type CodeCheck, type Coding, Measures, Names } from "./dictionary.js";
import { type EthnicCode, setEthnicGroups } from "./ethnic-groups.js";
import { EventChanges } from "./event-changes.js";
import { GivenPeople } from "./given-people.js";
import { GivenRegistrations } from "./given-registrations.js";
import { type ImportRecord, isKnown, putImport, type RecordBasis } from "./import-record.js";
import { KeptCodes } from "./kept-codes.js";
import { nameByIdentifier } from "./left-out.js";
import { KeptRows } from "./kept-rows.js";
import { mergePeople } from "./merge-people.js";
import { WaitingPeople, isAwaited } from "./waiting-people.js";
import { WaitingCodes } from "./waiting-codes.js";
import { OptOutRows } from "./opt-out-rows.js";
import { NewCodes } from "./new-codes.js";
import { RemovedRows, keepGone } from "./removed-rows.js";
import { dropWaiting, joinWaiting, letWait } from "./join-waiting.js";
import { KeptPeople } from "./kept-people.js";
import { EarlierPeople, type PeopleChanges } from "./people-changes.js";
import { type RemovedCounts, removePeople } from "./remove-people.js";
import { GivenRows, heldIn, type Removal } from "./row-holders.js";
import { SourceCodes } from "./source-codes.js";
import { NO_EVENT, Spool } from "./spool.js";
import { EventCounts } from "./quality/counts.js";
import { type MeasuredQuality, qualityOf, type QualityQuestion } from "./quality/quality.js";
import { writeEvents, type RowCounts } from "./write-events.js";

export interface StoreTotals {
  readonly patients: number;
  readonly events: number;
  readonly registrations: number;
}

/** Above this share of the store's rows, the index is rebuilt rather than kept up row by row. */
const REBUILD_INDEX_FROM = 0.2;

/** Notes that every event of a patient may be another. */
const ALL_TOUCHED = "INSERT OR IGNORE INTO touched (version, patient, day, code) VALUES (?, ?, 0, 0)";

export class Load {
  readonly #db: Database;
  readonly #spool: Spool;
  readonly #given = new GivenRows();
  readonly #before: EarlierPeople;
  readonly #changes: EventChanges;
  #held: ReturnType<typeof heldIn> | null = null;
  /** Whether the load is all there is: rows that it does not give are removed. */
  readonly whole: boolean;
  readonly #wasEmpty: boolean;
  #changed = false;
  #isRecoded = false;
  #counts: EventCounts | null = null;
  #open = true;
  /** Whether this load brought another code map than the one in force: `recode` is then due before `writeEvents`. */
  readonly mapIsNew: boolean;
  /** Number of rows marked deleted that the store does not hold; set by `writeEvents`. */
  unmatchedTombstones = 0;
  /** Number of events that a whole load did not give and that were removed; set by `writeEvents`. */
  goneEvents = 0;
  readonly people: GivenPeople;
  readonly registrations: GivenRegistrations;
  readonly codes: Codes;
  readonly measures: Measures;
  readonly clinicians: Names;
  readonly keptCodes: KeptCodes;
  readonly keptRows: KeptRows;
  readonly keptPeople: KeptPeople;
  /** People who are not here: the keys under which what is told of them waits. */
  readonly awaited: WaitingPeople;
  readonly awaitedCodes: WaitingCodes;
  readonly sourceCodes: SourceCodes;
  readonly optOutRows: OptOutRows;
  /** Whether the orders of rows hold from one load to the next; else what comes later counts. */
  #ordered = false;
  #waitingGiven = 0;
  /** By the key of somebody: the order up to which what this load told of them is over. */
  readonly #over = new Map<number, number>();
  /** Number of events that wait with this load for their person or their code; set by `writeEvents`. */
  waitingEvents = 0;
  /** Number of events of people who are here that joined them with this load; set by `writeEvents`. */
  joinedEvents = 0;
  /** Number of events of people who are here whose code this load explained, or says to mean another; set by `writeEvents`. */
  recodedEvents = 0;
  /** Number of opt-outs without a date that hold from another birth than before; set by `writeEvents`. */
  movedToBirth = 0;
  /** What went of people who were set aside; set by `writeEvents`. */
  setAside: RemovedCounts = { people: 0, events: 0, registrations: 0 };

  /**
   * @param map null keeps the one in force
   * @param whole whether rows that the load does not give are removed
   * @param isProtected whether events of a code are never kept
   * @throws SqliteError "locked" where another load is under way
   */
  constructor(db: Database, map: GivenMap | null, whole = false, isProtected: CodeCheck = () => false) {
    this.#db = db;
    this.whole = whole;
    this.#run(() => db.exec("BEGIN IMMEDIATE"));
    this.#spool = new Spool(dirname(db.name));
    if (whole)
      for (const table of [
        "waiting_event",
        "awaited",
        "awaited_code",
        "gone_row",
        "kept_person",
        "opt_out_row",
      ])
        db.exec(
          `DELETE FROM ${table}; UPDATE store SET lacks_marks = 0, lacks_source_codes = 0, keeps_corrected = 0`,
        );
    this.#wasEmpty =
      db
        .prepare("SELECT events = 0 AND NOT EXISTS (SELECT 1 FROM waiting_event) FROM store")
        .pluck()
        .get() === 1;
    this.#before = new EarlierPeople(db);
    this.#changes = new EventChanges(db);
    this.people = new GivenPeople(db, whole);
    this.registrations = new GivenRegistrations(db);
    this.mapIsNew = map !== null && this.#run(() => putInForce(db, map));
    this.codes = new Codes(db, mapInForce(db), isOptOut, isProtected);
    this.measures = new Measures(db);
    this.clinicians = new Names(db, "clinician");
    this.keptCodes = new KeptCodes(db, whole);
    this.keptRows = new KeptRows(db, whole);
    this.keptPeople = new KeptPeople(db);
    this.awaited = new WaitingPeople(db);
    this.awaitedCodes = new WaitingCodes(db, this.codes);
    this.sourceCodes = new SourceCodes(db);
    this.optOutRows = new OptOutRows(db);
  }

  /** Says that the orders of rows that are given hold from one load to the next. */
  keepOrder(): void {
    this.#ordered = true;
  }

  /**
   * Ends what is known of a person, here or awaited: what was told of them is over, up to the order of the row that says
   * it, or up to now where rows have none. @returns whether they were here
   */
  leave(practiceId: string, order = Infinity): boolean {
    const awaited = this.awaited.find(practiceId);
    if (awaited !== 0) {
      this.#run(() => dropWaiting(this.#db, awaited, order));
      this.#over.set(awaited, order === Infinity ? this.#spool.count : order);
      this.keptRows.removeAll(awaited, order);
    }
    return this.people.leave(practiceId, order);
  }

  /** Removes what was told of a person with a lower order: it is of a time before they left and came back. */
  dropBefore(practiceId: string, order: number): void {
    const [patient, awaited] = [this.people.keyOf(practiceId), this.awaited.find(practiceId)];
    if (awaited !== 0) this.#run(() => dropWaiting(this.#db, awaited, order));
    const drop = this.#db.prepare("DELETE FROM event WHERE patient = ? AND source_order < ?");
    if (patient !== 0) keepGone(this.#db, "event", "patient = ? AND source_order < ?", patient, order);
    const gone = patient === 0 ? 0 : this.#run(() => drop.run(patient, order).changes);
    if (patient !== 0) this.#over.set(patient, order);
    if (gone === 0) return;
    this.#changed = true;
    this.#droppedEvents += gone;
    this.#db.prepare("UPDATE store SET events = events - CAST(? AS INTEGER)").run(gone);
  }
  #droppedEvents = 0;

  /**
   * Settles people and registrations, once everything was given: people who were deleted go with all that is theirs.
   * @returns the number of rows that the store held and holds no more
   */
  settle(): RemovedCounts {
    return this.#run(() => {
      const replaced = this.registrations.settle(this.whole);
      for (const [key, { practiceId, order }] of this.people.leftAt)
        if (order !== Infinity) {
          letWait(this.#db, key, this.awaited.key(practiceId), order);
          keepGone(this.#db, "event", "patient = ? AND source_order < ?", key, order);
        }
      const gone = removePeople(this.#db, this.people.leaving);
      if (gone.people > 0) this.#changed = true;
      nameByIdentifier(this.#db);
      const events = gone.events + this.#droppedEvents;
      return { ...gone, events, registrations: replaced + gone.registrations };
    });
  }

  /**
   * Adds an event, in any order. `patient` is a key of `people`, or one of `awaited` where they are not here; its day is
   * `NO_DAY` where it waits without one. `code` and `origin` come from `codes`, `measure` from `measures`, `clinician` from
   * `clinicians`; `value` and `quantity` are NaN where there is none; `row` is from `rowId`, 0 where it has none. Of the events of
   * one row that of the highest `order` counts, a number from 0 on: where it is not given, the one that came last. `source` is
   * from `sourceCodes`, 0 where the extract gives the code itself.
   */
  event(
    patient: number,
    day: number,
    code: number,
    origin: number,
    value: number,
    measure: number,
    quantity: number,
    clinician: number,
    row: number,
    deleted: boolean,
    order = this.#spool.count,
    source = 0,
  ): void {
    if (isAwaited(patient)) this.#waitingGiven++;
    if (row !== 0 && !deleted) this.#given.give(row, patient, order);
    this.#spool.add(patient, day, code, origin, value, measure, quantity, clinician, row, deleted, order, source); // prettier-ignore
  }

  /**
   * Removes a row by its id alone, whoever has it: from the store, and where it came earlier in this load. One that
   * comes later in this load, by its `order`, stays. `row` is from `rowId`, and not 0.
   */
  removeRow(row: number, why: Removal, order = this.#spool.count): void {
    this.#given.remove(row, order, why);
  }

  /**
   * Says that a row is no event, or none any more: one of it in the store, or of a lower order in this load, goes.
   * @param patient whose row it is; 0 where they are not here. `row` is from `rowId`, and not 0.
   */
  noEvent(patient: number, row: number, order: number): void {
    const why = patient === 0 ? "given to nobody" : "no event";
    if (!this.#wasEmpty) this.#given.remove(row, order, why);
    else if (patient !== 0) {
      this.#given.give(row, patient, order); // or somebody who has an older version of it in this load keeps that
      this.#spool.add(patient, 0, NO_EVENT, 0, NaN, 0, NaN, 0, row, true, order);
    } else if (this.#ordered || this.#given.mayHave(row)) this.#given.remove(row, order, why);
  }

  /** Whether the store, or this load so far, may have the row; false is certain, true nearly so. `row` is not 0. */
  mayHave(row: number): boolean {
    if (this.#given.mayHave(row)) return true;
    this.#held ??= this.#run(() => heldIn(this.#db));
    return this.#held.has(row);
  }

  /**
   * Sets the codes of events whose `code` was given as a place in this list: for formats whose codes are known only
   * after their events.
   */
  replaceCodes(codings: readonly Coding[]): void {
    this.#spool.replaceCodes(codings);
  }

  /** What of units and clinicians' names was not kept, with its reasons; of codes the entry's own doubt says it. */
  notKept(): string[] {
    return [...this.measures.notKept(), ...this.clinicians.notKept()];
  }

  /** Whether the load gave or removed anything, or learnt anything for later loads. */
  brings(): boolean {
    const given = [
      this.people,
      this.registrations,
      this.keptCodes,
      this.keptRows,
      this.keptPeople,
      this.awaitedCodes,
    ].some((each) => each.given);
    return given || this.#spool.count > this.#waitingGiven || this.#given.removes();
  }

  /** Whether the same content was loaded before, by its digest. */
  knows(digest: string): boolean {
    return isKnown(this.#db, digest);
  }

  /** The practice that earlier loads named, or null. */
  practice(): string | null {
    return this.#db.prepare("SELECT practice FROM store").pluck().get() as string | null;
  }

  setPractice(practice: string): void {
    this.#run(() => this.#db.prepare("UPDATE store SET practice = ?").run(practice));
  }

  /** Whether people are here of whom an earlier version of the store did not keep the number and the marks of EMIS Web. */
  lacksMarks(): boolean {
    return this.#db.prepare("SELECT lacks_marks FROM store").pluck().get() === 1;
  }

  /** Whether events are here of which an earlier version of the store did not keep what gave their codes. */
  lacksSourceCodes(): boolean {
    return this.#db.prepare("SELECT lacks_source_codes FROM store").pluck().get() === 1;
  }

  /** Takes away the store's mark that an earlier version may have kept what a later row corrected to be none. @returns whether it was there */
  clearKeptWrongly(): boolean {
    return (
      this.#db.prepare("UPDATE store SET keeps_corrected = 0 WHERE keeps_corrected = 1").run().changes > 0
    );
  }

  basis(): RecordBasis | null {
    return this.#db.prepare("SELECT basis FROM store").pluck().get() as RecordBasis | null;
  }

  /** Recodes the store's events by the new map. @returns the number of events changed */
  recode(): number {
    const changed = this.#run(() => recodeEvents(this.#db, this.codes, this.#nextVersion()));
    this.#isRecoded = true;
    if (changed > 0) this.#changed = true;
    return changed;
  }

  /** Writes the events in the order of the store, and the index behind them; after `settle`. */
  writeEvents(progress: (written: number, of: number) => void): RowCounts {
    const total = this.#spool.count;
    return this.#run(() => {
      const held = this.#db.prepare<[], number>("SELECT events FROM store").pluck().get()!;
      const version = this.#nextVersion();
      const rebuild = total > held * REBUILD_INDEX_FROM;
      const definitions = this.#indexDefinitions();
      if (rebuild) {
        this.#changes.stop();
        this.#db.exec("DROP INDEX event_by_code; DROP INDEX event_by_row");
      }
      const touch = this.#db.prepare<[number, number]>(ALL_TOUCHED);
      const note = (patient: number): void => void (rebuild && touch.run(version, patient));
      const own = this.#ownRowIds() || this.#given.areEachPersonsOwn();
      const { written, unmatched, gone, waiting, idsAreOwn } = writeEvents(
        this.#db,
        this.#spool,
        {
          given: this.#given,
          own,
          whole: this.whole,
          gone: this.#ordered ? new RemovedRows(this.#db) : null,
          left: new Map([...this.#over, ...this.people.leaving.map((key) => [key, Infinity] as const)]),
          leftWithRows: new Set([...this.people.leftAt.keys(), ...this.#over.keys()]),
          indexed: !rebuild,
          withheld: this.codes.withheld,
        },
        this.#wasEmpty && held === 0,
        note,
        (n) => progress(n, total),
      );
      this.unmatchedTombstones = unmatched;
      this.goneEvents = gone;
      if (idsAreOwn) this.#db.exec("UPDATE store SET own_row_ids = 1");
      mergePeople(this.#db, this.people.heirs, note);
      // Sorting for an index through a large cache takes half as long again as through a small one.
      if (rebuild) this.#db.exec(`PRAGMA cache_size = -2000; ${definitions}; PRAGMA cache_size = -65536`);
      const { added, corrected, deleted, moved = 0 } = written;
      if (added + corrected + deleted + moved + gone + this.people.heirs.size > 0) this.#changed = true;
      this.#db
        .prepare("UPDATE store SET events = events + CAST(? AS INTEGER)")
        .run(added - deleted - moved - gone);
      this.#changes.noteCorrections();
      this.#letWaitAndJoin(waiting, note);
      return written;
    });
  }

  /** Moves the entries of people who were set aside to those that wait, gives codes what was explained of them, and joins what can be told. */
  #letWaitAndJoin(waiting: number, touched: (patient: number) => void): void {
    for (const [practiceId, key] of this.people.aside) {
      const awaited = this.awaited.key(practiceId);
      letWait(this.#db, key, awaited, 0);
      this.keptRows.move(key, awaited);
      touched(key);
    }
    this.setAside = removePeople(this.#db, [...this.people.aside.values()]);
    const corrected = new NewCodes(this.#db, touched);
    this.awaitedCodes.settle(corrected);
    this.sourceCodes.settle(corrected);
    const { recoded, gone } = corrected;
    if (gone > 0) this.#db.prepare("UPDATE store SET events = events - CAST(? AS INTEGER)").run(gone);
    this.recodedEvents = recoded;
    this.joinedEvents = joinWaiting(this.#db, this.codes, touched);
    this.movedToBirth = this.optOutRows.settle(touched);
    this.goneEvents += gone;
    this.waitingEvents = Math.max(0, waiting - this.joinedEvents);
    if (this.setAside.people + recoded + gone + this.joinedEvents + this.movedToBirth > 0)
      this.#changed = true;
  }

  /** How the load changed who is a patient on that day, once everything was given and settled. */
  peopleChanges(day: number): PeopleChanges {
    return this.#run(() => this.#before.changes(this.people.heirs, day));
  }

  /** Gives people the ethnic groups that their events say; after `writeEvents`. */
  setEthnicGroups(codes: readonly EthnicCode[]): void {
    if (this.#run(() => setEthnicGroups(this.#db, codes))) this.people.changed = true;
  }

  /** Measures the quality of the records with what was loaded so far. */
  quality(question: QualityQuestion, written: RowCounts): MeasuredQuality {
    return this.#run(() => {
      const changes = this.#changes.isOn && !this.#isRecoded ? this.#changes : null;
      this.#counts ??= EventCounts.after(this.#db, question.codelists, changes);
      return qualityOf(this.#db, this.#counts, question, written);
    });
  }

  /** Commits the load durably. An error from here means unknown, never failed. */
  commit(record: ImportRecord): void {
    this.#run(() => {
      const changed = this.#changed || this.people.changed || this.registrations.changed;
      const version = changed ? this.#nextVersion() : this.#nextVersion() - 1;
      this.#counts?.keep(version);
      putImport(this.#db, record, version);
      // What a night changes is too little to choose another way through the tables by.
      if (!this.#changes.isOn) this.#db.exec("PRAGMA analysis_limit = 400; ANALYZE");
      this.#changes.keep(version);
      this.#db.exec("COMMIT");
    });
    this.#open = false;
    // The records are safe in the write-ahead log; moving them into the file now keeps it from staying that large.
    // Where somebody is reading it is left to a later one, rather than waited for.
    const patience = Number(this.#db.pragma("busy_timeout", { simple: true }));
    this.#db.pragma("busy_timeout = 0");
    this.#db.pragma("wal_checkpoint(TRUNCATE)");
    this.#db.pragma(`busy_timeout = ${patience}`);
  }

  totals(): StoreTotals {
    const count = (sql: string): number => this.#db.prepare<[], number>(sql).pluck().get()!;
    return {
      patients: count("SELECT count(*) FROM patient"),
      events: count("SELECT events FROM store"),
      registrations: count("SELECT count(*) FROM registration"),
    };
  }

  /** Abandons the load: the store is as before. Does nothing after `commit`. */
  abandon(): void {
    this.#spool.close();
    if (this.#open && this.#db.inTransaction) this.#db.exec("ROLLBACK");
    this.#open = false;
  }

  #ownRowIds(): boolean {
    return this.#db.prepare<[], number>("SELECT own_row_ids FROM store").pluck().get() === 1;
  }

  #nextVersion(): number {
    return this.#db.prepare<[], number>("SELECT version FROM store").pluck().get()! + 1;
  }

  #indexDefinitions(): string {
    const find = this.#db.prepare<[], string>(
      "SELECT sql FROM sqlite_schema WHERE name IN ('event_by_code', 'event_by_row')",
    );
    return find.pluck().all().join("; ");
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, this.#db.name);
    }
  }
}
