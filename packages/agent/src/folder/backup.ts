/** Backs an agent up: the keeper's databases, copied while they are in use, with its key and, where this user may read them, the link's. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { courierFolder } from "@cairn/courier/folder";
import {
  databaseFile,
  hadRecords,
  keeperFolder,
  KeeperError,
  keyFile,
  KeeperStore,
} from "@cairn/keeper/practice";
import { openRecords } from "@cairn/records";
import { recordsFile } from "@cairn/records/file";
import { claimBackupFolder, SqliteError } from "@cairn/sqlite";
import { layoutOf, type Layout, type LayoutFlags } from "./layout.js";
import { copyLink } from "./link-files.js";
import { whyUnread } from "./unread.js";

interface BackupFlags extends LayoutFlags {
  readonly out: string;
}

export interface MadeBackup {
  /** Why the link's keys are not in the backup; null where they are. */
  readonly linkUnread: string | null;
  /** The records are lost, and what the practice released is in it without them; null where they are in it. */
  readonly recordsLost: SqliteError | null;
}

/**
 * Backs up an agent.
 * @throws KeeperError backup-place: `out` is no new or empty folder outside of the agent's; SqliteError
 */
export async function backupAgent({ out, ...flags }: BackupFlags): Promise<MadeBackup> {
  const layout = layoutOf(flags);
  const { data, courierData, keeper, courier } = layout;
  const linkUnread = whyUnread(courier);
  const store = KeeperStore.open(keeper);
  try {
    const claimed = claimBackupFolder(out, [data, courierData, keeper, courier, join(data, "run")]);
    if ("problem" in claimed) throw new KeeperError("backup-place", `${out} ${claimed.problem}`);
    try {
      const recordsLost = await copyAll(store, layout, claimed.folder, linkUnread === null);
      return { linkUnread, recordsLost };
    } catch (error) {
      for (const name of readdirSync(claimed.folder))
        rmSync(join(claimed.folder, name), { recursive: true, force: true });
      throw error;
    }
  } finally {
    store.close();
  }
}

/** The keeper's key last: a folder without it is no backup. */
async function copyAll(
  store: KeeperStore,
  layout: Layout,
  out: string,
  withLink: boolean,
): Promise<SqliteError | null> {
  const [from, to] = [layout.keeper, keeperFolder(out)];
  mkdirSync(to, { mode: 0o700 });
  const recordsLost = await copyRecords(from, to);
  await store.backup(databaseFile(to));
  if (withLink) copyLink(layout.courier, courierFolder(out));
  copyFileSync(keyFile(from), keyFile(to));
  return recordsLost;
}

/**
 * Copies the records, without the postings beside them, which can be built again. The keeper's half is copied also
 * where the records are lost.
 */
async function copyRecords(from: string, to: string): Promise<SqliteError | null> {
  const madeBefore = hadRecords(from);
  if (!madeBefore && !existsSync(recordsFile(from))) return null;
  try {
    const records = openRecords(from, { madeBefore });
    try {
      await records.backup(recordsFile(to));
    } finally {
      records.close();
    }
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code !== "lost") throw error;
    return error;
  }
  return null;
}
