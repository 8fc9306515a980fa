/** The practice's record store, opened: one folder, one practice. */
import { join } from "node:path";
import type { Columns, PlainPatient, Postings, RecordSource } from "@cairn/tables";
import { type Codelist, isoDate, type RecordFact } from "@cairn/query-library";
import { backup, type Database, openDatabase, type Statement } from "@cairn/sqlite";
import { EventReader } from "./all-events.js";
import { ALL_EVENTS, PostingsCache, postingsKey } from "./cache.js";
import { CodeIndex } from "./code-index.js";
import type { CodeCheck } from "./dictionary.js";
import type { GivenMap } from "./code-map.js";
import type { RecordBasis } from "./import-record.js";
import { countLeftOut, type LeftOutCounts, leftOutList, replaceLeftOut, unknownOf } from "./left-out.js";
import { Load, type StoreTotals } from "./load.js";
import { readOccurrences } from "./occurrences.js";
import { readPeople } from "./people.js";
import { PersonReader } from "./person.js";
import { ListReader } from "./postings.js";
import { recordsFile } from "./file.js";
import type { Quality } from "./quality/quality.js";
import { EventCounts } from "./quality/counts.js";
import { reachOf } from "./quality/reach.js";
import { stateOf } from "./state.js";
import type { Months } from "./volume.js";

const MIGRATIONS = new URL("../migrations/records/", import.meta.url);

export interface Records {
  /** The records as they are now, for an engine: what is loaded later does not show in it. Valid until `close`. */
  source(): RecordSource;
  /** The last day for which the extracts are complete (YYYY-MM-DD), or null where none said. */
  coversTo(): string | null;
  /** The source of registrations; null in a store without records. Derived ones are stated with every result. */
  recordBasis(): RecordBasis | null;
  /**
   * A random identity made with the store: a store that was made anew has another, and its keys stand for other
   * people.
   */
  identity(): string;
  /** The version, which rises with each load that changed something; 0 before the first. */
  version(): number;
  totals(): StoreTotals;
  /** The practice named by the records, or null. */
  practice(): string | null;
  /**
   * What the practice finds a patient by, for a worklist on this screen only: the number of its own system where the
   * extract has one, else the identifier.
   * @throws RangeError for a key nobody holds.
   */
  foundBy(key: number): string;
  /** A patient with everything that is recorded, for this screen only. @throws RangeError for a key nobody holds. */
  person(key: number): PlainPatient;
  /**
   * Patients with those of their events that are on any of the lists, for this screen only: the rest of a record says
   * nothing of a query that names these lists.
   * @throws RangeError for a key nobody holds.
   */
  peopleWith(keys: readonly number[], lists: readonly Codelist[]): PlainPatient[];
  /** The formats of all loads. */
  formats(): readonly string[];
  /** Whether any row holds the fact (deprivation fifths: a tenth of the registered); true where only the format could tell. */
  holds(fact: RecordFact): boolean;
  /** The lists, of those given, without any event. */
  withoutEvents(lists: readonly Codelist[]): readonly Codelist[];
  /** Number of events by month, as of the newest committed load. */
  months(): Months;
  /** Counts of rows taken and skipped by each load, the newest first; as JSON of `agent import`. */
  imports(): readonly { readonly at: string; readonly format: string; readonly report: unknown }[];
  /** When each path was taken in last, as ISO time: paths as they were given, several of one load joined by blanks. */
  sources(): ReadonlyMap<string, string>;
  /** The newest extract that changed what is here: when it was taken, and the moment it is of; null before the first. */
  newestExtract(): NewestExtract | null;
  /** The quality of the records, as of the newest committed load; null where none has measured it. */
  quality(): Quality | null;
  /** The name of the practice's own list of people who are left out of what leaves; null before there was one. */
  leftOutList(): string | null;
  countLeftOut(): LeftOutCounts;
  /** Those of the identifiers or numbers that are of no patient in the store. */
  unknownOf(identifiers: readonly string[]): string[];
  /**
   * Puts a list of people's identifiers or numbers in the place of the one before.
   * @param name gives it its name in the practice's log, once nobody else can write the records
   * @returns how many were on the one before and are not on this
   * @throws SqliteError
   */
  replaceLeftOut(identifiers: readonly string[], name: () => string): number;
  /**
   * Begins a load, which holds the store's write lock until it is committed or abandoned.
   * @param map put in force with it; null keeps the present one
   * @param whole whether rows that the load does not give are removed
   * @param isProtected whether events of a code are never kept
   */
  beginLoad(map: GivenMap | null, whole?: boolean, isProtected?: CodeCheck): Load;
  /** Copies the store to a file while it stays in use. */
  backup(path: string): Promise<void>;
  close(): void;
}

export interface NewestExtract {
  readonly at: string; // ISO time
  /** Its own word, `YYYY-MM-DD` or with a time; the day to which the records are complete where it had none. */
  readonly moment: string | null;
}

export interface OpenRecordsOptions {
  /**
   * Whether to check integrity at this process's first open; a child of a process that has just done so leaves it
   * out.
   */
  readonly check?: boolean;
  /** Whether there were records: a store that is missing or empty was then lost, and none is made in its place. */
  readonly madeBefore?: boolean;
}

/** Opens the records in the agent's folder, made if there are none yet. @throws SqliteError */
export function openRecords(folder: string, options: OpenRecordsOptions = {}): Records {
  return new RecordStore(folder, options);
}

class RecordStore implements Records {
  readonly #path: string;
  readonly #db: Database;
  readonly #cache: PostingsCache;
  #snapshot: Database | null = null;
  #reader: PersonReader | null = null;
  #foundBy: Statement<[number], string> | null = null;

  constructor(folder: string, { check = true, madeBefore = false }: OpenRecordsOptions) {
    this.#path = recordsFile(folder);
    this.#db = openDatabase(this.#path, { migrations: MIGRATIONS, check, madeBefore });
    // Past 64 MiB of pages, the file itself (in the system's cache) is no slower and memory stays bounded.
    this.#db.pragma("cache_size = -65536");
    this.#db.pragma("temp_store = FILE");
    // What is sorted for an index is records too: it stays on the disk that they are on.
    this.#db.pragma(`temp_store_directory = '${folder.replaceAll("'", "''")}'`);
    this.#cache = new PostingsCache(join(folder, "postings.db"));
  }

  source(): RecordSource {
    this.#snapshot?.close();
    const db = openDatabase(this.#path, { readonly: true, check: false });
    this.#snapshot = db;
    db.exec("BEGIN"); // the first read below fixes what the snapshot sees
    const state = stateOf(db);
    const basis = this.#basis();
    let index: CodeIndex | null = null;
    const codes = (): CodeIndex => (index ??= new CodeIndex(db));
    const cache = this.#cache;
    return {
      people: () => readPeople(db, basis),
      occurrences: (list) => readOccurrences(db, list),
      postings: (list: Codelist, columns: Columns): Postings =>
        cache.through(state, postingsKey(list, columns), new ListReader(db, codes(), list, columns)),
      allEvents: () => cache.through(state, ALL_EVENTS, new EventReader(db, codes())),
    };
  }

  coversTo(): string | null {
    const day = this.#one<number | null>("SELECT covers_to FROM store");
    return day === null ? null : isoDate(day);
  }

  recordBasis(): RecordBasis | null {
    return this.#one<RecordBasis | null>("SELECT basis FROM store");
  }

  identity(): string {
    return this.#one<string>("SELECT identity FROM store");
  }

  version(): number {
    return this.#one<number>("SELECT version FROM store");
  }

  practice(): string | null {
    return this.#one<string | null>("SELECT practice FROM store");
  }

  totals(): StoreTotals {
    return {
      patients: this.#one<number>("SELECT count(*) FROM patient"),
      events: this.#one<number>("SELECT events FROM store"),
      registrations: this.#one<number>("SELECT count(*) FROM registration"),
    };
  }

  foundBy(key: number): string {
    this.#foundBy ??= this.#db
      .prepare<[number], string>("SELECT coalesce(number, practice_id) FROM patient WHERE key = ?")
      .pluck();
    const id = this.#foundBy.get(key);
    if (id === undefined) throw new RangeError("no patient has that key");
    return id;
  }

  person(key: number): PlainPatient {
    return this.#people().read(key, this.#basis(), null);
  }

  peopleWith(keys: readonly number[], lists: readonly Codelist[]): PlainPatient[] {
    const index = new CodeIndex(this.#db);
    const codes = [...new Set(lists.flatMap((list) => index.keysOf(list)))];
    const [reader, basis] = [this.#people(), this.#basis()];
    return keys.map((key) => reader.read(key, basis, codes));
  }

  #people(): PersonReader {
    return (this.#reader ??= new PersonReader(this.#db));
  }

  #basis(): RecordBasis {
    return this.recordBasis() ?? "registrations";
  }

  imports(): { at: string; format: string; report: unknown }[] {
    const rows = this.#db
      .prepare<[], { at: string; format: string; report: string }>(
        "SELECT at, format, report FROM import ORDER BY id DESC",
      )
      .all();
    return rows.map((row) => ({ ...row, report: JSON.parse(row.report) as unknown }));
  }

  sources(): Map<string, string> {
    return new Map(
      this.#db.prepare<[], [string, string]>("SELECT source, at FROM import ORDER BY id").raw().all(),
    );
  }

  newestExtract(): NewestExtract | null {
    const newest = this.#db
      .prepare<[], NewestExtract>(
        `SELECT at, report ->> '$.extract.to' AS moment FROM import
         WHERE moment IS NOT NULL OR report ->> '$.known' IS NOT 1 ORDER BY id DESC LIMIT 1`,
      )
      .get();
    return newest === undefined ? null : { ...newest, moment: newest.moment ?? this.coversTo() };
  }

  quality(): Quality | null {
    const report = this.#db
      .prepare<[], string>("SELECT report FROM import ORDER BY id DESC LIMIT 1")
      .pluck()
      .get();
    return (JSON.parse(report ?? "{}") as { readonly quality?: Quality }).quality ?? null;
  }

  formats(): string[] {
    return this.#db.prepare<[], string>("SELECT DISTINCT format FROM import").pluck().all();
  }

  /**
   * Whether the fifth is known of at least a tenth of the people who are registered: one night's newcomers alone, or a
   * table of another place, say nothing of the practice.
   */
  #knowsFifths(): boolean {
    const registered =
      this.recordBasis() === "registrations"
        ? "key IN (SELECT patient FROM registration WHERE end_day IS NULL)"
        : "true";
    const enough = this.#db
      .prepare<[], number>(
        `SELECT EXISTS (SELECT 1 FROM patient WHERE deprivation_fifth > 0)
           AND (SELECT 10 * count(*) FILTER (WHERE deprivation_fifth > 0) >= count(*)
                FROM patient WHERE death_day IS NULL AND ${registered})`,
      )
      .pluck()
      .get();
    return enough === 1;
  }

  holds(fact: RecordFact): boolean {
    const found = (sql: string): boolean => this.#db.prepare(`SELECT 1 ${sql} LIMIT 1`).get() !== undefined;
    switch (fact) {
      case "registrations":
        return this.recordBasis() === "registrations";
      case "birth":
        return found("FROM patient WHERE birth_day IS NOT NULL");
      case "sex":
        return found("FROM patient WHERE sex <> 'unknown'");
      case "deprivation_fifth":
        return this.#knowsFifths();
      case "ethnic_group":
        return found("FROM patient WHERE ethnic_group <> 'unknown'");
      case "clinician":
        return found("FROM clinician");
      case "value":
        return found("FROM event WHERE value IS NOT NULL");
      case "quantity":
        return found("FROM event WHERE quantity IS NOT NULL");
      case "ctv3":
        return true;
    }
  }

  withoutEvents(lists: readonly Codelist[]): Codelist[] {
    const index = new CodeIndex(this.#db);
    const find = this.#db.prepare<[number]>(
      "SELECT 1 FROM event INDEXED BY event_by_code WHERE code = ? LIMIT 1",
    );
    return lists.filter((list) => !index.keysOf(list).some((key) => find.get(key) !== undefined));
  }

  months(): Months {
    return this.quality()?.reach?.months ?? reachOf(EventCounts.ofAll(this.#db, []), Infinity).months;
  }

  leftOutList(): string | null {
    return leftOutList(this.#db);
  }

  countLeftOut(): LeftOutCounts {
    return countLeftOut(this.#db);
  }

  unknownOf(identifiers: readonly string[]): string[] {
    return unknownOf(this.#db, identifiers);
  }

  replaceLeftOut(identifiers: readonly string[], name: () => string): number {
    return replaceLeftOut(this.#db, identifiers, name);
  }

  beginLoad(map: GivenMap | null, whole = false, isProtected?: CodeCheck): Load {
    return new Load(this.#db, map, whole, isProtected);
  }

  backup(path: string): Promise<void> {
    return backup(this.#db, path);
  }

  close(): void {
    this.#snapshot?.close();
    this.#cache.close();
    this.#db.close();
  }

  #one<T>(sql: string): T {
    return this.#db.prepare(sql).pluck().get() as T;
  }
}
