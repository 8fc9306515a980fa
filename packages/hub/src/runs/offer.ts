import { createHash } from "node:crypto";
import { integersOf } from "@cairn/disclosure";
import { cellsOf } from "@cairn/query-library";
import type { Assignment } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";
import type { RunRow } from "../store/tables.js";
import { floorOf } from "./floor.js";
import { OPEN_STATES } from "./states.js";

const BATCH = 128;

/** The same for the same three: an agent that meets a restored hub finds its runs again under their names. */
export function runId(practice: string, queryDigest: string, referenceDate: string): string {
  return createHash("sha256")
    .update(JSON.stringify(["cairn run", practice, queryDigest, referenceDate]))
    .digest("hex")
    .slice(0, 32);
}

/**
 * What waits for a practice and is not in its hands yet: at most a batch, oldest date first. A run that is
 * claimed but unknown to the agent is told again, as a claim of the same agent is harmless.
 */
export async function offer(hub: Hub, practice: string, known: readonly string[]): Promise<Assignment[]> {
  await comeDue(hub, practice);
  const inHand = new Set(known);
  const rows = await hub.store.db
    .selectFrom("run")
    .selectAll()
    .where("practice", "=", practice)
    .where("state", "in", OPEN_STATES)
    .orderBy("reference_date")
    .orderBy("query")
    .limit(BATCH + known.length)
    .execute();
  const open = rows.filter((run) => !inHand.has(run.id)).slice(0, BATCH);
  return Promise.all(open.map((run) => assignmentOf(hub, run)));
}

/** What an agent is told of a run. */
export async function assignmentOf(hub: Hub, run: RunRow): Promise<Assignment> {
  return {
    run: run.id,
    group: run.group_name,
    query: run.query,
    queryVersion: run.query_version,
    queryDigest: Buffer.from(run.query_digest, "hex"),
    referenceDate: run.reference_date,
    floor: integersOf(await floorOf(hub.store.db, run.id)),
    cells: cellsOf(await queryByDigest(hub, run.query_digest), run.reference_date).length,
  };
}

/** Runs that the agent was given a receipt for, and that this hub no longer holds (it came back from a backup). */
export async function lostRuns(hub: Hub, practice: string): Promise<string[]> {
  const rows = await hub.store.db
    .selectFrom("run")
    .select("id")
    .where("practice", "=", practice)
    .where("lost", "=", 1)
    .limit(BATCH)
    .execute();
  return rows.map((row) => row.id);
}

/** The practice's own moment has come: the row says so before the message does. */
async function comeDue(hub: Hub, practice: string): Promise<void> {
  const now = hub.settings.now();
  const due = await hub.store.db
    .selectFrom("run")
    .select("id")
    .where("practice", "=", practice)
    .where("state", "=", "not-due")
    .where("not_before", "<=", now)
    .limit(1)
    .executeTakeFirst();
  if (!due) return;
  await hub.store.change("other", async ({ tx }) => {
    await tx
      .updateTable("run")
      .set({ state: "offered", changed_at: now })
      .where("practice", "=", practice)
      .where("state", "=", "not-due")
      .where("not_before", "<=", now)
      .execute();
  });
}

/** Ends the leases that ran out, on the hub's clock; their runs are offered again. @returns how many */
export async function expireLeases(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const over = await hub.store.db
    .selectFrom("run")
    .select("id")
    .where("lease_until", "<", now)
    .limit(1)
    .executeTakeFirst();
  if (!over) return 0;
  return hub.store.change("other", async ({ tx }) => {
    const ended = await tx
      .updateTable("run")
      .set({ state: "offered", lease_until: null, changed_at: now })
      .where("state", "=", "claimed")
      .where("lease_until", "<", now)
      .executeTakeFirst();
    return Number(ended.numUpdatedRows);
  });
}
