/** Checks an export of the hub's log in which entries that concern other practices are sealed (`cairn hub export --practice`). */
import { concerning, concernsAll } from "../../concerns.js";
import { plural, type Findings } from "../findings.js";
import { isSealed, type HubSide, type PracticeSide } from "../sides.js";
import { isReceipt } from "./receipts.js";

/**
 * Names entries that are sealed and concern all or one of the practices that were given, and open ones that concern others;
 * and notes what a sealed export cannot show.
 * @returns the number of sealed entries; 0 where the export is not sealed
 */
export function checkSealed(found: Findings, hub: HubSide, sides: readonly PracticeSide[]): number {
  const sealed = hub.entries.filter(isSealed);
  if (sealed.length === 0) return 0;
  for (const entry of sealed)
    if (concernsAll(entry.written))
      found.problem("sealed-own", hub.name, `it seals a ${entry.written}, which concerns every practice`, {
        entry: entry.position,
      });
  for (const side of sides) checkOwn(found, hub, side);
  checkOpen(found, hub, sides);
  const names = sides.map(({ name }) => name).join(" and ");
  found.note(
    `The hub's export is sealed for ${names}: ${plural(sealed.length, "entry is", "entries are")} closed, of ${hub.entries.length}. ` +
      "They stand at their places under its signed head. What they hold could not be checked: releases, withdrawals and uses of other practices, who answers for those, and which of them countersigned.",
  );
  return sealed.length;
}

/** An entry for which the practice holds a receipt is its own. */
function checkOwn(found: Findings, hub: HubSide, { log, name }: PracticeSide): void {
  const byIndex = new Map(hub.entries.map((entry) => [entry.index, entry]));
  for (const receipt of log.entries) {
    if (!isReceipt(receipt) || receipt.body.hub_log_index === null) continue;
    const entry = byIndex.get(receipt.body.hub_log_index);
    if (entry && isSealed(entry))
      found.problem(
        "sealed-own",
        hub.name,
        `it seals an entry that is ${name}'s own: ${name} holds the receipt for it (entry ${receipt.position} of its log)`,
        { entry: entry.position, run: receipt.body.run },
      );
  }
}

function checkOpen(found: Findings, hub: HubSide, sides: readonly PracticeSide[]): void {
  const keys = new Set(sides.map(({ rawKey }) => rawKey));
  const ids = hub.entries.flatMap((entry) =>
    entry.kind === "agent-enrolled" && keys.has(entry.body.keeper_key) ? entry.body.practice : [],
  );
  const isTheirs = concerning(hub.entries, new Set(ids));
  for (const entry of hub.entries)
    if (entry.kind !== null && !isTheirs(entry))
      found.problem("opened-other", hub.name, `it shows a ${entry.kind} that concerns another practice`, {
        entry: entry.position,
      });
}
