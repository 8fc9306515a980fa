/** Decides what schedules ask for: one transaction a schedule, so that each firing is done once. */
import { periodEnds } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { newestQueries } from "../library/queries.js";
import { hubLog } from "@cairn/ledger";
import type { Change } from "../store/store.js";
import type { ScheduleRow } from "../store/tables.js";
import { answerable, skipWords } from "./periods.js";
import { orSetAside } from "../set-aside.js";
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
  for (const one of due)
    await orSetAside(hub, "schedule", one, () =>
      hub.store.change((change) => fire(hub, change, one.id, now)),
    );
  return due.length;
}

/** Stores what a schedule is due to ask for, and accounts for its firings; `openDates` opens what was stored. */
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
    if (!firing.skip) await decide(hub, change, schedule, firing, first, now);
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

/** Decides on the periods that a firing asks for: all of the first batch, then at each time the newest that has ended. */
async function decide(
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
    const retires = !first && schedule.catch_up !== "all";
    for (const [nth, date] of dates.filter((date) => can.includes(date)).entries())
      await change.tx
        .insertInto("opening")
        .values({
          schedule: schedule.id,
          query: query.name,
          query_version: query.version,
          query_digest: query.digest,
          reference_date: date,
          backfill: first ? 1 : 0,
          retires: retires && nth === 0 ? 1 : 0,
        })
        .execute();
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
