/** Transactions and copies: whole or not at all, with an error in words where the disk fails. */
import { closeSync, openSync, rmSync } from "node:fs";
import { renameDurably, syncFile } from "@cairn/files";
import BetterSqlite3 from "better-sqlite3";
import { explained } from "./errors.js";
import { assertSound, type Database } from "./open.js";

/**
 * Runs `work` in one immediate transaction (joined to the one that is open, if any) and returns its result. An error
 * from the commit means that it is unknown whether it happened.
 * @throws SqliteError
 */
export function inTransaction<T>(db: Database, work: () => T): T {
  try {
    return db.inTransaction ? work() : db.transaction(work).immediate();
  } catch (error) {
    throw explained(error, db.name);
  }
}

/**
 * Copies a live database to `path`, page by page while it stays in use, checks the copy, and only then gives it its
 * name: `path` is never half a backup.
 * @throws SqliteError
 */
export async function backup(db: Database, path: string): Promise<void> {
  const part = `${path}.part`;
  try {
    rmSync(part, { force: true });
    closeSync(openSync(part, "w", 0o600));
    await db.backup(part);
    checkCopy(part);
    syncFile(part);
    renameDurably(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw explained(error, path);
  }
}

function checkCopy(path: string): void {
  const copy = new BetterSqlite3(path);
  try {
    // The copy inherits WAL; as one plain file it can be moved without its companions.
    copy.pragma("journal_mode = DELETE");
    assertSound(copy, path);
  } finally {
    copy.close();
  }
}
