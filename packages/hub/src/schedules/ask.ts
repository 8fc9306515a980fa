/** Asks one practice for one date: when the date opens, or when the practice joins. */
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

/** Makes the practice a member of the collection, with its run and the group's request for it. */
export async function askPractice(
  tx: Change["tx"],
  { id: collection, schedule, query, date }: Asked,
  practice: string,
  { now, backfill, joined }: When,
): Promise<void> {
  const run = runId(practice, query.digest, date);
  const hash = createHash("sha256").update(`${schedule.id} ${practice}`).digest();
  const moment = now + momentWithin(schedule.spread, hash);
  const due = {
    state: moment > now ? ("not-due" as const) : ("offered" as const),
    reason: null,
    not_before: moment,
    backfill: backfill ? 1 : 0,
    changed_at: now,
  };
  await tx
    .insertInto("run")
    .values({
      id: run,
      practice,
      query: query.name,
      query_version: query.version,
      query_digest: query.digest,
      reference_date: date,
      group_name: schedule.group_name,
      lease_until: null,
      ...due,
    })
    .onConflict((shared) => shared.doNothing()) // another group asked the same of this practice
    .execute();
  await tx
    .insertInto("run_request")
    .values({ run, group_name: schedule.group_name, practice, state: "asked" })
    .execute();
  // One that had expired for others is asked for again.
  await tx.updateTable("run").set(due).where("id", "=", run).where("state", "=", "expired").execute();
  await tx
    .insertInto("collection_member")
    .values({
      collection,
      practice,
      run,
      joined_at: joined ? now : null,
      late: joined?.late === true ? 1 : 0,
    })
    .execute();
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
