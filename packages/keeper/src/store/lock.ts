import { join } from "node:path";
import { holdLock, type Database } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";
import { isThere } from "./folder.js";

/**
 * One keeper works on a folder at a time: what another finds as running would look as if it had died.
 * @throws KeeperError running; SqliteError
 */
export function lockFolder(folder: string): Database {
  const lock = holdLock(lockFile(folder));
  if (lock !== null) return lock;
  const words = `the agent of ${folder} runs already: stop that one first, or leave it to run`;
  throw new KeeperError("running", words);
}

/** Said before anything is started; nothing is made in the folder. @throws KeeperError running; SqliteError */
export function assertNotRunning(folder: string): void {
  if (isThere(lockFile(folder))) lockFolder(folder).close();
}

function lockFile(folder: string): string {
  return join(folder, "lock.db");
}
