/** Exports the practice's log for `cairn audit`, with what it refers to beside it: charters, queries, the hub's receipts. */
import { practiceLog } from "@cairn/ledger";
import { chartersHere } from "./approvals/charters.js";
import { decider } from "./people/decider.js";
import type { KeeperStore } from "./store/store.js";
import { libraryContents } from "./trust/library.js";

/** The purpose of reading the log. */
const PURPOSE = "audit";

/**
 * Lets somebody read the log on a screen ("log") or take it away ("export"), and logs that they do, before either.
 * @param as somebody with an account; undefined for whoever holds the machine
 * @throws KeeperError name-wrong, person-unknown, may-not
 */
export function logLogView(store: KeeperStore, as: string | undefined, shown: "log" | "export"): void {
  const by = decider(store, as, "read-practice-log");
  store.unheard(({ note }) => note(practiceLog.logViewed, { shown, purpose: PURPOSE, by }));
}

/**
 * The log as `AuditLog.exportLines` gives it, then the charters that are accepted or in force here, the libraries that
 * hold what was asked, and each receipt with the hub's signature: the proof of what the hub signed, should its log lack it.
 */
export function* practiceExportLines(store: KeeperStore): IterableIterator<string> {
  yield* store.log.exportLines();
  for (const { group, bytes } of chartersHere(store))
    yield JSON.stringify({ charter: { group, bytes: bytes.toString("base64") } });
  for (const content of libraryContents(store))
    yield JSON.stringify({ library: Buffer.from(content).toString("base64") });
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
