import { practiceLog } from "@cairn/ledger";
import {
  printable,
  verifyReceipt,
  WireRefusal,
  type AcknowledgeRequest__Output,
  type Receipt__Output,
} from "@cairn/wire";
import { checkConsentReceipts, takeConsentReceipts } from "../consents/receipts.js";
import { hubLogKey } from "../store/settings.js";
import { MOST_IN_A_CALL } from "./offer.js";
import { reviewRun } from "./review.js";
import { findRun, moveRun, type Run } from "../runs/run.js";
import type { RunState } from "../runs/states.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { releaseDigestOf } from "../releases/release.js";
import { markAcknowledged, markHanded, useOf } from "../releases/uses.js";

/** Most receipts in one call: a release and each use of it has one. */
const MOST_RECEIPTS = 20 * MOST_IN_A_CALL;

/**
 * Takes the hub's receipts into the practice's log. Idempotent.
 * @returns the runs that are acknowledged now.
 * @throws WireRefusal not-enrolled, bad-request, bad-signature, run-conflict
 */
export function acknowledge(
  store: KeeperStore,
  { receipts, consents }: AcknowledgeRequest__Output,
): string[] {
  const key = hubLogKey(store);
  if (!key)
    throw new WireRefusal(
      "not-enrolled",
      "this keeper is not enrolled: it knows no hub whose receipts it could check",
    );
  if (receipts.length > MOST_RECEIPTS)
    throw new WireRefusal("bad-request", `at most ${MOST_RECEIPTS} receipts in one call`);
  for (const receipt of receipts) check(store, receipt, key);
  checkConsentReceipts(consents, key);
  store.change((change) => {
    receipts.forEach((receipt) => takeIn(change, receipt));
    takeConsentReceipts(change, consents);
  });
  return receipts.map(({ run }) => run);
}

/** The newest position in the hub's log with a receipt here; 0 before the first. */
export function newestReceipt(store: Reader): number {
  const newest = store.db
    .prepare<[], { place: number | null }>("SELECT max(hub_log_index) AS place FROM receipt")
    .get();
  return newest?.place ?? 0;
}

function check(store: Reader, receipt: Receipt__Output, key: Buffer): void {
  const run = printable(receipt.run, 128);
  if (!verifyReceipt(receipt, key)) {
    throw new WireRefusal("bad-signature", `the receipt for run ${run} does not bear the hub's signature`);
  }
  if (!releaseDigestOf(store, receipt.run, receipt.correction)?.equals(receipt.releaseDigest)) {
    throw new WireRefusal("run-conflict", `the receipt for run ${run} is for other bytes than were released`);
  }
  if (receipt.group !== "" && !useOf(store, receipt, receipt.group)) {
    throw new WireRefusal("run-conflict", `the receipt for run ${run} is for a use that was never given`);
  }
}

function takeIn(change: Change, receipt: Receipt__Output): void {
  if (receipt.group !== "") takeInUse(change, receipt);
  else takeInRelease(change, receipt);
}

function takeInRelease(change: Change, receipt: Receipt__Output): void {
  const { run, correction, withdrawn, releaseDigest, hubLogIndex, signature } = receipt;
  // A hub restored from a backup gives a new receipt for the same bytes: the newest counts, and the log has both. It is to
  // be proved itself, and while the one before it was awaited the time goes on.
  const { changes } = change.db
    .prepare(
      `INSERT INTO receipt (run, correction, withdrawn, release_digest, hub_log_index, signature, awaited_from)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, correction, withdrawn)
       DO UPDATE SET hub_log_index = excluded.hub_log_index, signature = excluded.signature,
                     awaited_from = iif(proof = 'awaited', awaited_from, excluded.awaited_from), proof = 'awaited'
       WHERE hub_log_index <> excluded.hub_log_index`,
    )
    .run(
      ...([run, BigInt(correction), withdrawn ? 1n : 0n, releaseDigest, BigInt(hubLogIndex)] as const),
      ...([signature, BigInt(change.now())] as const),
    );
  const digest = releaseDigest.toString("hex");
  if (changes > 0)
    change.note(withdrawn ? practiceLog.withdrawalReceipt : practiceLog.receipt, {
      ...{ run, correction, digest, hub_log_index: hubLogIndex },
    });
  const known = findRun(change, run);
  if (withdrawn || !known || known.correction !== correction) return;
  if (known.state === "outbox") {
    moveRun(change, run, "acknowledged");
    markHanded(change, known); // what was given since it was taken goes with the next report
  } else if (BEFORE_IT_LEAVES.has(known.state)) noteLeft(change, known, digest);
}

/** States of a run whose release was called back on its way. */
const BEFORE_IT_LEAVES: ReadonlySet<RunState> = new Set(["declined", "waiting-for-approval", "on-hold"]);

/**
 * It was declined or held while it was being sent, and it had left: the log says so, its uses are ended, and what the hub
 * holds of it is for a person to withdraw.
 */
export function noteLeft(change: Change, run: Run, digest: string): void {
  const { query, referenceDate: date, correction } = run;
  change.note(practiceLog.leftBeforeDeclined, { run: run.run, query, date, correction, digest });
  moveRun(change, run.run, "acknowledged");
  reviewRun(change, { ...run, state: "acknowledged" });
}

function takeInUse(change: Change, receipt: Receipt__Output): void {
  const { run, correction, group, withdrawn: ended, releaseDigest, hubLogIndex, signature } = receipt;
  const { changes } = change.db
    .prepare(
      `INSERT INTO use_receipt (run, correction, grp, ended, release_digest, hub_log_index, signature)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (run, correction, grp, ended)
       DO UPDATE SET hub_log_index = excluded.hub_log_index, signature = excluded.signature
       WHERE hub_log_index <> excluded.hub_log_index`,
    )
    .run(run, BigInt(correction), group, ended ? 1n : 0n, releaseDigest, BigInt(hubLogIndex), signature);
  if (changes === 0) return;
  const digest = releaseDigest.toString("hex");
  change.note(practiceLog.useReceipt, { run, correction, group, ended, digest, hub_log_index: hubLogIndex });
  markAcknowledged(change, { run, correction, group, ended });
}
