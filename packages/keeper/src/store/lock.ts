import { join } from "node:path";
import { openDatabase, SqliteError, type Database } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";

/**
 * One keeper works on a folder at a time: what another finds as running would look as if it had died. The lock
 * is a transaction that is never committed, so that it ends with its process however that ends.
 * @throws KeeperError running
 */
export function lockFolder(folder: string): Database {
  const db = openDatabase(join(folder, "lock.db"));
  try {
    db.pragma("busy_timeout = 0");
    db.exec("BEGIN IMMEDIATE");
    return db;
  } catch (cause) {
    db.close();
    const busy = (cause as { code?: unknown }).code === "SQLITE_BUSY";
    if (!busy || cause instanceof SqliteError) throw cause;
    throw new KeeperError("running", `another keeper works on ${folder}: stop it first`, { cause });
  }
}
