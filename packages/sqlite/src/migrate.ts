/** Brings a database to the schema of this version, one numbered file after the other. */
import { readdirSync, readFileSync } from "node:fs";
import type BetterSqlite3 from "better-sqlite3";
import { SqliteError } from "./errors.js";

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly file: URL;
}

/**
 * Runs each migration that is due in a transaction of its own together with its `user_version`: none can be half
 * done.
 */
export function migrate(db: BetterSqlite3.Database, path: string, folder: URL, readonly: boolean): void {
  const migrations = migrationsIn(folder);
  const newest = migrations.at(-1)?.version ?? 0;
  const current = versionOf(db);
  if (current > newest) throw new SqliteError("newer-version", path);
  if (current === newest) return;
  if (readonly)
    throw new SqliteError("absent", path, { cause: new Error("its schema has not been made yet") });
  for (const migration of migrations) apply(db, migration);
  assertStrict(db);
}

function apply(db: BetterSqlite3.Database, migration: Migration): void {
  const step = db.transaction(() => {
    // Read inside the transaction: another process may have applied it while this one waited for the lock.
    if (versionOf(db) >= migration.version) return;
    db.exec(readFileSync(migration.file, "utf8"));
    db.pragma(`user_version = ${migration.version}`);
  });
  step.immediate();
}

function migrationsIn(folder: URL): Migration[] {
  const base = folder.href.endsWith("/") ? folder : new URL(`${folder.href}/`);
  const names = readdirSync(base).filter((name) => name.endsWith(".sql"));
  const migrations = names.map((name) => {
    const number = /^(\d{3})-[a-z0-9-]+\.sql$/.exec(name)?.[1];
    if (number === undefined) throw new Error(`migration ${name} is not named NNN-name.sql`);
    return { version: Number(number), name, file: new URL(name, base) };
  });
  migrations.sort((a, b) => a.version - b.version);
  migrations.forEach((migration, i) => {
    if (migration.version !== i + 1) throw new Error(`migration ${migration.name}: expected number ${i + 1}`);
  });
  return migrations;
}

function versionOf(db: BetterSqlite3.Database): number {
  return Number(db.pragma("user_version", { simple: true }));
}

/**
 * Checks that every table is STRICT: the driver binds JavaScript numbers as REAL, and only a STRICT table converts or
 * refuses them by its column types.
 */
function assertStrict(db: BetterSqlite3.Database): void {
  const loose = db
    .prepare<[], string>(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all();
  if (loose.length > 0) throw new Error(`not STRICT: table ${loose.join(", ")}`);
}
