import { nearest, tryDayNumber } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { HubError } from "../errors.js";
import { inPlain, requireName, systemUser } from "../enrolment/names.js";
import { newestQueries } from "../library/queries.js";
import type { CatchUp, Every, ScheduleRow } from "../store/tables.js";
import { checkCron, checkZone, dateIn } from "./due.js";
import { unanswerable } from "./periods.js";

export interface NewSchedule {
  readonly group: string;
  readonly queries: readonly string[];
  readonly every: Every;
  readonly periods: number;
  readonly until: string | null; // YYYY-MM-DD; null: the newest period that has ended
  readonly cron: string | null; // null: the first batch and no more
  readonly timezone: string;
  readonly catchUp: CatchUp;
  readonly catchUpWindow: number; // milliseconds
  readonly spread: number; // milliseconds
  readonly collectFor: number; // milliseconds
}

export interface ListedSchedule {
  readonly id: number;
  readonly group: string;
  readonly queries: readonly string[];
  readonly every: Every;
  readonly periods: number;
  readonly cron: string | null;
  readonly timezone: string;
  readonly paused: boolean;
  readonly nextDue: string | null; // ISO 8601
  readonly fault: string | null; // why it could not ask, and is tried again within the hour
  readonly skipped: readonly { due: string; reason: string }[];
}

const MOST_PERIODS = 60;

/**
 * The first batch (every period up to `until`) is due at once, the cron expression after it.
 * @param by who decides.
 * @returns the schedule's number @throws HubError group-unknown, query-unknown, no-library, schedule-wrong, name-wrong
 */
export async function addSchedule(hub: Hub, wanted: NewSchedule, by = systemUser()): Promise<number> {
  requireName("person", by);
  await checkWanted(hub, wanted);
  const now = hub.settings.now();
  return hub.store.change("schedule", async ({ tx, note }) => {
    const { id } = await tx
      .insertInto("schedule")
      .values({
        group_name: wanted.group,
        queries: JSON.stringify(wanted.queries),
        every: wanted.every,
        periods: wanted.periods,
        until_date: wanted.until,
        cron: wanted.cron,
        timezone: wanted.timezone,
        catch_up: wanted.catchUp,
        catch_up_window: wanted.catchUpWindow,
        spread: wanted.spread,
        collect_for: wanted.collectFor,
        created_at: now,
        next_due: now,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    note("schedule-added", {
      schedule: id,
      group: wanted.group,
      queries: wanted.queries.join(", "),
      every: wanted.every,
      periods: wanted.periods,
      by,
    });
    return id;
  });
}

export async function listSchedules(hub: Hub): Promise<ListedSchedule[]> {
  const rows = await hub.store.db.selectFrom("schedule").selectAll().orderBy("id").execute();
  return Promise.all(rows.map((row) => listed(hub, row)));
}

/** @param by who decides. @throws HubError schedule-unknown, name-wrong */
export async function pauseSchedule(hub: Hub, id: number, paused: boolean, by = systemUser()): Promise<void> {
  requireName("person", by);
  await hub.store.change("schedule", async ({ tx, note }) => {
    const done = await tx
      .updateTable("schedule")
      .set({ paused: paused ? 1 : 0 })
      .where("id", "=", id)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) {
      throw new HubError("schedule-unknown", `there is no schedule ${id}: see cairn schedule list`);
    }
    note(paused ? "schedule-paused" : "schedule-resumed", { schedule: id, by });
  });
}

async function checkWanted(hub: Hub, wanted: NewSchedule): Promise<void> {
  const group = await hub.store.db
    .selectFrom("practice_group")
    .select("name")
    .where("name", "=", wanted.group)
    .executeTakeFirst();
  if (!group)
    throw new HubError(
      "group-unknown",
      `this hub has no group ${inPlain(wanted.group)}: invite a practice into it first`,
    );
  const admitted = await hub.store.db
    .selectFrom("group_member")
    .innerJoin("agent", "agent.practice", "group_member.practice")
    .select("agent.id")
    .where("group_name", "=", wanted.group)
    .where("agent.state", "=", "admitted")
    .executeTakeFirst();
  if (!admitted)
    throw new HubError(
      "schedule-wrong",
      `no practice of ${wanted.group} is admitted yet: who is asked is settled when a date opens`,
    );
  const known = await newestQueries(hub);
  if (wanted.queries.length === 0)
    throw new HubError("schedule-wrong", "a schedule needs at least one query");
  if (!Number.isInteger(wanted.periods) || wanted.periods < 1 || wanted.periods > MOST_PERIODS) {
    throw new HubError("schedule-wrong", `--periods is a whole number from 1 to ${MOST_PERIODS}`);
  }
  if (wanted.until !== null && tryDayNumber(wanted.until) === null)
    throw new HubError("schedule-wrong", "--until is a date of the calendar: write it as YYYY-MM-DD");
  checkZone(wanted.timezone);
  if (wanted.cron !== null) checkCron(wanted.cron, wanted.timezone);
  const today = dateIn(wanted.timezone, hub.settings.now());
  const asked = { every: wanted.every, periods: wanted.periods, until: wanted.until ?? today };
  for (const name of wanted.queries) {
    const query = known.get(name)?.query;
    if (!query) {
      const names = nearest(name, known.keys()).join(", ");
      throw new HubError(
        "query-unknown",
        `the published library has no query ${inPlain(name)}: the nearest of its ${known.size} are ${names}`,
      );
    }
    const why = unanswerable(query, asked, today);
    if (why !== null) throw new HubError("schedule-wrong", why);
  }
}

async function listed(hub: Hub, row: ScheduleRow): Promise<ListedSchedule> {
  const skips = await hub.store.db
    .selectFrom("schedule_firing")
    .select(["due_at", "reason"])
    .where("schedule", "=", row.id)
    .where("outcome", "=", "skipped")
    .orderBy("due_at")
    .execute();
  const dates = await hub.store.db
    .selectFrom("schedule_skip")
    .select(["due_at", "reason"])
    .where("schedule", "=", row.id)
    .orderBy("due_at")
    .orderBy("query")
    .execute();
  return {
    id: row.id,
    group: row.group_name,
    queries: JSON.parse(row.queries) as string[],
    every: row.every,
    periods: row.periods,
    cron: row.cron,
    timezone: row.timezone,
    paused: row.paused === 1,
    nextDue: row.next_due === null ? null : new Date(row.next_due).toISOString(),
    fault: row.fault,
    skipped: [...skips, ...dates].map((skip) => ({
      due: new Date(skip.due_at).toISOString(),
      reason: skip.reason ?? "",
    })),
  };
}
