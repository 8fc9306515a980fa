/** Asks practices for one date of one query: all when the date opens, one when it joins. */
import { createHash } from "node:crypto";
import type { PublishedQuery } from "../library/queries.js";
import { runId } from "../runs/offer.js";
import type { Change } from "../store/store.js";
import type { ScheduleRow } from "../store/tables.js";
import { momentWithin } from "./due.js";

/** A collection, the schedule that asks for it, and its query. */
interface Asked {
  readonly id: number;
  readonly schedule: Pick<ScheduleRow, "id" | "group_name" | "spread">;
  readonly query: Pick<PublishedQuery, "name" | "version" | "digest">;
  readonly date: string;
}

interface When {
  readonly now: number;
  /** Whether no catch-up rule ends it. */
  readonly backfill: boolean;
  /** Set where the practice joined after the date had opened: whether some of it was shown by then. */
  readonly joined?: { readonly late: boolean };
}

/** Rows of one statement: SQLite binds 32,766 values at most. */
const AT_ONCE = 500;

/** Makes the practices members of the collection, each with its run and the group's request for it. */
export async function ask(
  tx: Change["tx"],
  asked: Asked,
  practices: readonly string[],
  when: When,
): Promise<void> {
  for (let from = 0; from < practices.length; from += AT_ONCE)
    await askSome(tx, asked, practices.slice(from, from + AT_ONCE), when);
}

async function askSome(
  tx: Change["tx"],
  { id: collection, schedule, query, date }: Asked,
  practices: readonly string[],
  { now, backfill, joined }: When,
): Promise<void> {
  const runs = practices.map((practice) => {
    const hash = createHash("sha256").update(`${schedule.id} ${practice}`).digest();
    const moment = now + momentWithin(schedule.spread, hash);
    return {
      id: runId(practice, query.digest, date),
      practice,
      query: query.name,
      query_version: query.version,
      query_digest: query.digest,
      reference_date: date,
      group_name: schedule.group_name,
      lease_until: null,
      state: moment > now ? ("not-due" as const) : ("offered" as const),
      reason: null,
      not_before: moment,
      backfill: backfill ? 1 : 0,
      changed_at: now,
    };
  });
  // One that another group asked of this practice is shared; one that had expired for others is asked for again.
  await tx
    .insertInto("run")
    .values(runs)
    .onConflict((shared) =>
      shared
        .column("id")
        .doUpdateSet((is) => ({
          state: is.ref("excluded.state"),
          reason: null,
          not_before: is.ref("excluded.not_before"),
          backfill: is.ref("excluded.backfill"),
          changed_at: now,
        }))
        .where("run.state", "=", "expired"),
    )
    .execute();
  const requests = runs.map(({ id, practice }) => ({ run: id, practice }));
  await tx
    .insertInto("run_request")
    .values(requests.map((one) => ({ ...one, group_name: schedule.group_name, state: "asked" as const })))
    .execute();
  const late = joined?.late === true ? 1 : 0;
  await tx
    .insertInto("collection_member")
    .values(requests.map((one) => ({ ...one, collection, joined_at: joined ? now : null, late })))
    .execute();
  // It may be the first one that a date waited for, and answered already for another group.
  if (joined) await tx.updateTable("collection").set({ look_at: 0 }).where("id", "=", collection).execute();
}

/** The practices that are asked when a date opens; later ones are asked by `offerPastDates`. */
export async function admittedMembers({ tx }: Change, group: string): Promise<string[]> {
  const rows = await tx
    .selectFrom("group_member")
    .innerJoin("agent", "agent.practice", "group_member.practice")
    .select("group_member.practice")
    .where("group_name", "=", group)
    .where("agent.state", "=", "admitted")
    .orderBy("group_member.practice")
    .execute();
  return rows.map((row) => row.practice);
}
