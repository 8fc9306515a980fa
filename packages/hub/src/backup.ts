/** Backs up a hub's folder while it runs, and restores it. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { markCopy, verifyExport } from "@cairn/audit-log";
import { renameDurably } from "@cairn/files";
import { backup, claimBackupFolder, openDatabase } from "@cairn/sqlite";
import { HubError } from "./errors.js";
import { openHub, type Hub } from "./hub.js";
import { beginNewLog, type NewLog } from "./new-log.js";
import { KEY_FILES } from "./store/files.js";

/**
 * Backs up a hub. What a failed backup wrote is removed again.
 * @param into a new or empty folder outside of the hub's
 * @throws HubError no-hub, incomplete, backup-place; SqliteError
 */
export async function backupHub(folder: string, into: string): Promise<void> {
  const hub = openHub(folder);
  try {
    const claimed = claimBackupFolder(into, [folder, join(folder, "keys")]);
    if ("problem" in claimed) throw new HubError("backup-place", `${into} ${claimed.problem}`);
    try {
      copyKeys(folder, claimed.folder);
      await copyDatabase(hub, claimed.folder);
      markBackedUp(hub);
    } catch (error) {
      for (const name of readdirSync(claimed.folder))
        rmSync(join(claimed.folder, name), { recursive: true, force: true });
      throw error;
    }
  } finally {
    await hub.store.close();
  }
}

const BACKED_UP = "backed-up";

/** Notes in the hub's folder when it was backed up: on a disk that takes no write the backup is whole all the same. */
function markBackedUp({ files, settings }: Hub): void {
  try {
    writeFileSync(join(files.folder, BACKED_UP), `${new Date(settings.now()).toISOString()}\n`);
  } catch (error) {
    settings.fault(error, "the time of the backup could not be noted");
  }
}

/** When a hub was last backed up, ms since 1970; null where it never was. */
export function backedUpAt({ folder }: Hub["files"]): number | null {
  const file = join(folder, BACKED_UP);
  const at = existsSync(file) ? Date.parse(readFileSync(file, "utf8").trim()) : NaN;
  return Number.isNaN(at) ? null : at;
}

/** Copies the database last: a folder with one is a whole backup, and an unmarked copy has no such name. */
async function copyDatabase(hub: Hub, into: string): Promise<void> {
  const unmarked = join(into, "hub.db.unmarked");
  await backup(hub.store.file, unmarked);
  const copy = openDatabase(unmarked);
  try {
    markCopy(copy, new Date(hub.settings.now()));
    copy.exec("DELETE FROM session; DELETE FROM one_time_link"); // what is used up here is not good there
  } finally {
    copy.close();
  }
  renameDurably(unmarked, join(into, "hub.db"));
}

/**
 * Makes a hub's folder from a backup, checked before anything is put in place: the database is sound and its
 * log replays. Agents then offer again what the backup does not hold, and no one is un-enrolled. Its log may have been
 * longer than the backup's, so the hub goes on in a new one.
 * @returns the new log, and the one that it follows.
 * @throws HubError backup-unsound, exists
 */
export async function restoreHub(from: string, folder: string): Promise<NewLog> {
  refuseExisting(folder);
  for (const name of ["hub.db", "hub.json"]) {
    const size = statSync(join(from, name), { throwIfNoEntry: false })?.size;
    if (!size)
      throw new HubError("backup-unsound", `${from} is not a whole backup: ${name} is missing or empty`);
  }
  copyKeys(from, folder);
  const source = openDatabase(join(from, "hub.db"), { readonly: true, madeBefore: true });
  try {
    await backup(source, join(folder, "hub.db"));
  } finally {
    source.close();
  }
  const hub = openHub(folder);
  try {
    checkLog(hub, folder);
    return await beginNewLog(hub);
  } finally {
    await hub.store.close();
  }
}

/** Replays the log to its head, since a copy that lost or changed an entry is no backup. */
function checkLog(hub: Hub, folder: string): void {
  const { log } = hub.store;
  const verdict = verifyExport(log.exportLines(), { name: log.origin, key: hub.files.logKey });
  if (!verdict.ok)
    throw new HubError("backup-unsound", `${folder}: the log does not replay: ${verdict.problem}`);
}

function refuseExisting(folder: string): void {
  if (existsSync(folder) && existsSync(join(folder, "hub.db"))) {
    throw new HubError("exists", `${folder} already holds a hub: choose another folder`);
  }
}

/** The root's key was moved off this machine, as it should be; not every hub has witnesses. */
const MAY_LACK: ReadonlySet<string> = new Set(["keys/root.key"]);

function copyKeys(from: string, into: string): void {
  for (const name of KEY_FILES) {
    const source = join(from, name);
    if (MAY_LACK.has(name) && !statSync(source, { throwIfNoEntry: false })) continue;
    mkdirSync(dirname(join(into, name)), { recursive: true, mode: 0o700 });
    copyFileSync(source, join(into, name));
  }
}
