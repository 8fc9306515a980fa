/**
 * A practice's uses, which let a group see one of its releases, and their ends: stored with its signature, and never
 * deleted.
 */
import { hubLog } from "@cairn/ledger";
import { signReceipt, verifyUse, WireRefusal, type Receipt, type Use__Output } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { reviseDocuments } from "../store/revise-documents.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RequestRow, RunRow, UseRow } from "../store/tables.js";
import { isItsCharter, optOutsUnder } from "../library/charters.js";
import { keepsFloor } from "./floor.js";
import { agreesOnOptOuts } from "./opt-outs.js";
import { takeDown } from "./withdraw.js";

/**
 * Most uses of one run that a practice signs for a group, each a person's decision; as many ends are accepted
 * besides.
 */
const MOST_USES = 64;

/**
 * Stores a use or its end, before, after or with its release. Idempotent: the same receipt each time. The one that
 * stands latest in the practice's log counts, in whatever order they arrive.
 * @throws WireRefusal bad-signature, run-unknown, run-conflict, floor-not-met, opt-outs-counted, bad-request
 */
export async function takeUse(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  run: RunRow,
  said: Use__Output,
): Promise<Receipt> {
  checkSigned(agent, run, said);
  const request = await requestOf(change, run, said.group);
  if (!request) {
    throw new WireRefusal("run-unknown", `run ${run.id} is not asked for by the group that this use names`);
  }
  const uses = await change.tx
    .selectFrom("release_use")
    .selectAll()
    .where("run", "=", run.id)
    .where("group_name", "=", said.group)
    .execute();
  const known = uses.find((use) => use.signature.equals(said.signature));
  if (known) return receiptOf(known);
  if (uses.length >= (said.ended ? 2 * MOST_USES : MOST_USES)) {
    throw new WireRefusal("bad-request", `at most ${MOST_USES} uses of one run by one group are kept`);
  }
  await checkCharter(change, run, said);
  await checkRelease(change, run, said);
  const use = await keep(hub, change, run, said);
  if (uses.every((before) => comesAfter(use, before))) await putInForce(change, run, request, use);
  return receiptOf(use);
}

/** The group's request for the run, where there is one. */
export async function requestOf({ tx }: Change, run: RunRow, group: string): Promise<RequestRow | undefined> {
  return tx
    .selectFrom("run_request")
    .selectAll()
    .where("run", "=", run.id)
    .where("group_name", "=", group)
    .executeTakeFirst();
}

/** Checks a use's signature and fields. @throws WireRefusal bad-signature, bad-request */
function checkSigned(agent: AgentRow, run: RunRow, said: Use__Output): void {
  const isWhole =
    said.run === run.id &&
    said.correction <= 1 &&
    said.releaseDigest.length === 32 &&
    said.logRoot.length === 32 &&
    said.logIndex < said.logSize &&
    said.signature.length === 64;
  if (!isWhole || !verifyUse(said, agent.keeper_key)) {
    throw new WireRefusal("bad-signature", `a use of run ${run.id} is not signed by its practice`);
  }
}

/** Checks that a use was given under a charter of its group. @throws WireRefusal bad-request */
async function checkCharter({ tx }: Change, run: RunRow, said: Use__Output): Promise<void> {
  if (said.ended || (await isItsCharter(tx, said.group, said.charterDigest))) return;
  const which =
    said.charterDigest.length === 0
      ? "under no charter, and its group has one"
      : "under a charter that its group never had";
  throw new WireRefusal("bad-request", `a use of run ${run.id} is given ${which}`);
}

/** Checks a use's release. One that is not here yet is checked where it is shown. */
async function checkRelease({ tx }: Change, run: RunRow, said: Use__Output): Promise<void> {
  const release = await tx
    .selectFrom("release")
    .select(["digest", "policy_k", "policy_base", "policy_midpoint", "opt_outs"])
    .where("run", "=", run.id)
    .where("correction", "=", said.correction)
    .executeTakeFirst();
  if (!release) return;
  if (!release.digest.equals(said.releaseDigest)) {
    throw new WireRefusal("run-conflict", `a use of run ${run.id} is of other bytes than are here`);
  }
  const floor = await tx
    .selectFrom("practice_group")
    .selectAll()
    .where("name", "=", said.group)
    .executeTakeFirstOrThrow();
  if (said.ended) return;
  if (!keepsFloor(release, floor))
    throw new WireRefusal(
      "floor-not-met",
      `the release of run ${run.id} was made under a weaker floor than this group's`,
    );
  if (!agreesOnOptOuts(release, (await optOutsUnder(tx, said.group))(said.charterDigest)))
    throw new WireRefusal(
      "opt-outs-counted",
      `the release of run ${run.id} counts people with a type 1 opt-out in their record, and the charter under which ${said.group} is to use it leaves them out`,
    );
}

async function keep(hub: Hub, { tx, note }: Change, run: RunRow, said: Use__Output): Promise<UseRow> {
  const { index } = note(said.ended ? hubLog.useEnded : hubLog.useReceived, {
    run: run.id,
    practice: run.practice,
    group: said.group,
    correction: said.correction,
    digest: said.releaseDigest.toString("hex"),
    practice_log_index: said.logIndex,
    practice_log_size: said.logSize,
    practice_log_root: said.logRoot.toString("hex"),
  });
  const { group, correction, releaseDigest, ended } = said;
  const about = { run: run.id, releaseDigest, hubLogIndex: index, withdrawn: ended, correction, group };
  const row: UseRow = {
    hub_log_index: index,
    run: run.id,
    correction,
    group_name: group,
    release_digest: releaseDigest,
    charter_digest: said.charterDigest,
    ended: ended ? 1 : 0,
    log_index: said.logIndex,
    log_size: said.logSize,
    log_root: said.logRoot,
    signature: said.signature,
    received_at: hub.settings.now(),
    receipt: signReceipt(about, hub.files.logKey).signature,
  };
  await tx.insertInto("release_use").values(row).execute();
  return row;
}

/**
 * Whether a use counts after another. A use goes by its place in the practice's log, so that an old one that is sent
 * again gives nothing. An end counts wherever it stands there: the log of a keeper that came back from a backup can
 * be shorter than it was.
 */
function comesAfter(use: UseRow, before: UseRow): boolean {
  if (use.correction !== before.correction) return use.correction > before.correction;
  return use.ended === 1 || use.log_index >= before.log_index;
}

async function putInForce({ tx }: Change, run: RunRow, request: RequestRow, use: UseRow): Promise<void> {
  // Before the newest use changes: what came down is what was made under the one before.
  if (use.ended === 1) await takeDown(tx, run, use.correction, request.group_name);
  else if (use.correction > 0) await reviseDocuments(tx, { run: run.id });
  await tx
    .updateTable("run_request")
    .set({ newest_use: use.hub_log_index })
    .where("run", "=", run.id)
    .where("group_name", "=", request.group_name)
    .execute();
}

function receiptOf(row: UseRow): Receipt {
  return {
    run: row.run,
    releaseDigest: row.release_digest,
    hubLogIndex: row.hub_log_index,
    signature: row.receipt,
    withdrawn: row.ended === 1,
    correction: row.correction,
    group: row.group_name,
  };
}
