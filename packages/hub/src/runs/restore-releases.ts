/** Returns the releases that a keeper has signed and the hub holds to a keeper that came back from a backup. */
import type { GiveBackReply, GiveBackRequest__Output, HeldRelease } from "@cairn/wire";
import type { Hub } from "../hub.js";
import type { AgentRow, ReleaseRow, UseRow } from "../store/tables.js";
import { assignmentOf } from "./offer.js";
import {
  bearsRelease,
  bearsUse,
  bearsWithdrawal,
  signedRelease,
  signedUse,
  signedWithdrawal,
} from "./signed.js";

const PAGE = 64;
/** Bytes in one page, well below the limit of a message. */
const PAGE_BYTES = 3 * 1024 * 1024;

/**
 * One page of releases, in the order in which they were received; `next` is where the next one begins, 0 at the end.
 * Every group that asked for these runs is offered again: the keeper may have forgotten that it did.
 */
export async function releasesToRestore(
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
  const page: ReleaseRow[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (bytes + row.bytes.length > PAGE_BYTES) break;
    bytes += row.bytes.length;
    page.push(row);
  }
  const held = await Promise.all(page.map((row) => heldRelease(hub, agent, row)));
  await tellAnew(hub, page);
  const isWhole = rows.length < PAGE && page.length === rows.length;
  return {
    held: held.filter((one) => one !== null),
    next: isWhole ? 0 : (page.at(-1)?.hub_log_index ?? 0),
  };
}

async function tellAnew(hub: Hub, rows: readonly ReleaseRow[]): Promise<void> {
  if (rows.length === 0) return;
  const runs = rows.map((row) => row.run);
  await hub.store.quietly(async (tx) => {
    await tx
      .updateTable("run_request")
      .set({ heard: 0, told: 0, tell_at: 0 })
      .where("run", "in", runs)
      .execute();
  });
}

/**
 * A release as a message; null where it does not bear this keeper's signature, because another signed it or it was
 * changed here.
 */
async function heldRelease(hub: Hub, agent: AgentRow, row: ReleaseRow): Promise<HeldRelease | null> {
  const { db } = hub.store;
  const keys = [agent.keeper_key];
  const run = await db.selectFrom("run").selectAll().where("id", "=", row.run).executeTakeFirstOrThrow();
  if (!bearsRelease(row, run, keys)) return null;
  const group = await db
    .selectFrom("practice_group")
    .selectAll()
    .where("name", "=", run.group_name)
    .executeTakeFirstOrThrow();
  const withdrawal = await db
    .selectFrom("withdrawal")
    .selectAll()
    .where("run", "=", row.run)
    .where("correction", "=", row.correction)
    .executeTakeFirst();
  return {
    assignment: await assignmentOf(hub, run, { ...group, group_name: group.name }),
    release: signedRelease(row, run),
    withdrawal: withdrawal && bearsWithdrawal(withdrawal, keys) ? signedWithdrawal(withdrawal) : null,
    uses: (await newestUses(hub, row)).filter((use) => bearsUse(use, keys)).map(signedUse),
  };
}

/** Each group's newest use of the release, or its end. */
async function newestUses(hub: Hub, row: ReleaseRow): Promise<UseRow[]> {
  return hub.store.db
    .selectFrom("release_use as use")
    .innerJoin("run_request as request", "request.newest_use", "use.hub_log_index")
    .selectAll("use")
    .where("use.run", "=", row.run)
    .where("use.correction", "=", row.correction)
    .orderBy("use.group_name")
    .execute();
}
