/** `agent backup`: the keeper's databases, copied while they are in use, with both keys and the certificate. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { courierFolder } from "@cairn/courier";
import {
  databaseFile,
  hadRecords,
  keeperFolder,
  KeeperError,
  keyFile,
  KeeperStore,
  openRecords,
  recordsFile,
} from "@cairn/keeper";
import { claimBackupFolder, SqliteError } from "@cairn/sqlite";
import { say } from "../say.js";

interface BackupFlags {
  readonly data: string;
  readonly out: string;
}

/** @throws KeeperError backup-place: `out` is no new or empty folder outside of the agent's; SqliteError */
export async function backupAgent({ data, out }: BackupFlags): Promise<void> {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    const claimed = claimBackupFolder(out, [
      data,
      keeperFolder(data),
      courierFolder(data),
      join(data, "run"),
    ]);
    if ("problem" in claimed) throw new KeeperError("backup-place", `${out} ${claimed.problem}`);
    try {
      await copyAll(store, data, claimed.folder);
    } catch (error) {
      for (const name of readdirSync(claimed.folder))
        rmSync(join(claimed.folder, name), { recursive: true, force: true });
      throw error;
    }
  } finally {
    store.close();
  }
  say.result(
    `${data} is copied to ${out}: it holds keys and records, so keep it as safe as the practice's own. ` +
      `To restore, stop the agent, move ${data} aside, and give cairn agent restore --from ${out} --data ${data}.`,
  );
}

/** The keeper's key last: a folder without it is no backup. */
async function copyAll(store: KeeperStore, data: string, out: string): Promise<void> {
  const [from, to] = [keeperFolder(data), keeperFolder(out)];
  mkdirSync(to, { mode: 0o700 });
  await copyRecords(from, to);
  await store.backup(databaseFile(to));
  const courier = courierFolder(data);
  if (existsSync(courier)) {
    mkdirSync(courierFolder(out), { mode: 0o700 });
    for (const name of readdirSync(courier))
      copyFileSync(join(courier, name), join(courierFolder(out), name));
  }
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
