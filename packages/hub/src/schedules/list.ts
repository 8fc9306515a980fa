/** Lists schedules: what each asks next, what it has asked, and what later members are asked for. */
import type { Hub } from "../hub.js";
import type { PeriodLength, ScheduleRow } from "../store/tables.js";

export interface ListedSchedule {
  readonly id: number;
  readonly group: string;
  readonly queries: readonly string[];
  readonly every: PeriodLength;
  readonly periods: number;
  readonly cron: string | null;
  readonly timezone: string;
  readonly paused: boolean;
  readonly nextDue: string | null; // ISO 8601
  readonly fault: string | null; // why it could not ask, and is tried again within the hour
  readonly asked: AskedDates;
  readonly practices: number; // that it has asked
  readonly joined: readonly LaterMember[];
  readonly skipped: readonly { due: string; reason: string }[];
}

interface AskedDates {
  readonly dates: number;
  readonly from: string | null; // YYYY-MM-DD
  readonly to: string | null;
}

/** A practice that joined after dates had been asked for. */
export interface LaterMember {
  readonly practice: string;
  readonly at: string | null; // ISO 8601, when it was asked; null: it was asked for none of them
  readonly asked: AskedDates;
  /** Dates, of those asked, of which the group's figures had been made: they stay, and it has its own line. */
  readonly ownLine: AskedDates;
  /** Dates older than practices answer, or asked under an earlier version of the query. */
  readonly notAsked: AskedDates;
}

export async function listSchedules(hub: Hub): Promise<ListedSchedule[]> {
  const rows = await hub.store.db.selectFrom("schedule").selectAll().orderBy("id").execute();
  return Promise.all(rows.map((row) => listed(hub, row)));
}

async function listed(hub: Hub, row: ScheduleRow): Promise<ListedSchedule> {
  const queries = JSON.parse(row.queries) as string[];
  const asked = await collectionsOf(hub, row.group_name, queries);
  const told = await membersOf(hub, row.group_name, queries);
  return {
    id: row.id,
    group: row.group_name,
    queries,
    every: row.every,
    periods: row.periods,
    cron: row.cron,
    timezone: row.timezone,
    paused: row.paused === 1,
    nextDue: row.next_due === null ? null : new Date(row.next_due).toISOString(),
    fault: row.fault,
    asked: datesOf(asked),
    practices: new Set(told.map(({ practice }) => practice)).size,
    joined: await joinedLater(hub, row.group_name, asked, told),
    skipped: await skippedBy(hub, row.id),
  };
}

interface Collection {
  readonly id: number;
  readonly date: string;
}

interface Told {
  readonly collection: number;
  readonly practice: string; // id
  readonly date: string;
  readonly joined_at: number | null;
  readonly late: number;
}

function collectionsOf(hub: Hub, group: string, queries: readonly string[]): Promise<Collection[]> {
  return hub.store.db
    .selectFrom("collection")
    .select(["id", "reference_date as date"])
    .where("group_name", "=", group)
    .where("query", "in", queries)
    .execute();
}

function membersOf(hub: Hub, group: string, queries: readonly string[]): Promise<Told[]> {
  return hub.store.db
    .selectFrom("collection_member as member")
    .innerJoin("collection", "collection.id", "member.collection")
    .select(["collection.id as collection", "collection.reference_date as date"])
    .select(["member.practice", "member.joined_at", "member.late"])
    .where("group_name", "=", group)
    .where("query", "in", queries)
    .execute();
}

/** Admitted practices of the group that were not asked for every date when it opened, by name. */
async function joinedLater(
  hub: Hub,
  group: string,
  collections: readonly Collection[],
  told: readonly Told[],
): Promise<LaterMember[]> {
  const practices = await hub.store.db
    .selectFrom("group_member")
    .innerJoin("practice", "practice.id", "group_member.practice")
    .innerJoin("agent", "agent.practice", "practice.id")
    .select(["practice.id", "practice.name"])
    .where("group_name", "=", group)
    .where("agent.state", "=", "admitted")
    .orderBy("practice.name")
    .execute();
  return practices.flatMap(({ id, name }) => {
    const own = told.filter(({ practice }) => practice === id);
    const later = own.filter((one) => one.joined_at !== null);
    const notAsked = collections.filter((one) => !own.some(({ collection }) => collection === one.id));
    if (later.length === 0 && notAsked.length === 0) return [];
    const at = later.length > 0 ? Math.min(...later.map((one) => one.joined_at as number)) : null;
    return [
      {
        practice: name,
        at: at === null ? null : new Date(at).toISOString(),
        asked: datesOf(later),
        ownLine: datesOf(later.filter(({ late }) => late === 1)),
        notAsked: datesOf(notAsked),
      },
    ];
  });
}

function datesOf(those: readonly { readonly date: string }[]): AskedDates {
  const dates = [...new Set(those.map(({ date }) => date))].sort();
  return { dates: dates.length, from: dates[0] ?? null, to: dates.at(-1) ?? null };
}

async function skippedBy(hub: Hub, schedule: number): Promise<ListedSchedule["skipped"]> {
  const firings = await hub.store.db
    .selectFrom("schedule_firing")
    .select(["due_at", "reason"])
    .where("schedule", "=", schedule)
    .where("outcome", "=", "skipped")
    .orderBy("due_at")
    .execute();
  const dates = await hub.store.db
    .selectFrom("schedule_skip")
    .select(["due_at", "reason"])
    .where("schedule", "=", schedule)
    .orderBy("due_at")
    .orderBy("query")
    .execute();
  return [...firings, ...dates].map((skip) => ({
    due: new Date(skip.due_at).toISOString(),
    reason: skip.reason ?? "",
  }));
}
