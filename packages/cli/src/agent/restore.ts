/** `agent restore`: a backup becomes an agent's folder again. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { courierFolder, readSettings } from "@cairn/courier";
import { isThere, keeperFolder, KeeperError, keyFile, restoreKeeper } from "@cairn/keeper";
import { say } from "../say.js";

/** @throws KeeperError exists, backup-unsound; SqliteError */
export async function restoreAgent(flags: { readonly data: string; readonly from: string }): Promise<void> {
  const [from, to] = [courierFolder(flags.from), courierFolder(flags.data)];
  if (!isThere(keyFile(keeperFolder(flags.data))) && readSettings(to)) {
    throw new KeeperError(
      "exists",
      `${to} holds a courier's keys, newer perhaps than the backup's: move ${flags.data} aside and give this again`,
    );
  }
  const lostTo = await restoreKeeper(keeperFolder(flags.from), keeperFolder(flags.data));
  if (existsSync(from)) {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
  }
  say.result(
    [
      `${flags.data} is restored from ${flags.from}. Dates up to ${lostTo} are answered only with what this practice`,
      "released before and the hub gives back: cairn agent start asks for it.",
      `If the hub takes this agent for a copy, delete ${to} and enrol with a new join code.`,
    ].join("\n"),
  );
}
