/** `agent backup`: the keeper's databases, copied while they are in use, with its key and, where this user may read them, the link's. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { courierFolder } from "@cairn/courier";
import { databaseFile, hadRecords, keeperFolder, KeeperError, keyFile, KeeperStore } from "@cairn/keeper";
import { openRecords } from "@cairn/records";
import { recordsFile } from "@cairn/records/file";
import { claimBackupFolder, SqliteError } from "@cairn/sqlite";
import { say } from "../say.js";
import { whyUnread } from "./doctor-link.js";
import { layoutOf, type Layout, type LayoutFlags } from "./layout.js";
import { copyLink } from "./link-files.js";

interface BackupFlags extends LayoutFlags {
  readonly out: string;
}

/** @throws KeeperError backup-place: `out` is no new or empty folder outside of the agent's; SqliteError */
export async function backupAgent({ out, ...flags }: BackupFlags): Promise<void> {
  const layout = layoutOf(flags);
  const { data, courierData, keeper, courier } = layout;
  const unread = whyUnread(courier);
  const store = KeeperStore.open(keeper);
  try {
    const claimed = claimBackupFolder(out, [data, courierData, keeper, courier, join(data, "run")]);
    if ("problem" in claimed) throw new KeeperError("backup-place", `${out} ${claimed.problem}`);
    try {
      await copyAll(store, layout, claimed.folder, unread === null);
    } catch (error) {
      for (const name of readdirSync(claimed.folder))
        rmSync(join(claimed.folder, name), { recursive: true, force: true });
      throw error;
    }
  } finally {
    store.close();
  }
  const link =
    unread === null
      ? "It holds keys (the practice's and the link's) and records"
      : `It holds the practice's key and records, and not the link's keys (${unread}): restored, the agent enrols again with a new join code`;
  say.result(
    `${data} is copied to ${out}. ${link}, so keep it as safe as the practice's own. ` +
      `To restore, stop the agent, move ${data} aside, and give cairn agent restore --from ${out} --data ${data}.`,
  );
}

/** The keeper's key last: a folder without it is no backup. */
async function copyAll(store: KeeperStore, layout: Layout, out: string, withLink: boolean): Promise<void> {
  const [from, to] = [layout.keeper, keeperFolder(out)];
  mkdirSync(to, { mode: 0o700 });
  await copyRecords(from, to);
  await store.backup(databaseFile(to));
  if (withLink) copyLink(layout.courier, courierFolder(out));
  copyFileSync(keyFile(from), keyFile(to));
}

/** Without the postings beside them, which can be built again. What the practice released is copied also where they are lost. */
async function copyRecords(from: string, to: string): Promise<void> {
  const madeBefore = hadRecords(from);
  if (!madeBefore && !existsSync(recordsFile(from))) return;
  try {
    const records = openRecords(from, { madeBefore });
    try {
      await records.backup(recordsFile(to));
    } finally {
      records.close();
    }
  } catch (error) {
    if (!(error instanceof SqliteError) || error.code !== "lost") throw error;
    process.exitCode = say.problem(error);
  }
}
