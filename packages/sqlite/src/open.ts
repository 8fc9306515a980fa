/** Opens SQLite files; no other file may. What was acknowledged survives a power cut, or nothing opens. */
import { closeSync, existsSync, mkdirSync, openSync, realpathSync, statSync } from "node:fs";
import { dirname } from "node:path";
import BetterSqlite3 from "better-sqlite3";
import { explained, SqliteError } from "./errors.js";
import { migrate } from "./migrate.js";

/** An open database. Other packages use this type and never name the driver. */
export type Database = BetterSqlite3.Database;
export type Statement<Bind extends unknown[] = unknown[], Row = unknown> = BetterSqlite3.Statement<Bind, Row>;

/** The reading side of a database: its statements give rows, and have no `run`. */
export interface ReadDatabase {
  prepare<Bind extends unknown[] = unknown[], Row = unknown>(sql: string): ReadStatement<Bind, Row>;
}
export interface ReadStatement<Bind extends unknown[], Row> {
  get(...values: Bind): Row | undefined;
  all(...values: Bind): Row[];
  iterate(...values: Bind): IterableIterator<Row>;
  /** From now on each row is its first column alone. */
  pluck(): this;
}

export interface OpenOptions {
  /** Folder of `NNN-name.sql` files, each applied once and in order. */
  readonly migrations?: URL;
  readonly readonly?: boolean;
  /**
   * Whether it was made before: one that is missing, empty or without its schema is then "lost", and nothing is made.
   */
  readonly madeBefore?: boolean;
  /** Whether to check integrity at this process's first open. Off only where another process has just done so. */
  readonly check?: boolean;
  /**
   * Page size in bytes of a file that is made new: large pages are quicker where rows are large. SQLite's own by
   * default.
   */
  readonly pageSize?: 4096 | 65536;
}

const BUSY_MS = 10_000;
const checkedHere = new Set<string>();

/**
 * Opens the file, made with its folder if absent (unless `readonly`), readable by its owner only.
 * @throws SqliteError
 */
export function openDatabase(path: string, options: OpenOptions = {}): Database {
  try {
    if (options.madeBefore) requireContent(path);
    else if (options.readonly) requireFile(path);
    else makeFile(path);
    const db = new BetterSqlite3(path, { readonly: options.readonly ?? false, timeout: BUSY_MS });
    try {
      if (options.madeBefore) requireSchema(db, path);
      if (options.pageSize !== undefined) db.pragma(`page_size = ${options.pageSize}`);
      setDurability(db);
      if (options.check ?? true) checkOnce(db, path);
      if (options.migrations) migrate(db, path, options.migrations, options.readonly ?? false);
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  } catch (error) {
    throw explained(error, path);
  }
}

function requireFile(path: string): void {
  if (!existsSync(path)) throw new SqliteError("absent", path);
}

/**
 * Checks that the file has content before SQLite opens it: beside an empty file SQLite deletes the journal, and with
 * it what could be saved.
 */
function requireContent(path: string): void {
  let size: number | undefined;
  try {
    size = statSync(path, { throwIfNoEntry: false })?.size;
  } catch (error) {
    throw new SqliteError("unwritable", path, { cause: error });
  }
  if (!size) throw new SqliteError("lost", path);
}

function requireSchema(db: Database, path: string): void {
  if (Number(db.pragma("user_version", { simple: true })) === 0) throw new SqliteError("lost", path);
}

function makeFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // SQLite gives its journal the permissions of the database, so setting them here covers both.
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
    throw new SqliteError(full ? "full" : "unwritable", path, { cause: error });
  }
}

/**
 * Sets and checks synchronous FULL: WAL opens as NORMAL in this driver, which loses acknowledged commits in a power
 * cut.
 */
function setDurability(db: Database): void {
  if (!db.readonly) db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  const mode = String(db.pragma("journal_mode", { simple: true }));
  if (!db.readonly && mode !== "wal") throw new Error(`journal mode is ${mode} where WAL was set`);
  if (db.pragma("synchronous", { simple: true }) !== 2) throw new Error("synchronous is not FULL");
  if (db.pragma("foreign_keys", { simple: true }) !== 1) throw new Error("foreign keys are not enforced");
}

function checkOnce(db: Database, path: string): void {
  const identity = realpathSync(path);
  if (checkedHere.has(identity)) return;
  assertSound(db, path);
  checkedHere.add(identity);
}

/** Reads every page of the database. @throws SqliteError "corrupt" where one is not sound. */
export function assertSound(db: Database, path: string): void {
  const found = String(db.pragma("quick_check(1)", { simple: true }));
  if (found !== "ok") throw new SqliteError("corrupt", path, { cause: new Error(found) });
}
