import { join } from "node:path";
import { openDatabase, SqliteError, type Database } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";
import { isThere } from "./folder.js";

/** A command that looks whether a keeper runs holds the lock for a moment: that keeps no keeper from starting. */
const GLANCE_MS = 500;

/**
 * One keeper works on a folder at a time: what another finds as running would look as if it had died. The lock
 * is a transaction that is never committed, so that it ends with its process however that ends.
 * @param patienceMs how long the lock of another is waited for. @throws KeeperError running
 */
export function lockFolder(folder: string, patienceMs = GLANCE_MS): Database {
  const db = openDatabase(lockFile(folder));
  try {
    db.pragma(`busy_timeout = ${patienceMs}`);
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
  if (isThere(lockFile(folder))) lockFolder(folder, 0).close();
}

/** Whether a keeper works on the folder now, whatever it left behind when it was killed. @throws SqliteError */
export function isRunning(folder: string): boolean {
  try {
    assertNotRunning(folder);
    return false;
  } catch (error) {
    if (error instanceof KeeperError && error.code === "running") return true;
    throw error;
  }
}

function lockFile(folder: string): string {
  return join(folder, "lock.db");
}
