import { join } from "node:path";
import { holdLock, type Database } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";
import { isThere } from "./folder.js";

/** Time in ms that a keeper waits for the lock: a command that looks whether one runs holds it for a moment. */
const GLANCE_MS = 500;

/**
/**
 * One keeper works on a folder at a time: what another finds as running would look as if it had died.
 * @param patienceMs how long the lock of another is waited for. @throws KeeperError running; SqliteError
 */
export function lockFolder(folder: string, patienceMs = GLANCE_MS): Database {
  const lock = holdLock(lockFile(folder), patienceMs);
  if (lock !== null) return lock;
  const words = `the agent of ${folder} runs already: stop that one first, or leave it to run`;
  throw new KeeperError("running", words);
}

/**
 * Checks that no keeper runs, before anything is started; nothing is made in the folder.
 * @throws KeeperError running; SqliteError
 */
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
