/** What a keeper has signed and the hub holds, for a practice whose keeper came back from a backup. */
import {
  verifySignedRelease,
  type GiveBackReply,
  type GiveBackRequest__Output,
  type HeldRelease,
  type OptOuts,
  type RecordBasis,
  type SignedRelease__Output,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import type { AgentRow, ReleaseRow, RunRow } from "../store/tables.js";
import { assignmentOf } from "./offer.js";

const PAGE = 64;
/** Stays well below what a message may be. */
const PAGE_BYTES = 3 * 1024 * 1024;

/** One page, in the order in which they were received; `next` is where the next one begins, 0 at the end. */
export async function giveBack(
  hub: Hub,
  agent: AgentRow,
  { after }: GiveBackRequest__Output,
): Promise<GiveBackReply> {
  const rows = await hub.store.db
    .selectFrom("release")
    .selectAll()
    .where("hub_log_index", ">", after)
    .where("run", "in", (runs) => runs.selectFrom("run").select("id").where("practice", "=", agent.practice))
    .orderBy("hub_log_index")
    .limit(PAGE)
    .execute();
  const held: HeldRelease[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (bytes + row.bytes.length > PAGE_BYTES) return { held, next: lastOf(rows, row) };
    bytes += row.bytes.length;
    const one = await heldRelease(hub, agent, row);
    if (one) held.push(one);
  }
  return { held, next: rows.length === PAGE ? (rows.at(-1)?.hub_log_index ?? 0) : 0 };
}

function lastOf(rows: readonly ReleaseRow[], before: ReleaseRow): number {
  return rows[rows.indexOf(before) - 1]?.hub_log_index ?? 0;
}

/** Null where an earlier keeper of the practice signed it: this one could not believe it. */
async function heldRelease(hub: Hub, agent: AgentRow, row: ReleaseRow): Promise<HeldRelease | null> {
  const { db } = hub.store;
  const run = await db.selectFrom("run").selectAll().where("id", "=", row.run).executeTakeFirstOrThrow();
  const release = signedRelease(row, run);
  if (!verifySignedRelease(release, agent.keeper_key)) return null;
  const withdrawal = await db
    .selectFrom("withdrawal")
    .selectAll()
    .where("run", "=", row.run)
    .where("correction", "=", row.correction)
    .executeTakeFirst();
  return {
    assignment: await assignmentOf(hub, run),
    release,
    withdrawal: withdrawal
      ? {
          run: withdrawal.run,
          correction: withdrawal.correction,
          releaseDigest: withdrawal.release_digest,
          correctable: withdrawal.correctable === 1,
          logIndex: withdrawal.log_index,
          logSize: withdrawal.log_size,
          logRoot: withdrawal.log_root,
          signature: withdrawal.signature,
        }
      : null,
  };
}

function signedRelease(row: ReleaseRow, run: RunRow): SignedRelease__Output {
  return {
    run: row.run,
    release: row.bytes,
    queryDigest: Buffer.from(run.query_digest, "hex"),
    libraryDigest: row.library_digest,
    referenceDate: run.reference_date,
    policy: { k: row.policy_k, base: row.policy_base, midpoint: row.policy_midpoint },
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    signature: row.signature,
    recordBasis: row.record_basis as keyof typeof RecordBasis,
    correction: row.correction,
    optOuts: row.opt_outs as keyof typeof OptOuts,
  };
}
