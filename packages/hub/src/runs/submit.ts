/** Receives releases: checked, counted once, receipted, and in the hub's log, in one transaction. */
import {
  decodeRelease,
  OptOuts,
  RecordBasis,
  releaseDigest,
  signReceipt,
  verifySignedRelease,
  WireRefusal,
  type Receipt,
  type RunRefusal,
  type SignedRelease__Output,
  type SubmitReply,
  type SubmitRequest__Output,
} from "@cairn/wire";
import { policyOf, type Policy } from "@cairn/disclosure";
import { hubLog } from "@cairn/ledger";
import { cellsOf } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { queriesOfLibrary, queryByDigest } from "../library/queries.js";
import { idempotently } from "../idempotency.js";
import { reviseDocuments } from "../store/revise-documents.js";
import type { Change } from "../store/store.js";
import type { AgentRow, ReleaseRow, RunRow } from "../store/tables.js";
import { bounded, partOf, runOf, unknownRun } from "./claim.js";
import { keepsFloor } from "./floor.js";
import { nonsenseIn } from "./sense.js";
import { takeUse } from "./uses.js";

/** Conflicts stored for one run: the first says all. */
const MOST_CONFLICTS = 16;
/** Most uses in one call. */
const MOST_USES = 4000;

/**
 * Receives releases and uses, each taken or refused alone. The same digest again gets the same receipt. Another
 * digest for a run that has one is a conflict: it is refused, stored as an alarm, and in the log. A late release (its
 * lease over) is as good as a timely one, because the practice made it once and logged it.
 */
export async function submit(
  hub: Hub,
  agent: AgentRow,
  request: SubmitRequest__Output,
): Promise<SubmitReply> {
  bounded(request.releases);
  bounded(request.uses, MOST_USES);
  const asked = [
    ...request.releases.map((release) => [release.run, releaseDigest(release.release)]),
    ...request.uses.map((use) => [use.run, use.signature]),
  ];
  return idempotently(hub, agent, "submit", request.idempotencyKey, asked, async (change) => {
    const receipts: Receipt[] = [];
    const refusals: RunRefusal[] = [];
    const each = async (id: string, work: (run: RunRow) => Promise<Receipt | WireRefusal>): Promise<void> => {
      const run = await runOf(change, agent, id);
      if (!run) return void refusals.push(unknownRun(id));
      const done = await partOf(hub, change, run.id, refusals, () => work(run));
      if (done instanceof WireRefusal)
        refusals.push({ run: run.id, refusal: { code: done.code, words: done.words } });
      else if (done) receipts.push(done);
    };
    for (const release of request.releases)
      await each(release.run, (run) => take(hub, change, agent, run, release));
    for (const use of request.uses) await each(use.run, (run) => takeUse(hub, change, agent, run, use));
    return { receipts, refusals };
  });
}

/** Takes one release. @returns a refusal where something has to be stored of it. @throws any other */
async function take(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  run: RunRow,
  release: SignedRelease__Output,
): Promise<Receipt | WireRefusal> {
  const digest = releaseDigest(release.release);
  const counted = await change.tx
    .selectFrom("release")
    .selectAll()
    .where("run", "=", run.id)
    .where("correction", "=", release.correction)
    .executeTakeFirst();
  if (counted?.digest.equals(digest)) return receiptOf(counted);
  await checkTurn(change, run, release);
  await check(hub, change, agent, run, release);
  if (counted) return conflict(hub, change, run, digest);
  return count(hub, change, run, release, digest);
}

/**
 * Checks the order: a withdrawn release does not count, and a corrected one counts only after its withdrawal.
 * @throws WireRefusal
 */
async function checkTurn({ tx }: Change, run: RunRow, release: SignedRelease__Output): Promise<void> {
  if (release.correction > run.correction) {
    throw new WireRefusal(
      "run-conflict",
      "this is a corrected release, and the practice has not withdrawn the one before it",
    );
  }
  const withdrawn = await tx
    .selectFrom("withdrawal")
    .select("run")
    .where("run", "=", run.id)
    .where("correction", "=", release.correction)
    .executeTakeFirst();
  if (!withdrawn && release.correction === run.correction) return;
  throw new WireRefusal("run-withdrawn", "the practice has withdrawn this release: it is not counted");
}

/** Checks a release as far as the hub can without trusting its sender. @throws WireRefusal */
async function check(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  run: RunRow,
  release: SignedRelease__Output,
): Promise<void> {
  if (!isWhole(release) || !verifySignedRelease(release, agent.keeper_key)) {
    throw new WireRefusal("bad-signature", "this release is not signed by the practice that was admitted");
  }
  if (
    release.queryDigest.toString("hex") !== run.query_digest ||
    release.referenceDate !== run.reference_date
  ) {
    throw new WireRefusal("release-malformed", "this release answers another query or date than its run");
  }
  await checkLibrary(hub, change, run, release);
  const query = await queryByDigest(hub, run.query_digest, change.tx);
  const codes = decodeRelease(release.release, cellsOf(query, run.reference_date).length);
  const nonsense = nonsenseIn(codes, await checkPolicy(change, run, release));
  if (nonsense !== null) throw new WireRefusal("release-malformed", `this release cannot be: ${nonsense}`);
}

function isWhole(release: SignedRelease__Output): boolean {
  return (
    release.signature.length === 64 &&
    release.libraryDigest.length === 32 &&
    release.logRoot.length === 32 &&
    release.logIndex < release.logSize &&
    release.recordBasis in RecordBasis &&
    release.optOuts in OptOuts
  );
}

/**
 * Checks that its library is one of ours and holds its query. A hub that came back from a backup has lost the newest
 * ones: a release that it had acknowledged before is taken again all the same.
 */
async function checkLibrary(
  hub: Hub,
  { tx }: Change,
  run: RunRow,
  release: SignedRelease__Output,
): Promise<void> {
  const queries = await queriesOfLibrary(hub, release.libraryDigest.toString("hex"), tx);
  if (queries ? queries.has(run.query_digest) : run.lost === 1) return;
  throw new WireRefusal(
    "query-unknown",
    "this release was answered from a library that this hub has not published, or that does not hold its query",
  );
}

/** Checks its policy: stricter than the floor of each group that asks, or the same. */
async function checkPolicy({ tx }: Change, run: RunRow, release: SignedRelease__Output): Promise<Policy> {
  const said = release.policy ?? { k: 0, base: 0, midpoint: 0 };
  const floors = await tx
    .selectFrom("run_request")
    .innerJoin("practice_group", "practice_group.name", "run_request.group_name")
    .select(["floor_k", "floor_base", "floor_midpoint"])
    .where("run", "=", run.id)
    .execute();
  const kept = { policy_k: said.k, policy_base: said.base, policy_midpoint: said.midpoint };
  if (floors.some((floor) => keepsFloor(kept, floor))) return policyOf(said);
  throw new WireRefusal(
    "policy-too-weak",
    "this release names a policy that cannot be, or is weaker than that of every group that asks for it",
  );
}

/** Stores a conflict, for both sides' people to look at: the practice made two results for one run. */
async function conflict(hub: Hub, { tx, note }: Change, run: RunRow, digest: Buffer): Promise<WireRefusal> {
  const { known } = await tx
    .selectFrom("release_conflict")
    .select(({ fn }) => fn.countAll<number>().as("known"))
    .where("run", "=", run.id)
    .executeTakeFirstOrThrow();
  if (known >= MOST_CONFLICTS) return anotherCounts();
  const kept = await tx
    .insertInto("release_conflict")
    .values({ run: run.id, digest, received_at: hub.settings.now() })
    .onConflict((again) => again.doNothing())
    .executeTakeFirst();
  if (kept.numInsertedOrUpdatedRows)
    note(hubLog.releaseConflict, { run: run.id, digest: digest.toString("hex") });
  return anotherCounts();
}

function anotherCounts(): WireRefusal {
  return new WireRefusal(
    "run-conflict",
    "another release was already counted for this run: both logs have to be compared",
  );
}

async function count(
  hub: Hub,
  { tx, note }: Change,
  run: RunRow,
  release: SignedRelease__Output,
  digest: Buffer,
): Promise<Receipt> {
  const { index } = note(hubLog.releaseReceived, {
    run: run.id,
    practice: run.practice,
    correction: release.correction,
    digest: digest.toString("hex"),
    practice_log_index: release.logIndex,
    practice_log_size: release.logSize,
    practice_log_root: release.logRoot.toString("hex"),
  });
  const receipt = signReceipt(
    {
      run: run.id,
      releaseDigest: digest,
      hubLogIndex: index,
      withdrawn: false,
      correction: release.correction,
      group: "",
    },
    hub.files.logKey,
  );
  const now = hub.settings.now();
  await tx
    .insertInto("release")
    .values(rowOf(release, digest, index, receipt.signature, now))
    .execute();
  await tx
    .updateTable("run")
    .set({ state: "released", reason: null, lease_until: null, lost: 0, changed_at: now })
    .where("id", "=", run.id)
    .execute();
  if (run.correction > 0) await reviseDocuments(tx, { run: run.id });
  return receipt;
}

function rowOf(
  release: SignedRelease__Output,
  digest: Buffer,
  hubLogIndex: number,
  receipt: Buffer,
  now: number,
): ReleaseRow {
  return {
    run: release.run,
    correction: release.correction,
    digest,
    bytes: release.release,
    library_digest: release.libraryDigest,
    policy_k: release.policy?.k ?? 0,
    policy_base: release.policy?.base ?? 0,
    policy_midpoint: release.policy?.midpoint ?? 0,
    log_index: release.logIndex,
    log_size: release.logSize,
    log_root: release.logRoot,
    signature: release.signature,
    record_basis: release.recordBasis,
    opt_outs: release.optOuts,
    received_at: now,
    hub_log_index: hubLogIndex,
    receipt,
  };
}

function receiptOf(row: ReleaseRow): Receipt {
  return {
    run: row.run,
    releaseDigest: row.digest,
    hubLogIndex: row.hub_log_index,
    signature: row.receipt,
    withdrawn: false,
    correction: row.correction,
  };
}
