import { openDatabase, type Database } from "./open.js";
import { SqliteError } from "./errors.js";

/**
 * Holds a lock of this file's name until it is closed, or until its process has ended, however that ends: a
 * transaction that is never committed.
 * @param path of the lock's own file, made if absent
 * @param patienceMs time to wait for the lock of another process, in ms
 * @returns null where another process holds it.
 * @throws SqliteError
 */
export function holdLock(path: string, patienceMs = 0): Database | null {
  const db = openDatabase(path);
  try {
    db.pragma(`busy_timeout = ${patienceMs}`);
    db.exec("BEGIN IMMEDIATE");
    return db;
  } catch (cause) {
    db.close();
    const busy = (cause as { code?: unknown }).code === "SQLITE_BUSY";
    if (!busy || cause instanceof SqliteError) throw cause;
    return null;
  }
}
