/** Ended logs: their owner came back from a backup, so they were set aside whole and stay readable for ever. */
import type { Database } from "@cairn/sqlite";

/** The tables of one log. */
export interface LogTables {
  readonly entry: string;
  readonly node: string;
}

interface NamedLog {
  readonly number: number; // 0 for the first
  readonly origin: string;
}

export function tablesOf(number: number): LogTables {
  return { entry: `log_entry_${number}`, node: `log_node_${number}` };
}

/** The present log, where others went before it; null for a first log. */
export function newestLog(db: Database): NamedLog | null {
  return (
    db
      .prepare<[], NamedLog>("SELECT number, origin FROM log_generation ORDER BY number DESC LIMIT 1")
      .get() ?? null
  );
}

/** The ended logs, oldest first. */
export function pastLogs(db: Database): NamedLog[] {
  return db
    .prepare<[], NamedLog>("SELECT number, origin FROM log_generation ORDER BY number")
    .all()
    .slice(0, -1);
}

/**
 * Renames the present log's tables, which stay append-only, and names the log that follows. To be called inside a
 * transaction; the caller makes the new tables.
 */
export function setLogAside(db: Database, present: string, next: string): void {
  const known = db.prepare("SELECT 1 FROM log_generation WHERE origin = ?").get(next);
  if (known || next === present)
    throw new Error(`a log called ${next} went before: a new one needs a new name`);
  const number = newestLog(db)?.number ?? 0;
  const { entry, node } = tablesOf(number);
  db.exec(`
    DROP TRIGGER IF EXISTS log_entry_is_append_only_update;
    DROP TRIGGER IF EXISTS log_entry_is_append_only_delete;
    DROP INDEX IF EXISTS log_entry_of_run;
    ALTER TABLE log_entry RENAME TO ${entry};
    ALTER TABLE log_node RENAME TO ${node};
    CREATE TRIGGER ${entry}_is_over_insert BEFORE INSERT ON ${entry}
    BEGIN SELECT RAISE(ABORT, 'this audit log is over'); END;
    CREATE TRIGGER ${entry}_is_append_only_update BEFORE UPDATE ON ${entry}
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
    CREATE TRIGGER ${entry}_is_append_only_delete BEFORE DELETE ON ${entry}
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  `);
  const insert = db.prepare("INSERT OR IGNORE INTO log_generation (number, origin) VALUES (?, ?)");
  insert.run(BigInt(number), present);
  insert.run(BigInt(number + 1), next);
}
