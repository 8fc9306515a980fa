/** Assignments for a practice: one for each run and group that asks, until the practice has answered for each. */
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { integersOf } from "@cairn/disclosure";
import { cellsOf } from "@cairn/query-library";
import type { Assignment } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { charterOf } from "../library/charters.js";
import { queryByDigest } from "../library/queries.js";
import type { RunRow } from "../store/tables.js";
import { floorOf } from "./floor.js";
import { NO_LONGER_ASKED } from "./requests.js";
import { OPEN_STATES } from "@cairn/comparisons";

const BATCH = 128;
/**
 * Time in ms after which a run that the agent holds already is offered again, for a group without an answer; then
 * twice as long.
 */
const TELL_AGAIN_MS = 60_000;
const TELL_AGAIN_MOST_MS = 6 * 3_600_000;

/**
 * A run's id, derived from practice, query and date: an agent that meets a restored hub finds its runs again under
 * their names.
 */
export function runId(practice: string, queryDigest: string, referenceDate: string): string {
  return createHash("sha256")
    .update(JSON.stringify(["cairn run", practice, queryDigest, referenceDate]))
    .digest("hex")
    .slice(0, 32);
}

/**
 * The assignments for a practice: open runs that it does not hold yet, for every group that asks; and of every other
 * run, settled ones too, the groups that it has not answered for. At most a batch of runs, oldest date first. A run
 * that is claimed but unknown to the agent is offered again, as a claim of the same agent is harmless.
 */
export async function offer(hub: Hub, practice: string, known: readonly string[]): Promise<Assignment[]> {
  await comeDue(hub, practice);
  const inHand = new Set(known);
  const open = (await openRuns(hub, practice, BATCH + known.length)).filter((run) => !inHand.has(run.id));
  const toTell = new Map(open.map((run) => [run.id, run]));
  for (const run of await unheardOf(hub, practice)) if (!toTell.has(run.id)) toTell.set(run.id, run);
  const batch = [...toTell.values()].sort(byDate).slice(0, BATCH);
  if (batch.length === 0) return [];
  const isNew = new Set(open.map((run) => run.id));
  const told: Told[] = (await requestsOf(hub, batch)).filter(
    ({ run, unheard }) => isNew.has(run.id) || unheard,
  );
  await noteTold(hub, told);
  return Promise.all(told.map(({ run, request }) => assignmentOf(hub, run, request)));
}

interface Asking {
  readonly group_name: string;
  readonly floor_k: number;
  readonly floor_base: number;
  readonly floor_midpoint: number;
}

interface Told {
  readonly run: RunRow;
  readonly request: Asking;
  readonly unheard: boolean;
}

/** The assignment of a run for one group. */
export async function assignmentOf(hub: Hub, run: RunRow, asking: Asking): Promise<Assignment> {
  return {
    run: run.id,
    group: asking.group_name,
    query: run.query,
    queryVersion: run.query_version,
    queryDigest: Buffer.from(run.query_digest, "hex"),
    referenceDate: run.reference_date,
    floor: integersOf(floorOf(asking)),
    cells: cellsOf(await queryByDigest(hub, run.query_digest, hub.store.db), run.reference_date).length,
    charterDigest: (await charterOf(hub.store.db, asking.group_name))?.digest ?? Buffer.alloc(0),
  };
}

async function openRuns(hub: Hub, practice: string, most: number): Promise<RunRow[]> {
  return hub.store.db
    .selectFrom("run")
    .selectAll()
    .where("practice", "=", practice)
    .where("state", "in", OPEN_STATES)
    .orderBy("reference_date")
    .orderBy("query")
    .limit(most)
    .execute();
}

async function unheardOf(hub: Hub, practice: string): Promise<RunRow[]> {
  return hub.store.db
    .selectFrom("run_request as request")
    .innerJoin("run", "run.id", "request.run")
    .selectAll("run")
    .distinct()
    .where("request.practice", "=", practice)
    .where("request.heard", "=", 0)
    .where("request.tell_at", "<=", hub.settings.now())
    .where("request.state", "not in", NO_LONGER_ASKED)
    .where("run.state", "!=", "not-due")
    .orderBy("run.reference_date")
    .orderBy("run.query")
    .limit(BATCH)
    .execute();
}

/** Every group that still asks for each of these runs, run by run. */
async function requestsOf(hub: Hub, runs: readonly RunRow[]): Promise<Told[]> {
  const now = hub.settings.now();
  const rows = await hub.store.db
    .selectFrom("run_request as request")
    .innerJoin("practice_group", "practice_group.name", "request.group_name")
    .select(["request.run", "request.group_name", "request.heard", "request.tell_at"])
    .select(["floor_k", "floor_base", "floor_midpoint"])
    .where(
      "request.run",
      "in",
      runs.map((run) => run.id),
    )
    .where("request.state", "not in", NO_LONGER_ASKED)
    .orderBy("request.group_name")
    .execute();
  return runs.flatMap((run) =>
    rows
      .filter((row) => row.run === run.id)
      .map((row) => ({ run, request: row, unheard: row.heard === 0 && row.tell_at <= now })),
  );
}

async function noteTold(hub: Hub, told: readonly Told[]): Promise<void> {
  const now = hub.settings.now();
  await hub.store.quietly(async (tx) => {
    for (const { run, request } of told) {
      await tx
        .updateTable("run_request")
        .set({
          told: sql`told + 1`,
          tell_at: sql`${now} + min(${TELL_AGAIN_MS} * (1 << min(told, 20)), ${TELL_AGAIN_MOST_MS})`,
        })
        .where("run", "=", run.id)
        .where("group_name", "=", request.group_name)
        .where("heard", "=", 0)
        .execute();
    }
  });
}

function byDate(a: RunRow, b: RunRow): number {
  return compare(a.reference_date, b.reference_date) || compare(a.query, b.query);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
/** Runs that the agent has a receipt for, and that this hub no longer holds (it came back from a backup). */
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

/** Moves runs whose `not_before` has passed from `not-due` to `offered`, in the database before they are sent. */
async function comeDue(hub: Hub, practice: string | null): Promise<void> {
  const now = hub.settings.now();
  const due = await hub.store.db
    .selectFrom("run")
    .select("id")
    .$if(practice !== null, (those) => those.where("practice", "=", practice))
    .where("state", "=", "not-due")
    .where("not_before", "<=", now)
    .limit(1)
    .executeTakeFirst();
  if (!due) return;
  await hub.store.change(async ({ tx, concerns }) => {
    const offered = await tx
      .updateTable("run")
      .set({ state: "offered", changed_at: now })
      .$if(practice !== null, (those) => those.where("practice", "=", practice))
      .where("state", "=", "not-due")
      .where("not_before", "<=", now)
      .returning("practice")
      .execute();
    concerns(offered.map((run) => run.practice));
  });
}

/** Offers the runs of all practices whose own moment within the spread has come: their agents may wait for news. */
export async function offerDueRuns(hub: Hub): Promise<void> {
  await comeDue(hub, null);
}

/** Ends the leases that ran out, on the hub's clock; their runs are offered again. @returns the number ended */
export async function expireLeases(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const over = await hub.store.db
    .selectFrom("run")
    .select("id")
    .where("lease_until", "<", now)
    .limit(1)
    .executeTakeFirst();
  if (!over) return 0;
  return hub.store.change(async ({ tx, concerns }) => {
    const ended = await tx
      .updateTable("run")
      .set({ state: "offered", lease_until: null, changed_at: now })
      .where("state", "=", "claimed")
      .where("lease_until", "<", now)
      .returning("practice")
      .execute();
    concerns(ended.map(({ practice }) => practice));
    return ended.length;
  });
}
