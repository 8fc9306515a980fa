/** Restores a keeper's folder from a backup, checked before it is used. */
import { copyFileSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { verifyExport } from "@cairn/audit-log";
import { backup, openDatabase } from "@cairn/sqlite";
import { KeeperError } from "../errors.js";
import { noticeRestore } from "./restore-releases.js";
import { setting } from "../store/settings.js";
import { databaseFile, isThere, keyFile } from "../store/folder.js";
import { KeeperStore } from "../store/store.js";

const RECORDS = "records.db";

/**
 * Copies keeper, records and key, replays the log to its head, and writes down that what was released since the
 * backup is not known. The key comes last: a folder without it is no keeper, and restoring can be tried again.
 * @returns the last day (ISO) for which nothing is answered from records any more.
 * @throws KeeperError exists, backup-unsound; SqliteError
 */
export async function restoreKeeper(from: string, folder: string): Promise<string> {
  if (existsSync(keyFile(folder)))
    throw new KeeperError("exists", `there is a keeper in ${folder} already: it was left as it is`);
  for (const file of [databaseFile(from), keyFile(from)]) {
    if (!isThere(file) || statSync(file).size === 0)
      throw new KeeperError(
        "backup-unsound",
        `${from} is not a whole backup of a keeper: ${file} is missing or empty`,
      );
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await copyDatabase(databaseFile(from), databaseFile(folder));
  if (existsSync(join(from, RECORDS))) await copyDatabase(join(from, RECORDS), join(folder, RECORDS));
  markAsCopy(databaseFile(folder));
  copyFileSync(keyFile(from), keyFile(folder));
  const store = KeeperStore.open(folder);
  try {
    const verdict = verifyExport(store.log.exportLines(), { name: store.log.origin, key: store.key });
    if (!verdict.ok)
      throw new KeeperError("backup-unsound", `${from}: its log does not replay: ${verdict.problem}`);
    noticeRestore(store);
    return setting(store, "history-lost-to") ?? "";
  } finally {
    store.close();
  }
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const source = openDatabase(from, { readonly: true, madeBefore: true });
  try {
    await backup(source, to);
  } finally {
    source.close();
  }
}

/** Marks a database as a copy: a folder that was copied by other means is a backup, too, once it is restored. */
function markAsCopy(database: string): void {
  const copy = openDatabase(database);
  try {
    copy
      .prepare("INSERT OR IGNORE INTO setting (name, value) VALUES ('copied-at', ?)")
      .run(String(Date.now()));
  } finally {
    copy.close();
  }
}
