/** Exports the practice's log for `cairn audit verify`, with the hub's receipts beside it. */
import type { KeeperStore } from "../store/store.js";

/**
 * The log as `AuditLog.exportLines` gives it, then each receipt with the hub's signature: the proof of what the hub
 * signed, should its log lack it.
 */
export function* practiceExportLines(store: KeeperStore): IterableIterator<string> {
  yield* store.log.exportLines();
  const rows = store.db.prepare<[], ReceiptRow>(
    "SELECT * FROM receipt ORDER BY hub_log_index, run, correction",
  );
  for (const row of rows.iterate()) {
    yield JSON.stringify({
      receipt: {
        run: row.run,
        correction: row.correction,
        withdrawn: row.withdrawn === 1,
        group: "",
        digest: row.release_digest.toString("hex"),
        hubLogIndex: row.hub_log_index,
        signature: row.signature.toString("base64"),
      },
    });
  }
}

interface ReceiptRow {
  run: string;
  correction: number;
  withdrawn: number;
  release_digest: Buffer;
  hub_log_index: number;
  signature: Buffer;
}
