/**
 * One load: everything that an importer says goes through here into one transaction, which holds the store's
 * write lock from the first word. Readers see the store as it was until `commit`; a kill at any moment leaves it so.
 */
import { dirname } from "node:path";
import type { EthnicGroup, Sex } from "@cairn/query-library";
import { type Database, explained, type Statement } from "@cairn/sqlite";
import { type GivenMap, mapInForce, putInForce, recodeEvents } from "./code-map.js";
import { Codes, type Coding, Measures, Names, ownCopy } from "./dictionary.js";
import { GivenRegistrations } from "./given-registrations.js";
import { Medications } from "./medications.js";
import { mergePeople } from "./merge-people.js";
import { type Gone, removePeople } from "./remove-people.js";
import { GivenRows, heldIn } from "./row-holders.js";
import { Spool } from "./spool.js";
import { type MeasuredQuality, measureQuality, type QualityQuestion } from "./quality/quality.js";
import { writeEvents, type Written } from "./write-events.js";

export type RecordBasis = "registrations" | "birth" | "first-record";

export interface PatientFacts {
  readonly sex: Sex;
  readonly birthDay: number | null;
  readonly birthPrecision: "day" | "month" | "year" | null;
  readonly deathDay: number | null;
  readonly deprivationFifth: number; // 1 to 5, 0 unknown
  readonly ethnicGroup: EthnicGroup;
}

/** What is remembered of a load beside the records themselves. */
interface LoadRecord {
  readonly at: string; // ISO time
  readonly format: string;
  readonly source: string;
  readonly digest: string;
  readonly coversTo: number | null;
  readonly basis: RecordBasis | null;
  readonly report: unknown;
}

export interface StoreTotals {
  readonly patients: number;
  readonly events: number;
  readonly registrations: number;
}

/** Above this share of the store's rows, the index is built anew rather than kept up row by row. */
const REBUILD_INDEX_FROM = 0.2;

export class Load {
  readonly #db: Database;
  readonly #spool: Spool;
  readonly #given = new GivenRows();
  #held: ReturnType<typeof heldIn> | null = null;
  readonly #facts = new Map<string, string>(); // what this load said of whom
  readonly #registrations = new GivenRegistrations();
  readonly #hadRegistrations: boolean;
  readonly #patients = new Map<string, number>();
  /** People of the store who go with `settle` unless they are given: those that are deleted, in a whole load all. */
  readonly #leaving = new Map<string, number>();
  readonly #heirs = new Map<number, number>(); // of people who prove to be somebody else, who that is
  readonly #whole: boolean;
  readonly #putPatient: Statement;
  readonly #putRegistration: Statement;
  readonly #dropRegistration: Statement<[Record<string, number>]>;
  readonly #findDeath: Statement<[string], number | null>;
  readonly #putDeath: Statement<[Record<string, number>]>;
  #changed = false;
  #open = true;
  /** Whether this load brought another code map than the one in force: `recode` is then due before `writeEvents`. */
  readonly mapIsNew: boolean;
  /** After `writeEvents`: rows marked deleted that the store does not hold. */
  unmatchedTombstones = 0;
  /** After `writeEvents` of a whole load: events that it did not give, and that went. */
  goneEvents = 0;
  readonly codes: Codes;
  readonly measures: Measures;
  readonly clinicians: Names;
  readonly medications: Medications;

  /**
   * `map`: null keeps the one in force. `whole`: what is given is all there is, and what the store holds beside it
   * goes. Throws `SqliteError` "locked" where another load is under way.
   */
  constructor(db: Database, map: GivenMap | null, whole = false) {
    this.#db = db;
    this.#whole = whole;
    this.#run(() => db.exec("BEGIN IMMEDIATE"));
    this.#spool = new Spool(dirname(db.name));
    for (const row of db
      .prepare<[], [number, string]>("SELECT key, practice_id FROM patient")
      .raw()
      .iterate()) {
      const [key, id] = row;
      (whole ? this.#leaving : this.#patients).set(id, key);
    }
    this.#hadRegistrations = this.hasRegistrations();
    this.mapIsNew = map !== null && this.#run(() => putInForce(db, map));
    this.codes = new Codes(db, mapInForce(db));
    this.measures = new Measures(db);
    this.clinicians = new Names(db, "clinician");
    this.medications = new Medications(db);
    this.#putPatient = db.prepare(`
      INSERT INTO patient (practice_id, sex, birth_day, birth_precision, death_day, deprivation_fifth, ethnic_group)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (practice_id) DO UPDATE SET sex = excluded.sex, birth_day = excluded.birth_day,
        birth_precision = excluded.birth_precision, death_day = excluded.death_day,
        deprivation_fifth = excluded.deprivation_fifth, ethnic_group = excluded.ethnic_group
      WHERE (sex, birth_day, birth_precision, death_day, deprivation_fifth, ethnic_group) IS NOT
        (excluded.sex, excluded.birth_day, excluded.birth_precision, excluded.death_day,
         excluded.deprivation_fifth, excluded.ethnic_group)
      RETURNING key`);
    this.#dropRegistration = db.prepare<[Record<string, number>]>(
      "DELETE FROM registration WHERE patient = CAST(@patient AS INTEGER) AND start_day = CAST(@startDay AS INTEGER)",
    );
    this.#findDeath = db
      .prepare<[string], number | null>("SELECT death_day FROM patient WHERE practice_id = ?")
      .pluck();
    this.#putDeath = db.prepare<[Record<string, number>]>(
      "UPDATE patient SET death_day = @day WHERE key = @patient AND death_day IS NOT @day",
    );
    this.#putRegistration = db.prepare(`
      INSERT INTO registration (patient, start_day, end_day) VALUES (?, ?, ?)
      ON CONFLICT (patient, start_day) DO UPDATE SET end_day = excluded.end_day
      WHERE end_day IS NOT excluded.end_day`);
  }

  /** Adds the patient, or replaces what is known of them. @returns whether this load gave them before, otherwise */
  patient(practiceId: string, facts: PatientFacts): boolean {
    const said = Object.values(facts).join();
    const before = this.#facts.get(practiceId);
    if (before !== said) this.#facts.set(ownCopy(practiceId), said);
    const again = before !== undefined && before !== said;
    const row = this.#run(() =>
      this.#putPatient.get(
        practiceId,
        facts.sex,
        facts.birthDay,
        facts.birthPrecision,
        facts.deathDay,
        facts.deprivationFifth,
        facts.ethnicGroup,
      ),
    ) as { key: number } | undefined;
    const leaving = this.#leaving.get(practiceId);
    if (row !== undefined) this.#changed = true;
    const key = row?.key ?? leaving;
    if (key !== undefined) this.#patients.set(ownCopy(practiceId), key);
    if (leaving !== undefined) this.#leaving.delete(practiceId);
    return again;
  }

  /** Takes a person away with all that is known of them, unless they are given again in this load. */
  removePatient(practiceId: string): boolean {
    const key = this.#patients.get(practiceId);
    if (key === undefined) return false;
    this.#patients.delete(practiceId);
    this.#leaving.set(ownCopy(practiceId), key);
    return true;
  }

  /** The day on which a patient died, as far as is known; null for one who is not here. */
  deathOf(practiceId: string): number | null {
    if (this.#whole) return null;
    return this.#findDeath.get(practiceId) ?? null;
  }

  /** Says when a patient died who is here already. */
  death(patient: number, day: number): void {
    if (this.#run(() => this.#putDeath.run({ patient, day })).changes > 0) this.#changed = true;
  }

  /** The store's key of a patient, or 0 where nobody here has that identifier. */
  patientKey(practiceId: string): number {
    return this.#patients.get(practiceId) ?? 0;
  }

  /**
   * Two people prove to be one: all that the store and this load have of the first becomes the other's. Nothing where
   * one of them is not here; for once everybody was given.
   */
  mergePatient(practiceId: string, into: string): void {
    const [key, heir] = [this.patientKey(practiceId), this.patientKey(into)];
    if (key === 0 || heir === 0 || key === heir) return;
    this.#patients.delete(practiceId);
    this.#heirs.set(key, heir);
  }

  /**
   * A registration is known by its patient and start; given again, its end is corrected. One of an earlier load that
   * overlaps what this load gives, and is not given, had its start corrected and goes with `settle`.
   */
  registration(patient: number, startDay: number, endDay: number | null): void {
    if (this.#hadRegistrations) this.#registrations.give(patient, startDay, endDay);
    if (this.#run(() => this.#putRegistration.run(patient, startDay, endDay)).changes > 0)
      this.#changed = true;
  }

  /** Takes a registration away, as given earlier in this load too. @returns whether there was one */
  removeRegistration(patient: number, startDay: number): boolean {
    this.#registrations.take(patient, startDay);
    const removed = this.#run(() => this.#dropRegistration.run({ patient, startDay })).changes > 0;
    if (removed) this.#changed = true;
    return removed;
  }

  /**
   * Settles who is here and when they were registered, once everything was given: people who were deleted go with
   * all that is theirs. @returns what the store held and holds no more
   */
  settle(): Gone {
    return this.#run(() => {
      const replaced = this.#registrations.settle(this.#db, this.#whole);
      const gone = removePeople(this.#db, [...this.#leaving.values()], this.#nextVersion());
      if (replaced + gone.people > 0) this.#changed = true;
      return { ...gone, registrations: replaced + gone.registrations };
    });
  }

  /**
   * An event, in any order. `code` and `origin` come from `codes`, `measure` from `measures`, `clinician` from
   * `clinicians`; `value` and `quantity` are NaN where there is none; `row` is from `rowId`, 0 where it has none.
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
  ): void {
    if (row !== 0 && !deleted) this.#given.give(row, patient);
    this.#spool.add(patient, day, code, origin, value, measure, quantity, clinician, row, deleted);
  }

  /**
   * Takes a row away by its id alone, whoever has it: from the store, and where it came earlier in this load. One that
   * comes later in this load stays. `row` is from `rowId`, and not 0. `perhaps`: that it is not here is not counted.
   */
  removeRow(row: number, perhaps = false): void {
    this.#given.remove(row, this.#spool.count, perhaps);
  }

  /** Whether the store, or this load so far, may have the row: no is sure, yes nearly so. `row` is not 0. */
  mayHave(row: number): boolean {
    if (this.#given.mayHave(row)) return true;
    this.#held ??= this.#run(() => heldIn(this.#db));
    return this.#held.has(row);
  }

  /**
   * For formats whose codes are known only after their events: what was given as `code` is a place in this list.
   */
  replaceCodes(codings: readonly Coding[]): void {
    this.#spool.replaceCodes(codings);
  }

  /** Whether nobody was here before, nor is given now; a whole load knows of those only whom it gives. */
  isEmpty(): boolean {
    return this.#patients.size === 0 && (this.#whole || this.#leaving.size === 0);
  }

  /** Whether any event was given, or any row taken away or given to another. */
  bringsEvents(): boolean {
    return this.#spool.count > 0 || this.#given.removes() || this.#heirs.size > 0;
  }

  /** Whether this very content has been loaded before. */
  knows(digest: string): boolean {
    return this.#db.prepare("SELECT 1 FROM import WHERE digest = ?").get(digest) !== undefined;
  }

  /** Whether, with what was loaded so far, anybody has a registration of their own. */
  hasRegistrations(): boolean {
    return this.#db.prepare("SELECT 1 FROM registration LIMIT 1").get() !== undefined;
  }

  /** The practice that earlier loads named, or null. */
  practice(): string | null {
    return this.#db.prepare("SELECT practice FROM store").pluck().get() as string | null;
  }

  setPractice(practice: string): void {
    this.#run(() => this.#db.prepare("UPDATE store SET practice = ?").run(practice));
  }

  basis(): RecordBasis | null {
    return this.#db.prepare("SELECT basis FROM store").pluck().get() as RecordBasis | null;
  }

  /** Gives what the store holds already the codes of the new map. @returns how many events that changed */
  recode(): number {
    const changed = this.#run(() => recodeEvents(this.#db, this.codes, this.#nextVersion()));
    if (changed > 0) this.#changed = true;
    return changed;
  }

  /** Writes the events in the order of the store, and the index behind them; after `settle`. */
  writeEvents(progress: (written: number, of: number) => void): Written {
    const total = this.#spool.count;
    return this.#run(() => {
      const held = this.#db.prepare<[], number>("SELECT events FROM store").pluck().get()!;
      const version = this.#nextVersion();
      const rebuild = total > held * REBUILD_INDEX_FROM;
      const definition = this.#indexDefinition();
      if (rebuild) this.#db.exec("DROP INDEX event_by_code");
      const touch = this.#db.prepare<[number, number]>(
        "INSERT OR IGNORE INTO touched (version, patient) VALUES (?, ?)",
      );
      const note = (patient: number): void => void touch.run(version, patient);
      const own = this.#ownRowIds() || this.#given.areEachPersonsOwn();
      const { written, unmatched, gone, idsAreOwn } = writeEvents(
        this.#db,
        this.#spool,
        { given: this.#given, own, whole: this.#whole, left: new Set(this.#leaving.values()) },
        held === 0,
        note,
        (n) => progress(n, total),
      );
      this.unmatchedTombstones = unmatched;
      this.goneEvents = gone;
      if (idsAreOwn) this.#db.exec("UPDATE store SET own_row_ids = 1");
      mergePeople(this.#db, this.#heirs, version);
      // Sorting for an index through a large cache takes half as long again as through a small one.
      if (rebuild) this.#db.exec(`PRAGMA cache_size = -2000; ${definition}; PRAGMA cache_size = -65536`);
      const { added, corrected, deleted, moved = 0 } = written;
      if (added + corrected + deleted + moved + gone + this.#heirs.size > 0) this.#changed = true;
      this.#db
        .prepare("UPDATE store SET events = events + CAST(? AS INTEGER)")
        .run(added - deleted - moved - gone);
      return written;
    });
  }

  /** The quality of the records with what was loaded so far. */
  quality(question: QualityQuestion, written: Written): MeasuredQuality {
    return this.#run(() => measureQuality(this.#db, question, written));
  }

  /** Ends the load: what it said is in the store, durably. An error from here means unknown, never failed. */
  commit(record: LoadRecord): void {
    this.#run(() => {
      const version = this.#changed ? this.#nextVersion() : this.#nextVersion() - 1;
      // What was said last holds, also where it is an earlier day: that is how a wrong one is put right.
      this.#db
        .prepare(
          "UPDATE store SET version = ?, basis = coalesce(?, basis), covers_to = coalesce(?, covers_to)",
        )
        .run(version, record.basis, record.coversTo);
      this.#db
        .prepare(
          "INSERT INTO import (at, format, source, digest, version, covers_to, report) VALUES (?,?,?,?,?,?,?)",
        )
        .run(
          record.at,
          record.format,
          record.source,
          record.digest,
          version,
          record.coversTo,
          JSON.stringify(record.report),
        );
      this.#db.exec("PRAGMA analysis_limit = 400; ANALYZE; COMMIT");
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

  /** Leaves the store as it was. Harmless after `commit`. */
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

  #indexDefinition(): string {
    const find = this.#db.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'event_by_code'");
    return find.pluck().get()!;
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw explained(error, this.#db.name);
    }
  }
}
