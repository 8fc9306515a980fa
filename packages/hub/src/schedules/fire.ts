/** Turns what is due into collections and runs: some collections in each transaction, and one that accounts for the firing. */
import { setImmediate as turn } from "node:timers/promises";
import { periodEnds } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { newestQueries, type PublishedQuery } from "../library/queries.js";
import { OPEN_STATES } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { Change } from "../store/store.js";
import type { ScheduleRow } from "../store/tables.js";
import { answerable, skipWords } from "./periods.js";
import { orSetAside } from "../set-aside.js";
import { admittedMembers, ask } from "./ask.js";
import { dateIn, firingsUpTo, nextDue, type Firing } from "./due.js";

/** Fires every schedule that is due. @returns the number of schedules with something due */
export async function fireSchedules(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const due = await hub.store.db
    .selectFrom("schedule")
    .selectAll()
    .where("paused", "=", 0)
    .where("next_due", "<=", now)
    .where((where) => where.or([where("retry_at", "is", null), where("retry_at", "<=", now)]))
    .execute();
  for (const one of due) await orSetAside(hub, "schedule", one, () => fire(hub, one, now));
  return due.length;
}

/** Asks for one date of one query, and whether older dates of it are no longer asked for. */
interface Opening {
  readonly query: PublishedQuery;
  readonly date: string;
  readonly retires: boolean;
}

/** What a firing asks for, and which of its queries or dates nobody can be asked for, and why. */
interface Plan {
  readonly openings: readonly Opening[];
  readonly skips: readonly { readonly query: string; readonly reason: string }[];
}

/** Runs made in one transaction, but for those of one date: a page that is asked for meanwhile waits for it. */
const RUNS_AT_ONCE = 1_000;

/**
 * Opens what a schedule asks for, some dates in each transaction, so that polls and pages are answered between; and
 * accounts for the firing in the last one. A firing that ended half way begins anew, and opens what is not open yet.
 */
async function fire(hub: Hub, schedule: ScheduleRow, now: number): Promise<void> {
  const { next_due: due } = schedule;
  if (due === null) return;
  const first = due === schedule.created_at;
  const { firings, next } = first ? firstBatch(schedule, due) : upToNow(schedule, due, now);
  const plans = new Map<Firing, Plan>();
  for (const firing of firings)
    if (!firing.skip) plans.set(firing, await plan(hub, schedule, firing, first, now));
  for (const { openings } of plans.values())
    for (const left = [...openings]; left.length > 0; await turn())
      await hub.store.change(async (change) => {
        if (!(await isStillDue(change, schedule))) return void left.splice(0);
        const members = await admittedMembers(change, schedule.group_name);
        const several = left.splice(0, Math.max(1, Math.floor(RUNS_AT_ONCE / (members.length + 1))));
        for (const opening of several) await open(change, schedule, opening, members, first, now);
      });
  await hub.store.change(async (change) => {
    if (!(await isStillDue(change, schedule))) return; // another process was here first
    for (const firing of firings) {
      for (const skip of plans.get(firing)?.skips ?? [])
        await skipDates(change, schedule, firing, skip.query, skip.reason);
      await account(change, schedule, firing, now);
    }
    await change.tx.updateTable("schedule").set({ next_due: next }).where("id", "=", schedule.id).execute();
  });
}

/** Whether a schedule is still to be fired as it was read. */
async function isStillDue({ tx }: Change, { id, next_due: due }: ScheduleRow): Promise<boolean> {
  const now = await tx
    .selectFrom("schedule")
    .select(["next_due", "paused"])
    .where("id", "=", id)
    .executeTakeFirst();
  return now?.next_due === due && now.paused === 0;
}

function firstBatch(schedule: ScheduleRow, due: number): { firings: Firing[]; next: number | null } {
  const next = schedule.cron === null ? null : nextDue(schedule.cron, schedule.timezone, due);
  return { firings: [{ at: due, skip: null }], next };
}

function upToNow(
  schedule: ScheduleRow,
  due: number,
  now: number,
): { firings: Firing[]; next: number | null } {
  const { cron, timezone } = schedule;
  if (cron === null) return { firings: [], next: null };
  const rule = { cron, timezone, catchUp: schedule.catch_up, catchUpWindow: schedule.catch_up_window };
  return firingsUpTo(rule, due, now);
}

async function account(
  { tx, note }: Change,
  schedule: ScheduleRow,
  firing: Firing,
  now: number,
): Promise<void> {
  await tx
    .insertInto("schedule_firing")
    .values({
      schedule: schedule.id,
      due_at: firing.at,
      outcome: firing.skip ? "skipped" : "offered",
      reason: firing.skip,
      decided_at: now,
    })
    .execute();
  if (firing.skip)
    note(hubLog.scheduleSkipped, { schedule: schedule.id, due: firing.at, query: null, reason: firing.skip });
}

/** The periods that a firing asks for: all of the first batch, then at each time the newest that has ended. */
async function plan(
  hub: Hub,
  schedule: ScheduleRow,
  firing: Firing,
  first: boolean,
  now: number,
): Promise<Plan> {
  const today = dateIn(schedule.timezone, firing.at);
  const until = first && schedule.until_date !== null ? schedule.until_date : today;
  const dates = periodEnds(schedule.every, first ? schedule.periods : 1, until);
  const library = await newestQueries(hub, hub.store.db);
  const openings: Opening[] = [];
  const skips: { query: string; reason: string }[] = [];
  for (const name of JSON.parse(schedule.queries) as string[]) {
    const query = library.get(name);
    if (!query) {
      skips.push({ query: name, reason: `the newest library has no query ${name}` });
      continue;
    }
    // A schedule from before this was looked at, or a query that has changed since.
    const can = answerable(query.query, dateIn(schedule.timezone, now));
    const beyond = dates.filter((date) => !can.includes(date));
    if (beyond.length > 0)
      skips.push({ query: name, reason: skipWords(query.query, beyond, dateIn(schedule.timezone, now)) });
    const asked = dates.filter((date) => can.includes(date));
    for (const [nth, date] of asked.entries())
      openings.push({ query, date, retires: nth === 0 && !first && schedule.catch_up !== "all" });
  }
  return { openings, skips };
}

/** Records skipped dates in the schedule's list and in the log. */
async function skipDates(
  { tx, note }: Change,
  schedule: ScheduleRow,
  firing: Firing,
  query: string,
  reason: string,
): Promise<void> {
  await tx
    .insertInto("schedule_skip")
    .values({ schedule: schedule.id, due_at: firing.at, query, reason })
    .onConflict((said) => said.doNothing())
    .execute();
  note(hubLog.scheduleSkipped, { schedule: schedule.id, due: firing.at, query, reason });
}

/** Opens a date of a query, and asks every member for it. One that is open already was asked before. */
async function open(
  change: Change,
  schedule: ScheduleRow,
  { query, date, retires }: Opening,
  members: readonly string[],
  first: boolean,
  now: number,
): Promise<void> {
  const { tx, note, concerns } = change;
  concerns(members);
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
    await ask(tx, { id: collection.id, schedule, query, date }, members, { now, backfill: first });
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
  if (retires) await retire(change, schedule, query, date, now);
}

/**
 * Retires older requests: a practice that was away answers the newest period only, unless the schedule makes up for
 * all.
 */
async function retire(
  { tx }: Change,
  schedule: ScheduleRow,
  query: PublishedQuery,
  newest: string,
  now: number,
): Promise<void> {
  const older = tx
    .selectFrom("run")
    .select("id")
    .where("query", "=", query.name)
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
