/** `agent restore`: a backup becomes an agent's folder again. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { courierFolder } from "@cairn/courier";
import { keeperFolder, restoreKeeper } from "@cairn/keeper";
import { say } from "../say.js";

export async function restoreAgent(flags: { readonly data: string; readonly from: string }): Promise<void> {
  const lostTo = await restoreKeeper(keeperFolder(flags.from), keeperFolder(flags.data));
  const courier = courierFolder(flags.from);
  if (existsSync(courier)) {
    mkdirSync(courierFolder(flags.data), { recursive: true, mode: 0o700 });
    for (const name of readdirSync(courier))
      copyFileSync(join(courier, name), join(courierFolder(flags.data), name));
  }
  say.result(
    [
      `${flags.data} is restored from ${flags.from}. Dates up to ${lostTo} are answered only with what this practice`,
      "released before and the hub gives back: cairn agent start asks for it.",
      `If the hub takes this agent for a copy, delete ${courierFolder(flags.data)} and enrol with a new join code.`,
    ].join("\n"),
  );
}
