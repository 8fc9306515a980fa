/** Opens the dates that firings decided to ask for: some in each transaction, so that polls and pages are answered between. */
import { setImmediate as turn } from "node:timers/promises";
import { OPEN_STATES } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import { orSetAside } from "../set-aside.js";
import type { Change } from "../store/store.js";
import type { OpeningRow, ScheduleRow } from "../store/tables.js";
import { admittedMembers, ask } from "./ask.js";

/** Runs made in one transaction, but for those of one date: what is asked of the hub meanwhile waits for it. */
const RUNS_AT_ONCE = 1_000;

/** Opens all that was decided on, but of schedules that are set aside. */
export async function openDates(hub: Hub): Promise<void> {
  const now = hub.settings.now();
  const waiting = await hub.store.db
    .selectFrom("schedule")
    .select(["id", "fault"])
    .where("id", "in", (of) => of.selectFrom("opening").select("schedule"))
    .where((where) => where.or([where("retry_at", "is", null), where("retry_at", "<=", now)]))
    .execute();
  for (const one of waiting)
    await orSetAside(hub, "schedule", one, async () => {
      while (await hub.store.change((change) => openSome(change, one.id, now))) await turn();
    });
}

/** Opens the next dates of a schedule. @returns whether more are left */
async function openSome(change: Change, id: number, now: number): Promise<boolean> {
  const { tx, concerns } = change;
  const schedule = await tx.selectFrom("schedule").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  const members = await admittedMembers(change, schedule.group_name);
  concerns(members);
  const most = Math.max(1, Math.floor(RUNS_AT_ONCE / (members.length + 1)));
  const next = await tx
    .selectFrom("opening")
    .selectAll()
    .where("schedule", "=", id)
    .orderBy("id")
    .limit(most + 1)
    .execute();
  for (const opening of next.slice(0, most)) {
    await open(change, schedule, opening, members, now);
    await tx.deleteFrom("opening").where("id", "=", opening.id).execute();
  }
  return next.length > most;
}

/** Opens a date of a query, and asks every member for it. One that is open already was asked before. */
async function open(
  change: Change,
  schedule: ScheduleRow,
  opening: OpeningRow,
  members: readonly string[],
  now: number,
): Promise<void> {
  const { tx, note } = change;
  const query = { name: opening.query, version: opening.query_version, digest: opening.query_digest };
  const date = opening.reference_date;
  const collection = await tx
    .insertInto("collection")
    .values({
      group_name: schedule.group_name,
      query: query.name,
      query_version: query.version,
      query_digest: query.digest,
      reference_date: date,
      opened_at: now,
      closes_at: now + schedule.spread + schedule.collect_for,
      closed_at: null,
    })
    .onConflict((asked) => asked.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (collection) {
    const asked = { id: collection.id, schedule, query, date };
    await ask(tx, asked, members, { now, backfill: opening.backfill === 1 });
    note(hubLog.collectionOpened, {
      collection: collection.id,
      group: schedule.group_name,
      query: query.name,
      version: query.version,
      digest: query.digest,
      date,
      members: members.length,
    });
  }
  if (opening.retires === 1) await retire(change, schedule, opening.query, date, now);
}

/**
 * Retires older requests: a practice that was away answers the newest period only, unless the schedule makes up for
 * all.
 */
async function retire(
  { tx }: Change,
  schedule: ScheduleRow,
  query: string,
  newest: string,
  now: number,
): Promise<void> {
  const older = tx
    .selectFrom("run")
    .select("id")
    .where("query", "=", query)
    .where("reference_date", "<", newest)
    .where("backfill", "=", 0)
    .where("state", "in", [...OPEN_STATES.filter((state) => state !== "claimed"), "not-due"]);
  await tx
    .updateTable("run_request")
    .set({ state: "expired" })
    .where("group_name", "=", schedule.group_name)
    .where("state", "in", ["asked", "ready", "waiting-for-approval"])
    .where("run", "in", older)
    .execute();
  await tx
    .updateTable("run")
    .set({ state: "expired", reason: "date-too-old", lease_until: null, changed_at: now })
    .where("id", "in", older)
    .where("id", "in", (expired) =>
      expired
        .selectFrom("run_request")
        .select("run")
        .where("group_name", "=", schedule.group_name)
        .where("state", "=", "expired"),
    )
    .where((is) =>
      is.not(
        is.exists(
          is
            .selectFrom("run_request as other")
            .select("other.run")
            .whereRef("other.run", "=", "run.id")
            .where("other.state", "in", ["asked", "ready", "waiting-for-approval"]),
        ),
      ),
    )
    .execute();
}
