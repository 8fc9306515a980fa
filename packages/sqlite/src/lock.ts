import { openDatabase, type Database } from "./open.js";
import { SqliteError } from "./errors.js";

/**
 * Holds a lock of this file's name until it is closed, or until its process has ended, however that ends: a
 * transaction that is never committed.
 * @param path of the lock's own file, made if absent. @returns null where another process holds it. @throws SqliteError
 */
export function holdLock(path: string): Database | null {
  const db = openDatabase(path);
  try {
    db.pragma("busy_timeout = 0");
    db.exec("BEGIN IMMEDIATE");
    return db;
  } catch (cause) {
    db.close();
    const busy = (cause as { code?: unknown }).code === "SQLITE_BUSY";
    if (!busy || cause instanceof SqliteError) throw cause;
    return null;
  }
}
