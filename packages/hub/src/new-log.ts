/**
 * Continues in a new log where a hub came back from an older state and lost entries that practices had countersigned.
 */
import { randomBytes } from "node:crypto";
import { isCopy, unmarkCopy } from "@cairn/audit-log";
import { encode, hubLog } from "@cairn/ledger";
import type { Hub } from "./hub.js";
import { reviseDocuments } from "./store/revise-documents.js";

export interface NewLog {
  readonly origin: string;
  readonly after: { readonly origin: string; readonly size: number; readonly root: string }; // hex
}

/**
 * Ends the hub's log where it stands and begins another, whose first entry names the last checkpoint of the old. Its
 * name holds the day and a few random characters, so that two restores of one backup never share a log.
 */
export async function beginNewLog(hub: Hub): Promise<NewLog> {
  const { log } = hub.store;
  const day = new Date(hub.settings.now()).toISOString().slice(0, 10);
  const origin = `${hub.files.origin}/${day}-${randomBytes(3).toString("hex")}`;
  return hub.store.change(async ({ tx }) => {
    const after = { origin: log.origin, size: log.size, root: log.root().toString("hex") };
    log.continueAs(origin, (last) =>
      encode(hubLog.logContinues, {
        old_origin: last.origin,
        size: last.size,
        root: last.root.toString("hex"),
      }),
    );
    await reviseDocuments(tx, "all"); // the new log proves none of those that the old one names
    unmarkCopy(hub.store.file);
    return { origin, after };
  });
}

/** Begins a new log where the folder is a restored backup, by its mark. @returns null for any other. */
export async function goOnAfterRestore(hub: Hub): Promise<NewLog | null> {
  return isCopy(hub.store.file) ? beginNewLog(hub) : null;
}
