/** `agent restore`: a backup becomes an agent's folder again. */
import { existsSync } from "node:fs";
import { courierFolder, readSettings } from "@cairn/courier";
import { isThere, keeperFolder, KeeperError, keyFile, restoreKeeper } from "@cairn/keeper";
import { say } from "../say.js";
import { layoutOf, type LayoutFlags } from "./layout.js";
import { copyLink } from "./link-files.js";

/** @throws KeeperError exists, backup-unsound; SqliteError */
export async function restoreAgent(flags: LayoutFlags & { readonly from: string }): Promise<void> {
  const { data, keeper, courier, commands } = layoutOf(flags);
  const from = courierFolder(flags.from);
  if (!isThere(keyFile(keeper)) && readSettings(courier)) {
    throw new KeeperError(
      "exists",
      `${courier} holds a courier's keys, newer perhaps than the backup's: move ${courier} aside and give this again`,
    );
  }
  const lostTo = await restoreKeeper(keeperFolder(flags.from), keeper);
  const hasLink = existsSync(from) && readSettings(from) !== null;
  if (hasLink) copyLink(from, courier);
  const enrol = `cairn agent enrol${commands.where} --hub HOST:PORT --join CODE`;
  say.result(
    [
      `${data} is restored from ${flags.from}. Dates up to ${lostTo} are answered only with what this practice`,
      `released before and the hub gives back: ${commands.start} asks for it.`,
      hasLink
        ? `It goes on with the link's keys of that day. If the certificate was renewed since (it is once a week), the hub takes this agent for a copy, and cairn agent status says so: then rm -r ${courier}, ask for a new join code, and ${enrol}.`
        : `The backup holds no keys of the link: ask the hub's operator for a new join code, then ${enrol}.`,
      ...(process.getuid?.() === 0 && commands.start.startsWith("systemctl")
        ? [
            "What root has restored belongs to root: give each half back to its user (chown -R) before it starts.",
          ]
        : []),
    ].join("\n"),
  );
}
