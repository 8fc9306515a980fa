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

function check(store: KeeperStore, receipt: Receipt__Output, key: Buffer): void {
  if (!verifyReceipt(receipt, key)) {
    throw new WireRefusal(
      "bad-signature",
      `the receipt for run ${receipt.run} does not bear the hub's signature`,
    );
  }
  if (!releaseDigestOf(store, receipt.run)?.equals(receipt.releaseDigest)) {
    throw new WireRefusal(
      "run-conflict",
      `the receipt for run ${receipt.run} is for other bytes than were released`,
    );
  }
}

function takeIn(store: KeeperStore, { run, releaseDigest, hubLogIndex, signature }: Receipt__Output): void {
  // A hub restored from a backup gives a new receipt for the same bytes: the newest counts, and the log has both.
  const { changes } = store.db
    .prepare(
      `INSERT INTO receipt (run, release_digest, hub_log_index, signature) VALUES (?, ?, ?, ?)
       ON CONFLICT (run) DO UPDATE SET hub_log_index = excluded.hub_log_index, signature = excluded.signature
       WHERE hub_log_index <> excluded.hub_log_index`,
    )
    .run(run, releaseDigest, BigInt(hubLogIndex), signature);
  if (changes > 0) store.note("receipt", { run, digest: releaseDigest.toString("hex"), hubLogIndex });
  if (findRun(store, run)?.state === "outbox") moveRun(store, run, "acknowledged");
}
