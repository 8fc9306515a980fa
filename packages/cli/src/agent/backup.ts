/** `agent backup`: the keeper's databases, copied while they are in use, with both keys and the certificate. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { courierFolder } from "@cairn/courier";
import { databaseFile, keeperFolder, keyFile, KeeperStore, openRecords } from "@cairn/keeper";
import { say } from "../say.js";

export async function backupAgent(flags: { readonly data: string; readonly out: string }): Promise<void> {
  const [from, to] = [keeperFolder(flags.data), keeperFolder(flags.out)];
  const store = KeeperStore.open(from);
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    await store.backup(databaseFile(to));
    copyFileSync(keyFile(from), keyFile(to));
    if (existsSync(join(from, "records.db"))) await backupRecords(from, to);
  } finally {
    store.close();
  }
  const courier = courierFolder(flags.data);
  if (existsSync(courier)) {
    mkdirSync(courierFolder(flags.out), { recursive: true, mode: 0o700 });
    for (const name of readdirSync(courier))
      copyFileSync(join(courier, name), join(courierFolder(flags.out), name));
  }
  say.result(
    `${flags.data} is copied to ${flags.out}: it holds keys and records, so keep it as safe as the practice's own. ` +
      `To restore, stop the agent and put ${flags.out} in the place of ${flags.data}.`,
  );
}

/** Without the postings beside them, which can be built again. */
async function backupRecords(from: string, to: string): Promise<void> {
  const records = openRecords(from);
  try {
    await records.backup(join(to, "records.db"));
  } finally {
    records.close();
  }
}
