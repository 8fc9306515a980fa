import { verifyReceipt, WireRefusal, type Receipt__Output } from "@cairn/wire";
import { hubLogKey } from "../practice/settings.js";
import { findRun, moveRun } from "../runs/run.js";
import type { KeeperStore } from "../store/store.js";
import { releaseDigestOf } from "./release.js";

/**
 * Takes the hub's receipts into the practice's log. Idempotent.
 * @returns the runs that are acknowledged now.
 * @throws WireRefusal not-enrolled, bad-signature, run-conflict
 */
export function acknowledge(store: KeeperStore, receipts: readonly Receipt__Output[]): string[] {
  const key = hubLogKey(store);
  if (!key)
    throw new WireRefusal("not-enrolled", "this keeper has not been told which hub's receipts to believe");
  for (const receipt of receipts) check(store, receipt, key);
  store.change("acknowledge", () => receipts.forEach((receipt) => takeIn(store, receipt)));
  return receipts.map(({ run }) => run);
}

/** The newest place in the hub's log of which there is a receipt here; 0 before the first. */
export function newestReceipt(store: KeeperStore): number {
  const newest = store.db
    .prepare<[], { place: number | null }>("SELECT max(hub_log_index) AS place FROM receipt")
    .get();
  return newest?.place ?? 0;
}

function check(store: KeeperStore, receipt: Receipt__Output, key: Buffer): void {
  if (!verifyReceipt(receipt, key)) {
    throw new WireRefusal(
      "bad-signature",
      `the receipt for run ${receipt.run} does not bear the hub's signature`,
    );
  }
  if (!releaseDigestOf(store, receipt.run, receipt.correction)?.equals(receipt.releaseDigest)) {
    throw new WireRefusal(
      "run-conflict",
      `the receipt for run ${receipt.run} is for other bytes than were released`,
    );
  }
}

function takeIn(store: KeeperStore, receipt: Receipt__Output): void {
  const { run, correction, withdrawn, releaseDigest, hubLogIndex, signature } = receipt;
  // A hub restored from a backup gives a new receipt for the same bytes: the newest counts, and the log has both.
  const { changes } = store.db
    .prepare(
      `INSERT INTO receipt (run, correction, withdrawn, release_digest, hub_log_index, signature)
       VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, correction, withdrawn)
       DO UPDATE SET hub_log_index = excluded.hub_log_index, signature = excluded.signature
       WHERE hub_log_index <> excluded.hub_log_index`,
    )
    .run(run, BigInt(correction), withdrawn ? 1n : 0n, releaseDigest, BigInt(hubLogIndex), signature);
  if (changes > 0) {
    const digest = releaseDigest.toString("hex");
    store.note(withdrawn ? "withdrawal-receipt" : "receipt", { run, correction, digest, hubLogIndex });
  }
  const known = findRun(store, run);
  if (!withdrawn && known?.state === "outbox" && known.correction === correction)
    moveRun(store, run, "acknowledged");
}
