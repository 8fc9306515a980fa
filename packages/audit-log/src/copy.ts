/** The mark of a backup: a log that goes on from a copy may lack the entries that followed it. */
import type { Database } from "@cairn/sqlite";

const TABLE = "CREATE TABLE IF NOT EXISTS log_copy (copied_at TEXT NOT NULL) STRICT";

/** Marks a copy as one. @param db a copy of an owner's database, never the owner's own. */
export function markCopy(db: Database, at: Date): void {
  db.exec(TABLE);
  db.prepare("INSERT INTO log_copy (copied_at) VALUES (?)").run(at.toISOString());
}

export function isCopy(db: Database): boolean {
  db.exec(TABLE);
  return db.prepare("SELECT 1 FROM log_copy").get() !== undefined;
}

/** Removes the mark, once the log has gone on. To be called inside a transaction. */
export function unmarkCopy(db: Database): void {
  db.exec(TABLE);
  db.prepare("DELETE FROM log_copy").run();
}
