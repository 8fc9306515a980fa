/** Restores an agent: a backup becomes an agent's folder again. */
import { existsSync } from "node:fs";
import { courierFolder, readSettings } from "@cairn/courier/folder";
import { isThere, keeperFolder, KeeperError, keyFile, restoreKeeper } from "@cairn/keeper/practice";
import { layoutOf, type Layout, type LayoutFlags } from "./layout.js";
import { giveToOwner } from "./owner.js";
import { copyLink } from "./link-files.js";

export interface RestoredAgent {
  readonly layout: Layout;
  /** Up to this date what was released after the backup is unknown until the hub gives it back: YYYY-MM-DD. */
  readonly lostTo: string;
  /** Whether the backup held the link's keys. */
  readonly hasLink: boolean;
}

/** Restores an agent. @throws KeeperError exists, backup-unsound; SqliteError */
export async function restoreAgent(flags: LayoutFlags & { readonly from: string }): Promise<RestoredAgent> {
  const layout = layoutOf(flags);
  const { keeper, courier } = layout;
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
  for (const half of [keeper, courier]) giveToOwner(half);
  return { layout, lostTo, hasLink };
}
