/**
 * The hub's database and its log, changed together. Reads go through `db`; writes go through `change`, one
 * transaction a step, so that a row is there before a message says so.
 */
import {
  Kysely,
  sql,
  SqliteDialect,
  SqliteDriver,
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type SqliteDatabase,
  type SqliteStatement,
  type Transaction,
} from "kysely";
import { AuditLog, type LogPosition } from "@cairn/audit-log";
import { encode, type HubKind, type EntryFacts } from "@cairn/ledger";
import { explained, openDatabase, SqliteError, type Database, type SqliteErrorCode } from "@cairn/sqlite";
import type { KeyObject } from "node:crypto";
import { crashPoint } from "../config.js";
import type { Tables } from "./tables.js";

/** The practices whose agents may wait for a change, or all. */
export type ChangeScope = ReadonlySet<string> | "all";

export interface Change {
  readonly tx: Transaction<Tables>;
  /** Names the practices whose agents may wait for this change; where none are named it may concern all. */
  concerns(practices: Iterable<string>): void;
  /** Adds to the hub's log, inside this change. */
  note<K extends HubKind>(kind: K, facts: EntryFacts<K>): LogPosition;
  /**
   * Does a part that can fail alone: its writes are undone, and the rest of the change goes on.
   * @throws what `work` throws
   */
  apart<T>(work: () => Promise<T>): Promise<T>;
}

/** Pages of the database kept in memory: what a firing and a back-fill write lies all over its indexes. */
const CACHE_KIB = 64 * 1024;

export class Store {
  readonly db: Kysely<Tables>;
  readonly log: AuditLog;
  readonly now: () => number;
  readonly #raw: Database;
  readonly #listeners = new Set<(concerned: ChangeScope) => void>();
  #lastWrite = performance.now();
  #lastFailure: { readonly code: SqliteErrorCode; readonly at: number } | null = null;

  /**
   * Opens the store.
   * @param madeBefore false only for a hub that is being made: the database of another is never made anew.
   */
  constructor(path: string, key: KeyObject, origin: string, now: () => number, madeBefore = true) {
    const migrations = new URL("../../migrations/", import.meta.url);
    this.#raw = openDatabase(path, { migrations, madeBefore });
    this.#raw.pragma(`cache_size = -${CACHE_KIB}`);
    this.now = now;
    try {
      this.log = AuditLog.open(this.#raw, { origin, key, now: () => new Date(now()) });
    } catch (error) {
      this.#raw.close();
      throw explained(error, path);
    }
    this.db = new Kysely<Tables>({ dialect: new ImmediateDialect(this.#raw) });
  }

  /**
   * Runs `work` in one transaction, wholly there or not at all. An error from the commit means that its outcome is unknown.
   * Its crash points, before and after the commit, are the kinds of the entries that it appends, and `call`.
   * @param call that it answers, where it may append no entry.
   */
  async change<T>(work: (change: Change) => Promise<T>, call?: string): Promise<T> {
    const named: { concerned: Set<string> | null } = { concerned: null };
    const result = await this.#made(work, call, (practices) => {
      named.concerned ??= new Set();
      for (const practice of practices) named.concerned.add(practice);
    });
    for (const listener of [...this.#listeners]) listener(named.concerned ?? "all");
    return result;
  }

  /** Makes a change for which no agent waits, so that no poll wakes: who signed in, who looked. */
  async unheard<T>(work: (change: Change) => Promise<T>, call?: string): Promise<T> {
    return this.#made(work, call, () => undefined);
  }

  async #made<T>(
    work: (change: Change) => Promise<T>,
    call: string | undefined,
    concerns: Change["concerns"],
  ): Promise<T> {
    const steps: string[] = call === undefined ? [] : [call];
    const result = await this.#whole(async (tx) => {
      const note: Change["note"] = (kind, facts) => {
        const entry = encode(kind, facts);
        steps.push(entry.kind);
        return this.log.append(entry.kind, entry.body);
      };
      const done = await work({ tx, note, concerns, apart: (part) => this.#apart(part) });
      crashPoint("before", ...steps);
      return done;
    });
    crashPoint("after", ...steps);
    return result;
  }

  /** Makes a change that wakes no poll and is not logged: when an agent was last heard. */
  async quietly<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#whole(work);
  }

  /**
   * Reads the log while no change of this process is open: an entry that may still be undone is never signed.
   * @param work is done before anything else begins
   */
  async settledLog<T>(work: (log: AuditLog) => T): Promise<T> {
    return this.db.connection().execute(async () => work(this.log)); // one connection: a change holds it to its end
  }

  async #apart<T>(work: () => Promise<T>): Promise<T> {
    this.#raw.exec("SAVEPOINT apart");
    try {
      const done = await work();
      this.#raw.exec("RELEASE apart");
      return done;
    } catch (error) {
      // A full disk ends the whole transaction by itself.
      if (this.#raw.inTransaction) this.#raw.exec("ROLLBACK TO apart; RELEASE apart");
      throw error;
    }
  }

  /** Runs one transaction. @throws SqliteError where the file cannot be written, and whatever `work` throws */
  async #whole<T>(work: (tx: Transaction<Tables>) => Promise<T>): Promise<T> {
    try {
      const result = await this.db.transaction().execute(work);
      this.#lastWrite = performance.now();
      return result;
    } catch (error) {
      const cause = explained(error, this.#raw.name);
      if (cause instanceof SqliteError) this.#lastFailure = { code: cause.code, at: performance.now() };
      throw cause;
    }
  }

  /** Commits a write that changes nothing: the schema's number over itself. @throws SqliteError */
  async tryToWrite(): Promise<void> {
    await this.quietly(async (tx) => {
      const { rows } = await sql<{ user_version: number }>`PRAGMA user_version`.execute(tx); // here, where no other writes
      await sql.raw(`PRAGMA user_version = ${rows[0]?.user_version ?? 0}`).execute(tx);
    });
  }

  /** When a write was last committed, by `performance.now()`: the opening is one. */
  get lastWrite(): number {
    return this.#lastWrite;
  }

  /** The last write that the file did not take; null where there was none. */
  get lastFailure(): { readonly code: SqliteErrorCode; readonly at: number } | null {
    return this.#lastFailure;
  }

  /** Calls back after each change made by this process, with the practices that it concerns. */
  onChange(listener: (concerned: ChangeScope) => void): void {
    this.#listeners.add(listener);
  }

  /** A number that changes whenever another process has changed the database (the command line beside the server). */
  foreignChanges(): number {
    return Number(this.#raw.pragma("data_version", { simple: true }));
  }

  /** The open file, for an online backup. */
  get file(): Database {
    return this.#raw;
  }

  async close(): Promise<void> {
    await this.db.destroy();
    this.#raw.close(); // Kysely closes no database that it never used
  }
}

/** Statements kept prepared. A list of values makes one of its own, so that there is no end to them. */
const MOST_PREPARED = 500;

/** The database as Kysely asks it, with each statement prepared once. */
class PreparedOnce implements SqliteDatabase {
  readonly #file: Database;
  readonly #prepared = new Map<string, SqliteStatement>();
  constructor(file: Database) {
    this.#file = file;
  }

  prepare(sql: string): SqliteStatement {
    const known = this.#prepared.get(sql);
    if (known) return known;
    if (this.#prepared.size >= MOST_PREPARED) this.#prepared.clear();
    const statement = this.#file.prepare(sql) as unknown as SqliteStatement;
    this.#prepared.set(sql, statement);
    return statement;
  }

  close(): void {
    this.#file.close();
  }
}

/**
 * Takes the write lock at the start: a transaction that reads first and then writes would otherwise fail when the
 * command line and the server write at the same time.
 */
class ImmediateDriver extends SqliteDriver {
  readonly #file: Database;
  constructor(file: Database) {
    super({ database: new PreparedOnce(file) });
    this.#file = file;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * Ends a transaction, which a full disk ends by itself: ending it once more would hide why behind "no transaction
   * is active".
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection);
  }
}

class ImmediateDialect extends SqliteDialect {
  readonly #file: Database;
  constructor(file: Database) {
    super({ database: file });
    this.#file = file;
  }
  override createDriver(): Driver {
    return new ImmediateDriver(this.#file);
  }
}
