/** Turns what is due into collections and runs: one transaction a schedule, so that each is done once. */
import { periodEnds } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { newestQueries, type PublishedQuery } from "../library/queries.js";
import { OPEN_STATES } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { Change } from "../store/store.js";
import type { ScheduleRow } from "../store/tables.js";
import { answerable, skipWords } from "./periods.js";
import { orSetAside } from "../set-aside.js";
import { admittedMembers, askPractice } from "./ask.js";
import { dateIn, firingsUpTo, nextDue, type Firing } from "./due.js";

/** Fires every schedule that is due. @returns the number of schedules with something due */
export async function fireSchedules(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const due = await hub.store.db
    .selectFrom("schedule")
    .select(["id", "fault"])
    .where("paused", "=", 0)
    .where("next_due", "<=", now)
    .where((where) => where.or([where("retry_at", "is", null), where("retry_at", "<=", now)]))
    .execute();
  for (const one of due) {
    await orSetAside(hub, "schedule", one, () =>
      hub.store.change((change) => fire(hub, change, one.id, now)),
    );
  }
  return due.length;
}

async function fire(hub: Hub, change: Change, id: number, now: number): Promise<void> {
  const schedule = await change.tx
    .selectFrom("schedule")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const { next_due: due } = schedule;
  if (due === null || due > now || schedule.paused === 1) return; // another process was here first
  const first = due === schedule.created_at;
  const { firings, next } = first ? firstBatch(schedule, due) : upToNow(schedule, due, now);
  for (const firing of firings) {
    if (!firing.skip) await open(hub, change, schedule, firing, first, now);
    await account(change, schedule, firing, now);
  }
  await change.tx.updateTable("schedule").set({ next_due: next }).where("id", "=", id).execute();
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

/** Opens the periods that a firing asks for: all of the first batch, then at each time the newest that has ended. */
async function open(
  hub: Hub,
  change: Change,
  schedule: ScheduleRow,
  firing: Firing,
  first: boolean,
  now: number,
): Promise<void> {
  const today = dateIn(schedule.timezone, firing.at);
  const until = first && schedule.until_date !== null ? schedule.until_date : today;
  const dates = periodEnds(schedule.every, first ? schedule.periods : 1, until);
  const members = await admittedMembers(change, schedule.group_name);
  const library = await newestQueries(hub, change.tx);
  for (const name of JSON.parse(schedule.queries) as string[]) {
    const query = library.get(name);
    const skip = (reason: string): Promise<void> => skipDates(change, schedule, firing, name, reason);
    if (!query) {
      await skip(`the newest library has no query ${name}`);
      continue;
    }
    // A schedule from before this was looked at, or a query that has changed since.
    const can = answerable(query.query, dateIn(schedule.timezone, now));
    const beyond = dates.filter((date) => !can.includes(date));
    if (beyond.length > 0) await skip(skipWords(query.query, beyond, dateIn(schedule.timezone, now)));
    const asked = dates.filter((date) => can.includes(date));
    for (const date of asked) await openOne(change, schedule, query, date, members, first, now);
    const [newest] = asked;
    if (newest !== undefined && !first && schedule.catch_up !== "all")
      await retire(change, schedule, query, newest, now);
  }
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

async function openOne(
  { tx, note }: Change,
  schedule: ScheduleRow,
  query: PublishedQuery,
  date: string,
  members: readonly string[],
  first: boolean,
  now: number,
): Promise<void> {
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
  if (!collection) return; // asked before: a date is asked once
  const asked = { id: collection.id, schedule, query, date };
  for (const practice of members) await askPractice(tx, asked, practice, { now, backfill: first });
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
