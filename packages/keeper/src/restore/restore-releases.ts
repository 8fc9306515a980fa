/** Restores releases from the hub in a keeper that came back from a backup. It trusts its own signature only. */
import { restoredEntry, type HistoryEntry } from "@cairn/disclosure";
import { practiceLog } from "@cairn/ledger";
import {
  decodeRelease,
  isName,
  releaseDigest,
  verifySignedRelease,
  verifyUse,
  verifyWithdrawal,
  rawPublicKey,
  WireRefusal,
  type Assignment__Output,
  type HeldRelease__Output,
  type SignedRelease__Output,
  type TakeBackRequest__Output,
  type Use__Output,
  type Withdrawal__Output,
} from "@cairn/wire";
import { loseLeftOutList, setSetting, setting } from "../store/settings.js";
import { wellFormed } from "../review/offer.js";
import { findRequest, floorOf, moveRequest, NO_FLOOR, putRequest } from "../runs/requests.js";
import { reviewRun, reviewRuns } from "../review/review.js";
import { findRun, insertRun, moveRun, type Run } from "../runs/run.js";
import type { Change, KeeperStore } from "../store/store.js";
import { noteLeft } from "../review/acknowledge.js";
import { keepEntry } from "../history/history.js";
import { loseHistory } from "../history/lost.js";
import { loseOptOutChoices } from "../releases/opt-outs.js";
import { insertRelease, releaseDigestOf } from "../releases/release.js";
import { insertUse, useOf } from "../releases/uses.js";
import { insertCorrection, insertWithdrawal, whyWithdrawn } from "../releases/withdrawal.js";

interface GivenBack {
  readonly assignment: Assignment__Output;
  readonly release: SignedRelease__Output;
  readonly withdrawal: Withdrawal__Output | null;
  readonly uses: readonly Use__Output[];
}

/** Notices that the database is a backup, which its mark says. Idempotent. */
export function noticeRestore(store: KeeperStore): void {
  const copiedAt = setting(store, "copied-at");
  if (copiedAt === null) return;
  store.change((change) => {
    change.db.prepare("DELETE FROM setting WHERE name = 'copied-at'").run();
    becomeRestored(change, new Date(Number(copiedAt)).toISOString());
  });
}

/**
 * Restores releases that this keeper signed and no longer knows. That there are any shows that it was restored,
 * whether or not anybody said so. Idempotent.
 * @returns the runs, as they stand now.
 * @throws WireRefusal bad-request, bad-signature, run-conflict
 */
export function restoreReleases(store: KeeperStore, { held, all }: TakeBackRequest__Output): Run[] {
  const checked = held.map((one) => check(store, one));
  store.change((change) => {
    for (const one of checked) restoreOne(change, one);
    if (!all || setting(change, "history-missing") !== "yes") return;
    setSetting(change, "history-missing", "no");
    change.note(practiceLog.historyGivenBack, {});
  });
  return checked.flatMap(({ release }) => findRun(store, release.run) ?? []);
}

function becomeRestored(change: Change, copiedAt: string | null): void {
  const lostTo = loseHistory(change);
  setSetting(change, "history-missing", "yes");
  loseLeftOutList(change);
  loseOptOutChoices(change);
  change.note(practiceLog.restored, { copied_at: copiedAt, lost_to: lostTo });
  reviewRuns(change);
}

function check(
  store: KeeperStore,
  { assignment, release, withdrawal, uses }: HeldRelease__Output,
): GivenBack {
  if (!assignment || !release || !wellFormed(assignment) || !isOf(assignment, release, withdrawal, uses)) {
    throw new WireRefusal("bad-request", "a restored release does not fit its assignment");
  }
  const key = rawPublicKey(store.key);
  const isOurs =
    verifySignedRelease(release, key) &&
    (!withdrawal || verifyWithdrawal(withdrawal, key)) &&
    uses.every((use) => verifyUse(use, key));
  if (!isOurs) {
    throw new WireRefusal(
      "bad-signature",
      `the restored release of run ${release.run} does not bear this keeper's signature`,
    );
  }
  return { assignment, release, withdrawal, uses };
}

function isOf(
  assignment: Assignment__Output,
  release: SignedRelease__Output,
  withdrawal: Withdrawal__Output | null,
  uses: readonly Use__Output[],
): boolean {
  const digest = releaseDigest(release.release);
  return (
    assignment.run === release.run &&
    assignment.queryDigest.equals(release.queryDigest) &&
    assignment.referenceDate === release.referenceDate &&
    (!withdrawal || (withdrawal.run === release.run && withdrawal.correction === release.correction)) &&
    uses.every(
      (use) =>
        isName(use.group) &&
        use.run === release.run &&
        use.correction === release.correction &&
        digest.equals(use.releaseDigest),
    )
  );
}

function restoreOne(change: Change, { assignment, release, withdrawal, uses }: GivenBack): void {
  const { run, correction } = release;
  const digest = releaseDigest(release.release);
  const kept = releaseDigestOf(change, run, correction);
  if (kept && !kept.equals(digest))
    throw new WireRefusal(
      "run-conflict",
      `the restored bytes of run ${run} are not those that were released`,
    );
  if (!kept && setting(change, "history-missing") !== "yes") becomeRestored(change, null);
  const known = findRun(change, run) ?? newRun(change, assignment);
  const position = { index: release.logIndex, size: release.logSize, root: release.logRoot };
  if (!kept) {
    insertRelease(change, known, digest, release);
    keepEntry(change, run, historyOf(known, assignment.cells, release));
    change.note(practiceLog.releaseGivenBack, {
      run,
      query: known.query,
      version: known.version,
      query_digest: release.queryDigest.toString("hex"),
      date: release.referenceDate,
      correction,
      digest: digest.toString("hex"),
      log_index: position.index, // in the log as it was before
      log_size: position.size,
      log_root: position.root.toString("hex"),
    });
  }
  for (const use of uses) restoreUse(change, known, assignment, use);
  if (known.correction > correction) return; // a later one counts
  const calledBack =
    kept !== null && // when its own release was on its way
    (known.state === "declined" || known.state === "waiting-for-approval");
  if (calledBack && !withdrawal) return noteLeft(change, known, digest.toString("hex")); // and nothing is sent anew
  if (withdrawal && known.state !== "withdrawn") moveRun(change, run, "withdrawn");
  else if (!withdrawal && !["outbox", "acknowledged", "withdrawn"].includes(known.state))
    asItLeft(change, known);
  if (withdrawal) withdrawnBefore(change, known, withdrawal);
}

/**
 * It has left, and the hub's receipt for it is asked for again, with the leave of whom the practice allows it to. Where
 * that is nobody nothing is sent: the hub holds it.
 */
function asItLeft(change: Change, { run }: Run): void {
  moveRun(change, run, "outbox");
  reviewRun(change, findRun(change, run) as Run);
  if (findRun(change, run)?.state !== "outbox") moveRun(change, run, "acknowledged");
}

/**
 * Restores a group's use that this keeper has forgotten, or its end. An ended use stays ended: its reason is lost.
 */
function restoreUse(change: Change, run: Run, assignment: Assignment__Output, use: Use__Output): void {
  const kept = useOf(change, use, use.group);
  if (kept && (kept.use.ended || !use.ended)) return;
  if (!findRequest(change, run.run, use.group)) {
    const floor = use.group === assignment.group ? floorOf(assignment) : NO_FLOOR;
    const { group, charterDigest } = use;
    putRequest(change, { run: run.run, group, floor, charterDigest, state: "ready", refusal: null });
  }
  if (use.ended) moveRequest(change, use, "withdrawn");
  insertUse(change, use, { handed: true, acknowledged: true });
  change.note(practiceLog.useGivenBack, {
    run: use.run,
    correction: use.correction,
    query: run.query,
    version: run.version,
    query_digest: run.digest.toString("hex"),
    date: run.referenceDate,
    group: use.group,
    charter: use.charterDigest.toString("hex"),
    digest: use.releaseDigest.toString("hex"),
    ended: use.ended,
    log_index: use.logIndex, // in the log as it was before
    log_size: use.logSize,
    log_root: use.logRoot.toString("hex"),
  });
}

/**
 * The history entry of a restored release. The people behind it were lost: later dates are decided beside its codes.
 * @throws WireRefusal release-malformed
 */
function historyOf(
  { query, version, digest, referenceDate: date }: Run,
  cells: number,
  { release, policy }: SignedRelease__Output,
): HistoryEntry {
  const about = { query, version, digest: digest.toString("hex"), date, policy: policy ?? NO_FLOOR };
  return restoredEntry(about, decodeRelease(release, cells));
}

/**
 * Restores a withdrawal. Its reason went with the restore; that it happened, and whether one corrected run was
 * allowed, did not.
 */
function withdrawnBefore(change: Change, run: Run, withdrawal: Withdrawal__Output): void {
  const { correction, releaseDigest: digest, correctable } = withdrawal;
  const position = { index: withdrawal.logIndex, size: withdrawal.logSize, root: withdrawal.logRoot };
  const facts = { run: run.run, query: run.query, correction, digest: digest.toString("hex") };
  if (whyWithdrawn(change, run.run, correction) === null) {
    const why = "(the reason was lost when the keeper was restored)";
    const lost = { run: run.run, correction, why, salt: Buffer.alloc(0), releaseDigest: digest, position };
    insertWithdrawal(change, lost);
    change.note(practiceLog.withdrawalGivenBack, facts);
  }
  if (!correctable || correction > 0) return;
  insertCorrection(change, run.run, position);
  change.note(practiceLog.correctionGivenBack, facts);
  moveRun(change, run.run, "waiting-for-approval"); // of a lost date, unless its corrected release is given back too
  reviewRuns(change);
}

function newRun(change: Change, assignment: Assignment__Output): Run {
  const { run, group, query, queryVersion: version, queryDigest: digest, referenceDate } = assignment;
  const other = change.db
    .prepare("SELECT 1 FROM run WHERE digest = ? AND reference_date = ? AND state <> 'refused'")
    .get(digest, referenceDate);
  if (other) throw new WireRefusal("run-conflict", `${query} at ${referenceDate} is another run already`);
  insertRun(change, {
    run,
    query,
    version,
    digest,
    referenceDate,
    state: "waiting-for-approval",
    refusal: null,
  });
  const { charterDigest } = assignment;
  const state = "waiting-for-approval";
  putRequest(change, { run, group, floor: floorOf(assignment), charterDigest, state, refusal: null });
  return findRun(change, run) as Run;
}
