/** Asks practices for past dates, once they are admitted and in the group. */
import { hubLog } from "@cairn/ledger";
import type { Hub } from "../hub.js";
import { newestQueries } from "../library/queries.js";
import type { Change } from "../store/store.js";
import { ask } from "./ask.js";
import { dateIn } from "./due.js";
import { answerable } from "./periods.js";

interface Joiner {
  readonly group: string;
  readonly practice: string; // id
  readonly agent: string;
}

/**
 * Asks each practice that has joined a group, or came back to the hub with a new agent, for the dates that the
 * group's schedules have asked for and that it would answer. What is shown of a date stays as it is: there the
 * practice has its own line. One that cannot be asked does not keep the others from it.
 * @returns the number of practices
 * @throws the first failure, after all were tried
 */
export async function offerPastDates(hub: Hub): Promise<number> {
  const joiners = await hub.store.db
    .selectFrom("group_member")
    .innerJoin("agent", "agent.practice", "group_member.practice")
    .select(["group_name as group", "group_member.practice", "agent.id as agent"])
    .where("agent.state", "=", "admitted")
    .where((is) => is.or([is("offered_to", "is", null), is("offered_to", "!=", is.ref("agent.id"))]))
    .orderBy("joined_at")
    .orderBy("group_member.practice")
    .execute();
  const failures: unknown[] = [];
  for (const joiner of joiners)
    await hub.store
      .change((change) => askAll(hub, change, joiner))
      .catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
  return joiners.length;
}

async function askAll(hub: Hub, change: Change, { group, practice, agent }: Joiner): Promise<void> {
  const { tx, note } = change;
  change.concerns([practice]);
  const now = hub.settings.now();
  const schedules = await tx
    .selectFrom("schedule")
    .selectAll()
    .where("group_name", "=", group)
    .where("paused", "=", 0)
    .orderBy("id")
    .execute();
  const library = schedules.length > 0 ? await newestQueries(hub, tx) : new Map<string, never>();
  const collections = await tx
    .selectFrom("collection")
    .selectAll()
    .where("group_name", "=", group)
    .where("id", "not in", (own) =>
      own.selectFrom("collection_member").select("collection").where("practice", "=", practice),
    )
    .orderBy("reference_date")
    .execute();
  const asked: { late: boolean }[] = [];
  for (const { id, query: name, query_digest, reference_date: date, closed_at, shown } of collections) {
    const schedule = schedules.find(({ queries }) => (JSON.parse(queries) as string[]).includes(name));
    const query = library.get(name);
    // Of an earlier version of the query, and further back than its count, no practice answers.
    if (!schedule || query?.digest !== query_digest) continue;
    if (!answerable(query.query, dateIn(schedule.timezone, now)).includes(date)) continue;
    const joined = { late: shown === 1 };
    await ask(tx, { id, schedule, query, date }, [practice], { now, backfill: true, joined });
    if (closed_at !== null && !joined.late)
      await waitAgain(tx, id, now + schedule.spread + schedule.collect_for);
    asked.push(joined);
  }
  await tx
    .updateTable("group_member")
    .set({ offered_to: agent })
    .where("group_name", "=", group)
    .where("practice", "=", practice)
    .execute();
  if (asked.length === 0) return;
  const late = asked.filter((one) => one.late).length;
  note(hubLog.pastDatesAsked, { group, practice, collections: asked.length, late });
}

/**
 * Reopens a collection of which nothing was shown: it closes once more, when everyone asked has settled or this time
 * is over.
 */
async function waitAgain(tx: Change["tx"], collection: number, until: number): Promise<void> {
  await tx.updateTable("collection").set({ closes_at: until }).where("id", "=", collection).execute();
}

/** Asks members of the schedule's group again for dates that they were not asked for. */
export async function offerAgain(tx: Change["tx"], schedule: number): Promise<void> {
  await tx
    .updateTable("group_member")
    .set({ offered_to: null })
    .where("group_name", "=", (of) =>
      of.selectFrom("schedule").select("group_name").where("id", "=", schedule),
    )
    .execute();
}
