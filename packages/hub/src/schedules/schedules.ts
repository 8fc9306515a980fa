import { hubLog, type Actor } from "@cairn/ledger";
import { nearest, periodEnds, tryDayNumber } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { HubError } from "../errors.js";
import { inPlain, requirePerson, systemUser } from "../enrolment/names.js";
import { asksQuery, reviewStanding } from "@cairn/charters";
import { charterOf } from "../library/charters.js";
import { newestQueries } from "../library/queries.js";
import type { Change } from "../store/store.js";
import type { CatchUpRule, PeriodLength, ScheduleRow } from "../store/tables.js";
import { admittedMembers } from "./ask.js";
import { checkCron, checkZone, dateIn, nextDue } from "./due.js";
import { offerAgain } from "./join.js";
import { unanswerable } from "./periods.js";

export interface NewSchedule {
  readonly group: string;
  readonly queries: readonly string[];
  readonly every: PeriodLength;
  readonly periods: number;
  readonly until: string | null; // YYYY-MM-DD; null: the newest period that has ended
  readonly cron: string | null; // null: the first batch and no more
  readonly timezone: string;
  readonly catchUp: CatchUpRule;
  readonly catchUpWindow: number; // milliseconds
  readonly spread: number; // milliseconds
  readonly collectFor: number; // milliseconds
}

/** The result of adding a schedule. */
export interface AddedSchedule {
  /** The new schedule; where nothing was left to ask, one that asks it already. */
  readonly schedule: number;
  readonly added: boolean;
  readonly group: string;
  readonly every: PeriodLength;
  /** The new schedule's queries, with the dates of its first batch. */
  readonly queries: readonly string[];
  readonly dates: readonly string[];
  /**
   * Queries left out, since another schedule of the group asks them for these dates and goes on as this one would.
   */
  readonly askedAlready: readonly { readonly query: string; readonly schedule: number }[];
  /** Number of admitted practices of the group, which are asked first. */
  readonly practices: number;
  readonly nextDue: string | null; // ISO 8601, of that schedule, after the first batch. Null: it asks no more
  readonly timezone: string;
}

const MOST_PERIODS = 60;

/**
 * Adds a schedule. The first batch (every period up to `until`) is due at once, the cron expression after it. A query
 * that the group is asked already is left out: asked again, nobody would be. Where all are, nothing is added.
 * @param by the person.
 * @throws HubError group-unknown, query-unknown, not-in-charter, charter-overdue, no-library, schedule-wrong, name-wrong
 */
export async function addSchedule(hub: Hub, wanted: NewSchedule, by = systemUser()): Promise<AddedSchedule> {
  requirePerson(by);
  await checkWanted(hub, wanted);
  const now = hub.settings.now();
  const { group, every, timezone } = wanted;
  const dates = periodEnds(every, wanted.periods, wanted.until ?? dateIn(timezone, now));
  return hub.store.change(async (change) => {
    const askedAlready = await alreadyAsked(hub, change.tx, wanted, dates);
    const queries = wanted.queries.filter((name) => !askedAlready.some(({ query }) => query === name));
    const added = queries.length > 0;
    const schedule = added
      ? await insert(change, { ...wanted, queries }, now, by)
      : (askedAlready[0] as { schedule: number }).schedule;
    const practices = await admittedMembers(change, group);
    const { cron, paused } = await change.tx
      .selectFrom("schedule")
      .select(["cron", "paused"])
      .where("id", "=", schedule)
      .executeTakeFirstOrThrow();
    const next = cron === null || paused === 1 ? null : nextDue(cron, timezone, now);
    return {
      schedule,
      added,
      group,
      every,
      queries,
      dates: added ? dates : [],
      askedAlready,
      practices: practices.length,
      nextDue: next === null ? null : new Date(next).toISOString(),
      timezone,
    };
  });
}

async function insert({ tx, note }: Change, wanted: NewSchedule, now: number, by: Actor): Promise<number> {
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
  note(hubLog.scheduleAdded, {
    schedule: id,
    group: wanted.group,
    queries: wanted.queries.join(", "),
    every: wanted.every,
    periods: wanted.periods,
    by,
  });
  return id;
}

/**
 * Queries of which the group was asked for all of these dates, or is about to be, and which a schedule goes on to ask
 * for where this one would: each with that schedule.
 */
async function alreadyAsked(
  hub: Hub,
  tx: Change["tx"],
  { group, queries, every, cron }: NewSchedule,
  dates: readonly string[],
): Promise<{ query: string; schedule: number }[]> {
  const library = await newestQueries(hub, tx);
  const schedules = await tx
    .selectFrom("schedule")
    .selectAll()
    .where("group_name", "=", group)
    .where("every", "=", every)
    .orderBy("id")
    .execute();
  const opened = await tx
    .selectFrom("collection")
    .select(["query_digest", "reference_date"])
    .where("group_name", "=", group)
    .execute();
  return queries.flatMap((query) => {
    const own = schedules.filter((one) => (JSON.parse(one.queries) as string[]).includes(query));
    const running = own.filter(({ paused }) => paused === 0);
    const asked = new Set([
      ...running.flatMap(firstBatchAhead),
      ...opened.flatMap((one) => (one.query_digest === library.get(query)?.digest ? one.reference_date : [])),
    ]);
    if (!dates.every((date) => asked.has(date))) return [];
    const schedule = cron === null ? own[0] : running.find((one) => one.cron !== null);
    return schedule ? [{ query, schedule: schedule.id }] : [];
  });
}

/** The first batch of a schedule that has not asked yet. */
function firstBatchAhead(row: ScheduleRow): string[] {
  if (row.next_due !== row.created_at) return [];
  return periodEnds(row.every, row.periods, row.until_date ?? dateIn(row.timezone, row.created_at));
}

/** Pauses or resumes a schedule. @param by the person. @throws HubError schedule-unknown, name-wrong */
export async function pauseSchedule(hub: Hub, id: number, paused: boolean, by = systemUser()): Promise<void> {
  requirePerson(by);
  await hub.store.change(async ({ tx, note }) => {
    const done = await tx
      .updateTable("schedule")
      .set({ paused: paused ? 1 : 0 })
      .where("id", "=", id)
      .executeTakeFirst();
    if (done.numUpdatedRows === 0n) {
      throw new HubError("schedule-unknown", `there is no schedule ${id}: see cairn schedule list`);
    }
    if (!paused) await offerAgain(tx, id); // who joined meanwhile
    note(paused ? hubLog.schedulePaused : hubLog.scheduleResumed, { schedule: id, by });
  });
}

/** Whether a schedule of the group asks the query, or asked it. */
async function wasAsked({ store }: Hub, group: string, query: string): Promise<boolean> {
  const rows = await store.db
    .selectFrom("schedule")
    .select("queries")
    .where("group_name", "=", group)
    .execute();
  return rows.some(({ queries }) => (JSON.parse(queries) as string[]).includes(query));
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
  const known = await newestQueries(hub, hub.store.db);
  if (wanted.queries.length === 0)
    throw new HubError("schedule-wrong", "a schedule needs at least one query");
  if (!Number.isInteger(wanted.periods) || wanted.periods < 1 || wanted.periods > MOST_PERIODS) {
    throw new HubError("schedule-wrong", `--periods is a whole number from 1 to ${MOST_PERIODS}`);
  }
  if (wanted.until !== null && tryDayNumber(wanted.until) === null)
    throw new HubError("schedule-wrong", "--until is a date of the calendar: write it as YYYY-MM-DD");
  checkZone(wanted.timezone);
  if (wanted.cron !== null) checkCron(wanted.cron, wanted.timezone);
  const charter = await charterOf(hub.store.db, wanted.group);
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
    if (charter && !asksQuery(charter.charter, name))
      throw new HubError(
        "not-in-charter",
        `the charter of ${inPlain(wanted.group)} does not hold ${name}: it holds ${charter.charter.queries.join(", ")}, and no practice would answer`,
      );
    const overdue = charter && reviewStanding(charter.charter, today) === "stops-new-queries";
    if (overdue && !(await wasAsked(hub, wanted.group, name)))
      throw new HubError(
        "charter-overdue",
        `the charter of ${inPlain(wanted.group)} was to be reviewed by ${charter.charter.review}, more than a year ago: no practice accepts ${name}, which is new to it, before its signers have reviewed the charter (cairn library add --charter FILE)`,
      );
    const why = unanswerable(query, asked, today);
    if (why !== null) throw new HubError("schedule-wrong", why);
  }
}
