import {
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import BetterSqlite3 from "better-sqlite3";
import t from "tap";
import { backup, explained, inTransaction, openDatabase, SqliteError } from "@cairn/sqlite";

const dir = mkdtempSync(join(tmpdir(), "cairn-sqlite-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

function migrations(name: string, files: Record<string, string>): URL {
  const folder = join(dir, name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
  return pathToFileURL(folder);
}
const one = { "001-first.sql": "CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER) STRICT;" };
const two = {
  ...one,
  "002-second.sql": "CREATE TABLE b (id INTEGER PRIMARY KEY, a REFERENCES a) STRICT;".replace(
    "a REF",
    "a INTEGER REF",
  ),
};

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof SqliteError) return error.code;
    throw error;
  }
  return "no error";
}

t.test("an open database keeps what it acknowledged and is for its owner only", async (t) => {
  const path = join(dir, "new", "folder", "x.db");
  const db = openDatabase(path);
  t.equal(db.pragma("journal_mode", { simple: true }), "wal");
  t.equal(db.pragma("synchronous", { simple: true }), 2, "FULL");
  t.equal(db.pragma("foreign_keys", { simple: true }), 1);
  t.equal(statSync(path).mode & 0o777, 0o600);
  db.exec("CREATE TABLE x (n) ");
  t.equal(statSync(`${path}-wal`).mode & 0o777, 0o600);
  db.close();
});

t.test("migrations run once, in order, and a later version is not opened by an earlier one", async (t) => {
  const path = join(dir, "migrated.db");
  openDatabase(path, { migrations: migrations("m1", one) }).close();
  const later = openDatabase(path, { migrations: migrations("m2", two) });
  t.equal(later.pragma("user_version", { simple: true }), 2);
  t.throws(() => later.prepare("INSERT INTO b VALUES (1, 99)").run(), /FOREIGN KEY/);
  later.close();
  t.equal(
    codeOf(() => openDatabase(path, { migrations: migrations("m1", one) })),
    "newer-version",
  );
});

t.test("a migration that fails half way leaves nothing of itself", async (t) => {
  const path = join(dir, "half.db");
  const bad = migrations("m3", {
    ...one,
    "002-bad.sql": "CREATE TABLE c (id INTEGER) STRICT; SELECT nonsense;",
  });
  t.throws(() => openDatabase(path, { migrations: bad }));
  const db = openDatabase(path, { migrations: migrations("m1", one) });
  t.equal(db.pragma("user_version", { simple: true }), 1);
  t.same(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'c'").all(), []);
  db.close();
});

t.test("tables that are not STRICT and misnumbered files are refused", async (t) => {
  t.throws(
    () =>
      openDatabase(join(dir, "loose.db"), {
        migrations: migrations("m4", { "001-x.sql": "CREATE TABLE loose (n)" }),
      }),
    /not STRICT: table loose/,
  );
  const gap = migrations("m5", { "002-x.sql": "SELECT 1" });
  t.throws(() => openDatabase(join(dir, "gap.db"), { migrations: gap }), /expected number 1/);
});

t.test("a damaged file is found at the first open", async (t) => {
  const path = join(dir, "damaged.db");
  // Made by another process, so that this one has not checked it yet.
  spawnSync(
    process.execPath,
    [
      "-e",
      `
    const db = require("better-sqlite3")(${JSON.stringify(path)});
    db.exec("CREATE TABLE x (t TEXT) STRICT; CREATE INDEX i ON x (t)");
    const add = db.prepare("INSERT INTO x VALUES (?)");
    db.transaction(() => { for (let i = 0; i < 5000; i++) add.run("row " + i); })();
    db.close();`,
    ],
    { cwd: process.cwd() },
  );
  const bytes = readFileSync(path);
  bytes.fill(0x5a, bytes.length / 2, bytes.length / 2 + 4096);
  writeFileSync(path, bytes);
  t.equal(
    codeOf(() => openDatabase(path)),
    "corrupt",
  );
  const text = join(dir, "letter.db");
  writeFileSync(text, "Dear practice manager, this is not a database at all. ".repeat(40));
  t.equal(
    codeOf(() => openDatabase(text)),
    "corrupt",
  );
});

t.test("each way to fail has its word, one line, and exit 4", async (t) => {
  t.equal(
    codeOf(() => openDatabase(join(dir, "nowhere.db"), { readonly: true })),
    "absent",
  );
  writeFileSync(join(dir, "file"), "");
  t.equal(
    codeOf(() => openDatabase(join(dir, "file", "x.db"))),
    "unwritable",
  );
  for (const [driver, word] of [
    ["SQLITE_BUSY_SNAPSHOT", "locked"],
    ["SQLITE_FULL", "full"],
    ["SQLITE_IOERR_WRITE", "unwritable"],
  ] as const) {
    const error = explained(new BetterSqlite3.SqliteError("words of the driver", driver), "/x/records.db");
    t.match(error, { code: word, kind: "unavailable", message: /^\/x\/records\.db: [^\n]+$/ });
  }
  const other = new RangeError("not about the file");
  t.equal(explained(other, "x"), other);
});

t.test("a database that was made before is never made anew, and nothing of it is touched", async (t) => {
  const made = migrations("m6", one);
  const open = (path: string, readonly = false) =>
    codeOf(() => openDatabase(path, { migrations: made, madeBefore: true, readonly }).close());
  const gone = join(dir, "lost", "gone.db");
  mkdirSync(join(dir, "lost"));
  const empty = join(dir, "lost", "empty.db");
  writeFileSync(empty, "");
  writeFileSync(`${empty}-wal`, "what could still be saved");
  const other = join(dir, "lost", "other.db");
  openDatabase(other).close(); // a database, and without the schema
  for (const path of [gone, empty, other]) {
    t.equal(open(path), "lost", path);
    t.equal(open(path, true), "lost", path);
  }
  t.notMatch(readdirSync(join(dir, "lost")).join(" "), /gone/);
  t.equal(statSync(empty).size, 0);
  t.equal(readFileSync(`${empty}-wal`, "utf8"), "what could still be saved");
  const whole = join(dir, "lost", "whole.db");
  openDatabase(whole, { migrations: made }).close();
  t.equal(open(whole), "no error");
});

t.test("a locked file says so", async (t) => {
  const path = join(dir, "locked.db");
  const holder = openDatabase(path, { migrations: migrations("m1", one) });
  holder.exec("BEGIN IMMEDIATE");
  const other = openDatabase(path);
  other.pragma("busy_timeout = 20");
  t.equal(
    codeOf(() => inTransaction(other, () => 1)),
    "locked",
  );
  holder.exec("COMMIT");
  t.equal(
    inTransaction(other, () => 1),
    1,
  );
  other.close();
  holder.close();
});

t.test("a transaction keeps all or nothing", async (t) => {
  const db = openDatabase(join(dir, "whole.db"), { migrations: migrations("m1", one) });
  t.throws(
    () =>
      inTransaction(db, () => {
        db.prepare("INSERT INTO a VALUES (1, 1)").run();
        throw new Error("half way");
      }),
    /half way/,
  );
  t.equal(db.prepare("SELECT count(*) FROM a").pluck().get(), 0);
  t.throws(
    () => db.prepare("INSERT INTO a VALUES (?, 0.5)").run(1),
    /cannot store REAL/,
    "STRICT refuses what is no integer",
  );
  db.close();
});

t.test("a backup of a live database opens on its own, and a failed one leaves no file", async (t) => {
  const db = openDatabase(join(dir, "live.db"), { migrations: migrations("m1", one) });
  inTransaction(db, () => db.prepare("INSERT INTO a VALUES (7, 8)").run());
  const copyPath = join(dir, "copy.db");
  await backup(db, copyPath);
  t.equal(statSync(copyPath).mode & 0o777, 0o600);
  const copy = openDatabase(copyPath, { readonly: true, migrations: migrations("m1", one) });
  t.same(copy.prepare("SELECT * FROM a").all(), [{ id: 7, n: 8 }]);
  copy.close();
  await t.rejects(backup(db, join(dir, "no-such-folder", "copy.db")));
  t.throws(() => statSync(join(dir, "no-such-folder")));
  truncateSync(copyPath, 0);
  db.close();
});
