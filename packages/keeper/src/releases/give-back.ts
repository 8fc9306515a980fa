/** What the hub holds, given back to a keeper that came back from a backup. It believes its own signature only. */
import { entryGivenBack, type HistoryEntry } from "@cairn/disclosure";
import {
  decodeRelease,
  releaseDigest,
  verifySignedRelease,
  verifyWithdrawal,
  rawPublicKey,
  WireRefusal,
  type Assignment__Output,
  type HeldRelease__Output,
  type SignedRelease__Output,
  type TakeBackRequest__Output,
  type Withdrawal__Output,
} from "@cairn/wire";
import { setSetting, setting } from "../practice/settings.js";
import { floorOf, NO_FLOOR, wellFormed } from "../runs/offer.js";
import { reviewRuns } from "../runs/review.js";
import { findRun, insertRun, moveRun, type Run } from "../runs/run.js";
import type { KeeperStore } from "../store/store.js";
import { keepEntry } from "./history.js";
import { loseHistory } from "./lost.js";
import { insertRelease, releaseDigestOf } from "./release.js";
import { insertCorrection, insertWithdrawal, whyWithdrawn } from "./withdrawal.js";

interface GivenBack {
  readonly assignment: Assignment__Output;
  readonly release: SignedRelease__Output;
  readonly withdrawal: Withdrawal__Output | null;
}

/** A backup says of itself that it is one: the first keeper that starts on it knows. Idempotent. */
export function noticeRestore(store: KeeperStore): void {
  const copiedAt = setting(store, "copied-at");
  if (copiedAt === null) return;
  store.change("restore", () => {
    store.db.prepare("DELETE FROM setting WHERE name = 'copied-at'").run();
    becomeRestored(store, new Date(Number(copiedAt)).toISOString());
  });
}

/**
 * Takes back releases that this keeper signed and does not know any more. That there are any shows that it was
 * restored, whether or not anybody said so. Idempotent.
 * @returns the runs, as they stand now.
 * @throws WireRefusal bad-request, bad-signature, run-conflict
 */
export function takeBack(store: KeeperStore, { held, all }: TakeBackRequest__Output): Run[] {
  const checked = held.map((one) => check(store, one));
  store.change("restore", () => {
    for (const one of checked) takeOne(store, one);
    if (!all || setting(store, "history-missing") !== "yes") return;
    setSetting(store, "history-missing", "no");
    store.note("history-given-back", {});
  });
  return checked.flatMap(({ release }) => findRun(store, release.run) ?? []);
}

function becomeRestored(store: KeeperStore, copiedAt: string | null): void {
  const lostTo = loseHistory(store);
  setSetting(store, "history-missing", "yes");
  store.note("restored", { copiedAt, lostTo });
  reviewRuns(store);
}

function check(store: KeeperStore, { assignment, release, withdrawal }: HeldRelease__Output): GivenBack {
  if (!assignment || !release || !wellFormed(assignment) || !isOf(assignment, release, withdrawal)) {
    throw new WireRefusal("bad-request", "what is given back is not a release with its own assignment");
  }
  const key = rawPublicKey(store.key);
  const isOurs = verifySignedRelease(release, key) && (!withdrawal || verifyWithdrawal(withdrawal, key));
  if (!isOurs) {
    throw new WireRefusal(
      "bad-signature",
      `what is given back for run ${release.run} does not bear this keeper's signature`,
    );
  }
  return { assignment, release, withdrawal };
}

function isOf(
  assignment: Assignment__Output,
  release: SignedRelease__Output,
  withdrawal: Withdrawal__Output | null,
): boolean {
  return (
    assignment.run === release.run &&
    assignment.queryDigest.equals(release.queryDigest) &&
    assignment.referenceDate === release.referenceDate &&
    (!withdrawal || (withdrawal.run === release.run && withdrawal.correction === release.correction))
  );
}

function takeOne(store: KeeperStore, { assignment, release, withdrawal }: GivenBack): void {
  const { run, correction } = release;
  const digest = releaseDigest(release.release);
  const kept = releaseDigestOf(store, run, correction);
  if (kept && !kept.equals(digest))
    throw new WireRefusal(
      "run-conflict",
      `the bytes given back for run ${run} are not those that were released`,
    );
  if (!kept && setting(store, "history-missing") !== "yes") becomeRestored(store, null);
  const known = findRun(store, run) ?? newRun(store, assignment);
  const position = { index: release.logIndex, size: release.logSize, root: release.logRoot };
  if (!kept) {
    insertRelease(store, known, digest, release);
    keepEntry(store, run, historyOf(known, assignment.cells, release));
    store.note("release-given-back", {
      run,
      query: known.query,
      version: known.version,
      queryDigest: release.queryDigest.toString("hex"),
      date: release.referenceDate,
      correction,
      digest: digest.toString("hex"),
      logIndex: position.index, // in the log as it was before
      logSize: position.size,
      logRoot: position.root.toString("hex"),
    });
  }
  if (known.correction > correction) return; // a later one counts
  if (withdrawal && known.state !== "withdrawn") moveRun(store, run, "withdrawn");
  else if (!withdrawal && !["outbox", "acknowledged", "withdrawn"].includes(known.state))
    moveRun(store, run, "outbox"); // it has left: the hub's receipt for it is asked for again
  if (withdrawal) withdrawnBefore(store, known, withdrawal);
}

/** The people behind it were lost: later dates are decided beside its codes. @throws WireRefusal release-malformed */
function historyOf(
  { query, version, digest, referenceDate: date }: Run,
  cells: number,
  { release, policy }: SignedRelease__Output,
): HistoryEntry {
  const about = { query, version, digest: digest.toString("hex"), date, policy: policy ?? NO_FLOOR };
  return entryGivenBack(about, decodeRelease(release, cells));
}

/** The reason went with the restore; that it was withdrawn, and whether one corrected run was allowed, did not. */
function withdrawnBefore(store: KeeperStore, run: Run, withdrawal: Withdrawal__Output): void {
  const { correction, releaseDigest: digest, correctable } = withdrawal;
  const position = { index: withdrawal.logIndex, size: withdrawal.logSize, root: withdrawal.logRoot };
  const facts = { run: run.run, query: run.query, correction, digest: digest.toString("hex") };
  if (whyWithdrawn(store, run.run, correction) === null) {
    const why = "(the reason was lost when the keeper was restored)";
    const lost = { run: run.run, correction, why, salt: Buffer.alloc(0), releaseDigest: digest, position };
    insertWithdrawal(store, lost);
    store.note("withdrawal-given-back", facts);
  }
  if (!correctable || correction > 0) return;
  insertCorrection(store, run.run, position);
  store.note("correction-given-back", facts);
  moveRun(store, run.run, "waiting-for-approval"); // of a lost date, unless its corrected release is given back too
  reviewRuns(store);
}

function newRun(store: KeeperStore, assignment: Assignment__Output): Run {
  const { run, group, query, queryVersion: version, queryDigest: digest, referenceDate } = assignment;
  const other = store.db
    .prepare("SELECT 1 FROM run WHERE digest = ? AND reference_date = ? AND state <> 'refused'")
    .get(digest, referenceDate);
  if (other) throw new WireRefusal("run-conflict", `${query} at ${referenceDate} is another run already`);
  const floor = floorOf(assignment);
  insertRun(store, {
    run,
    group,
    query,
    version,
    digest,
    referenceDate,
    floor,
    state: "outbox",
    refusal: null,
  });
  return findRun(store, run) as Run;
}
