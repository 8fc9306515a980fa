/** A practice's withdrawals of releases: stored with its signature, and never deleted. */
import { hubLog } from "@cairn/ledger";
import {
  signReceipt,
  verifyWithdrawal,
  WireRefusal,
  type Receipt,
  type Withdrawal__Output,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { reviseDocuments } from "../store/revise-documents.js";
import type { Change } from "../store/store.js";
import type { AgentRow, RunRow, WithdrawalRow } from "../store/tables.js";

/**
 * Stores a withdrawal, and the correction that it may allow. Idempotent: the same receipt each time. A release that
 * never came here can be withdrawn too, and is not counted when it comes after all.
 * @throws WireRefusal bad-signature, run-conflict
 */
export async function takeWithdrawal(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  run: RunRow,
  said: Withdrawal__Output,
): Promise<Receipt> {
  await check(change, agent, run, said);
  const known = await change.tx
    .selectFrom("withdrawal")
    .selectAll()
    .where("run", "=", run.id)
    .where("correction", "=", said.correction)
    .executeTakeFirst();
  const row = known ?? (await takeNote(hub, change, run, said));
  if (said.correctable && !row.correctable) await allowCorrection(hub, change, run, said);
  return receiptOf(row);
}

async function check({ tx }: Change, agent: AgentRow, run: RunRow, said: Withdrawal__Output): Promise<void> {
  const isWhole =
    said.releaseDigest.length === 32 && said.logRoot.length === 32 && said.signature.length === 64;
  const isOurs =
    isWhole && said.run === run.id && said.correction <= 1 && !(said.correctable && said.correction > 0);
  if (!isOurs || !verifyWithdrawal(said, agent.keeper_key)) {
    throw new WireRefusal("bad-signature", `the withdrawal of run ${run.id} is not signed by its practice`);
  }
  const release = await tx
    .selectFrom("release")
    .select("digest")
    .where("run", "=", run.id)
    .where("correction", "=", said.correction)
    .executeTakeFirst();
  if (release && !release.digest.equals(said.releaseDigest)) {
    throw new WireRefusal("run-conflict", `the withdrawal of run ${run.id} is of other bytes than are here`);
  }
}

async function takeNote(
  hub: Hub,
  change: Change,
  run: RunRow,
  said: Withdrawal__Output,
): Promise<WithdrawalRow> {
  const { tx, note } = change;
  const now = hub.settings.now();
  const { index } = note(hubLog.releaseWithdrawn, facts(run, said));
  const receipt = signReceipt(
    {
      run: run.id,
      releaseDigest: said.releaseDigest,
      hubLogIndex: index,
      withdrawn: true,
      correction: said.correction,
      group: "",
    },
    hub.files.logKey,
  );
  const row: WithdrawalRow = {
    run: run.id,
    correction: said.correction,
    release_digest: said.releaseDigest,
    correctable: 0,
    ...signedPart(said),
    received_at: now,
    hub_log_index: index,
    receipt: receipt.signature,
  };
  await tx.insertInto("withdrawal").values(row).execute();
  await tx
    .updateTable("run")
    .set({
      state: "withdrawn",
      correction: said.correction,
      reason: null,
      lease_until: null,
      lost: 0,
      changed_at: now,
    })
    .where("id", "=", run.id)
    .where("correction", "<=", said.correction)
    .execute();
  await takeDown(tx, run, said.correction, null);
  return row;
}

/** Allows one corrected run, which counts in place of the withdrawn release. */
async function allowCorrection(
  hub: Hub,
  { tx, note }: Change,
  run: RunRow,
  said: Withdrawal__Output,
): Promise<void> {
  note(hubLog.correctionAllowed, facts(run, said));
  await tx
    .updateTable("withdrawal")
    .set({ correctable: 1, ...signedPart(said) })
    .where("run", "=", run.id)
    .where("correction", "=", said.correction)
    .execute();
  await tx
    .updateTable("run")
    .set({ state: "offered", correction: 1, changed_at: hub.settings.now() })
    .where("id", "=", run.id)
    .where("correction", "=", 0)
    .execute();
}

/**
 * Takes down group figures that used the release; they are not made again. It was used where it and the group's use
 * had come before the collection closed, also with a withheld cell: the middle of a group is over all that released.
 * @param group null for every group
 */
export async function takeDown(
  tx: Change["tx"],
  run: RunRow,
  correction: number,
  group: string | null,
): Promise<void> {
  const release = await tx
    .selectFrom("release")
    .select("received_at")
    .where("run", "=", run.id)
    .where("correction", "=", correction)
    .executeTakeFirst();
  if (!release) return;
  const used = await tx
    .selectFrom("collection_member")
    .innerJoin("collection", "collection.id", "collection_member.collection")
    .innerJoin("run_request as request", (join) =>
      join
        .onRef("request.run", "=", "collection_member.run")
        .onRef("request.group_name", "=", "collection.group_name"),
    )
    .select("collection.id")
    .where("collection_member.run", "=", run.id)
    .where("collection.closed_at", ">=", release.received_at)
    .$if(group !== null, (those) => those.where("request.group_name", "=", group as string))
    .where((is) =>
      is.or([
        is("request.without_use", "=", 1),
        is.exists(
          is
            .selectFrom("release_use as use")
            .select("use.run")
            .whereRef("use.run", "=", "request.run")
            .whereRef("use.group_name", "=", "request.group_name")
            .where("use.correction", "=", correction)
            .where("use.ended", "=", 0)
            .whereRef("use.received_at", "<=", "collection.closed_at"),
        ),
      ]),
    )
    .execute();
  if (used.length === 0) return;
  const collections = used.map(({ id }) => id);
  await tx
    .updateTable("group_figure")
    .set({ withdrawn: 1 })
    .where((figure) => figure.or([figure("state", "=", "made"), figure("median_low", "is not", null)]))
    .where("collection", "in", collections)
    .execute();
  await reviseDocuments(tx, { collections });
}

function facts(run: RunRow, said: Withdrawal__Output) {
  return {
    run: run.id,
    practice: run.practice,
    correction: said.correction,
    digest: said.releaseDigest.toString("hex"),
    practice_log_index: said.logIndex,
    practice_log_size: said.logSize,
    practice_log_root: said.logRoot.toString("hex"),
  };
}

function signedPart(said: Withdrawal__Output) {
  return {
    log_index: said.logIndex,
    log_size: said.logSize,
    log_root: said.logRoot,
    signature: said.signature,
  };
}

function receiptOf(row: WithdrawalRow): Receipt {
  return {
    run: row.run,
    releaseDigest: row.release_digest,
    hubLogIndex: row.hub_log_index,
    signature: row.receipt,
    withdrawn: true,
    correction: row.correction,
  };
}
