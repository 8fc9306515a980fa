import { join } from "node:path";
import { openDatabase, SqliteError, type Database } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";
import { isThere } from "./folder.js";

/**
 * One keeper works on a folder at a time: what another finds as running would look as if it had died. The lock
 * is a transaction that is never committed, so that it ends with its process however that ends.
 * @throws KeeperError running
 */
export function lockFolder(folder: string): Database {
  const db = openDatabase(lockFile(folder));
  try {
    db.pragma("busy_timeout = 0");
    db.exec("BEGIN IMMEDIATE");
    return db;
  } catch (cause) {
    db.close();
    const busy = (cause as { code?: unknown }).code === "SQLITE_BUSY";
    if (!busy || cause instanceof SqliteError) throw cause;
    const words = `the agent of ${folder} runs already: stop that one first, or leave it to run`;
    throw new KeeperError("running", words, { cause });
  }
}

/** Said before anything is started; nothing is made in the folder. @throws KeeperError running; SqliteError */
export function assertNotRunning(folder: string): void {
  if (isThere(lockFile(folder))) lockFolder(folder).close();
}

function lockFile(folder: string): string {
  return join(folder, "lock.db");
}
