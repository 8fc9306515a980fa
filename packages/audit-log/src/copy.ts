/** A backup says of itself that it is one: a log that goes on from it may lack what came after. */
import type { Database } from "@cairn/sqlite";

const TABLE = "CREATE TABLE IF NOT EXISTS log_copy (copied_at TEXT NOT NULL) STRICT";

/** @param db a copy of an owner's database, never the owner's own. */
export function markCopy(db: Database, at: Date): void {
  db.exec(TABLE);
  db.prepare("INSERT INTO log_copy (copied_at) VALUES (?)").run(at.toISOString());
}

export function isCopy(db: Database): boolean {
  db.exec(TABLE);
  return db.prepare("SELECT 1 FROM log_copy").get() !== undefined;
}

/** Once its log has gone on. Inside a transaction. */
export function unmarkCopy(db: Database): void {
  db.exec(TABLE);
  db.prepare("DELETE FROM log_copy").run();
}
