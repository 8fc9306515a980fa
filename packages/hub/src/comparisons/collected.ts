/**
 * Reads everything that was collected for one query, date and group, once: pages, JSON and terminal are made from it.
 */
import {
  releasedCells,
  type MemberCell,
  type Member,
  type CollectedAnswers,
  type RunState,
  type ShownParts,
  comparisonState,
} from "@cairn/comparisons";
import { cellsOf } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { optOutsUnder } from "../library/charters.js";
import { queryByDigest } from "../library/queries.js";
import { stateFor } from "../runs/requests.js";
import { keeperKeys } from "../runs/signed.js";
import { alarmOf } from "../runs/standing.js";
import type { Kysely } from "kysely";
import type { CollectionRow, ReleaseRow, Tables, UseRow } from "../store/tables.js";

/** @param db inside of a change, its transaction */
export async function collected(
  hub: Hub,
  collection: CollectionRow,
  db: Kysely<Tables> = hub.store.db,
): Promise<CollectedAnswers> {
  const query = await queryByDigest(hub, collection.query_digest, db);
  const cells = cellsOf(query, collection.reference_date);
  return {
    id: collection.id,
    group: collection.group_name,
    query,
    date: collection.reference_date,
    closesAt: collection.closes_at,
    closedAt: collection.closed_at,
    shown: shownOf(collection.dots),
    cells,
    members: await membersOf(hub, db, collection, cells.length, false),
    joiners: [
      ...(await membersOf(hub, db, collection, cells.length, true)),
      ...(await notAsked(db, collection)),
    ],
    figures: await figuresOf(db, collection.id),
  };
}

export function shownOf(dots: CollectionRow["dots"]): ShownParts {
  return dots === null ? false : dots === "shown" ? "all" : "sums-alone";
}

/** A closed collection's figures by position. */
export async function figuresOf(
  db: Kysely<Tables>,
  collection: number,
): Promise<CollectedAnswers["figures"]> {
  const figures = await db
    .selectFrom("group_figure")
    .selectAll()
    .where("collection", "=", collection)
    .execute();
  return new Map(figures.map((figure) => [figure.position, figure]));
}

/** Which of a group's collections are meant: of one query, from a date on (ISO). */
interface Asked {
  readonly query: string;
  readonly from?: string;
}

/** The collections of a group: for each query name and date the newest version asked. */
export async function collectionsOf(hub: Hub, group: string, asked?: Asked): Promise<CollectionRow[]> {
  let rows = hub.store.db.selectFrom("collection").selectAll().where("group_name", "=", group);
  if (asked) rows = rows.where("query", "=", asked.query);
  if (asked?.from !== undefined) rows = rows.where("reference_date", ">=", asked.from);
  const found = await rows.orderBy("id").execute();
  const newest = new Map(found.map((row) => [`${row.query} ${row.reference_date}`, row]));
  return [...newest.values()].sort(
    (a, b) => compare(a.query, b.query) || compare(a.reference_date, b.reference_date),
  );
}

/** The newest date of each query that a group was asked: of those that closed, or else of all. */
export async function newestDates(hub: Hub, group: string): Promise<Map<string, string>> {
  const rows = await hub.store.db
    .selectFrom("collection")
    .select(["query", (of) => of.fn.max("reference_date").as("newest")])
    .select((of) => of.fn.max("reference_date").filterWhere("closed_at", "is not", null).as("closed"))
    .where("group_name", "=", group)
    .groupBy("query")
    .orderBy("query")
    .execute();
  return new Map(rows.map(({ query, newest, closed }) => [query, closed ?? newest]));
}

/** Practices of the group that are not asked for this date, for instance because it is older than they answer. */
async function notAsked(db: Kysely<Tables>, { id, group_name }: CollectionRow): Promise<Member[]> {
  const rows = await db
    .selectFrom("group_member")
    .innerJoin("practice", "practice.id", "group_member.practice")
    .innerJoin("agent", "agent.practice", "practice.id")
    .select(["practice.id as practice", "practice.name"])
    .where("group_name", "=", group_name)
    .where("agent.state", "=", "admitted")
    .where("practice.id", "not in", (asked) =>
      asked.selectFrom("collection_member").select("practice").where("collection", "=", id),
    )
    .orderBy("practice.name")
    .execute();
  const nothing = { released: null, receivedAt: null, recordBasis: null, signature: null, corrected: false };
  return rows.map((row) => ({ ...row, ...nothing, state: "not-asked" }));
}

async function membersOf(
  hub: Hub,
  db: Kysely<Tables>,
  collection: CollectionRow,
  cells: number,
  late: boolean,
): Promise<Member[]> {
  const rows = await db
    .selectFrom("collection_member")
    .innerJoin("run", "run.id", "collection_member.run")
    .innerJoin("practice", "practice.id", "collection_member.practice")
    .leftJoin("agent", (join) =>
      join.onRef("agent.practice", "=", "collection_member.practice").on("agent.state", "=", "admitted"),
    )
    .leftJoin("run_request as request", (join) =>
      join.onRef("request.run", "=", "run.id").on("request.group_name", "=", collection.group_name),
    )
    .selectAll("run")
    .select(["practice.id as member", "practice.name", "agent.polled_at"])
    .leftJoin("withdrawal", (join) =>
      join.onRef("withdrawal.run", "=", "run.id").onRef("withdrawal.correction", "=", "run.correction"),
    )
    .select(["request.state as request_state", "request.newest_use", "request.without_use"])
    .select("withdrawal.run as withdrawn")
    .where("collection_member.collection", "=", collection.id)
    .where("collection_member.late", "=", late ? 1 : 0)
    .orderBy("practice.name")
    .execute();
  const held = await heldFor(db, collection);
  const keys = await keeperKeys(db);
  const optOuts = await optOutsUnder(db, collection.group_name);
  const floor = await db
    .selectFrom("practice_group")
    .select(["floor_k", "floor_base", "floor_midpoint"])
    .where("name", "=", collection.group_name)
    .executeTakeFirstOrThrow();
  const run = { query_digest: collection.query_digest, reference_date: collection.reference_date };
  const { now, offlineAfter } = hub.settings;
  return rows.map((row) => {
    const { release, use, since } = held(row);
    const given = use === null ? "none" : use.ended === 1 ? "ended" : release === null ? "none" : "given";
    const isFirst = row.group_name === collection.group_name;
    const stands = stateFor(stateOf(row), row.request_state ?? "asked", isFirst, given);
    const shown = stands === "released" && release && use ? { release, use } : null;
    const by = { run, floor, cells, keys: keys.get(row.member) ?? [] };
    const alarm = shown && alarmOf({ ...shown, ...by, charterOptOuts: optOuts(shown.use.charter_digest) });
    const counted = alarm === null ? shown?.release : undefined;
    return {
      practice: row.member,
      name: row.name,
      state: alarm === null ? comparisonState(stands, row.polled_at, now(), offlineAfter) : "refused",
      ...(alarm === null ? {} : { alarm }),
      released: counted ? valuesOf(counted, cells) : null,
      receivedAt: counted ? Math.max(counted.received_at, since) : null,
      recordBasis: counted?.record_basis ?? null,
      ...(counted ? { optOuts: counted.opt_outs } : {}),
      signature: counted?.signature ?? null,
      corrected: counted !== undefined && row.correction > 0,
    };
  });
}

/** A run's state. It is withdrawn where its practice has signed a withdrawal, whatever the row says. */
function stateOf(run: { readonly state: RunState; readonly withdrawn: string | null }): RunState {
  return run.withdrawn !== null && run.state === "released" ? "withdrawn" : run.state;
}

interface Held {
  readonly release: ReleaseRow | null;
  readonly use: UseRow | null; // the group's newest, of this release
  readonly since: number; // when the leave that is in force came; 0 where figures were made before leave was needed
}

interface HeldBy {
  readonly id: string;
  readonly correction: number;
  readonly newest_use: number | null;
  readonly without_use: number | null;
}

/** The releases of a collection's runs with the uses that its group has of them. */
async function heldFor(
  db: Kysely<Tables>,
  { id, group_name }: CollectionRow,
): Promise<(run: HeldBy) => Held> {
  const releases = await db
    .selectFrom("release")
    .selectAll()
    .where("run", "in", (of) => of.selectFrom("collection_member").select("run").where("collection", "=", id))
    .execute();
  const uses = await db
    .selectFrom("release_use")
    .selectAll()
    .where("group_name", "=", group_name)
    .where("run", "in", (of) => of.selectFrom("collection_member").select("run").where("collection", "=", id))
    .orderBy("log_index", "desc")
    .orderBy("hub_log_index", "desc")
    .execute();
  const [releasesOf, usesOf] = [byRun(releases), byRun(uses)];
  return ({ id: run, correction, newest_use, without_use }) => {
    const own = usesOf(run).filter((use) => use.correction === correction);
    const end = own.findIndex(({ ended }) => ended === 1);
    const inForce = end < 0 ? own : own.slice(0, end);
    const pointed = own.find(({ hub_log_index }) => hub_log_index === newest_use) ?? null;
    // The row that points is not signed: an end that stands later in the practice's log is believed before it.
    const later = pointed && own.find((use) => use.ended === 1 && use.log_index > pointed.log_index);
    return {
      release: releasesOf(run).find((one) => one.correction === correction) ?? null,
      use: later ?? pointed,
      since: end < 0 && without_use === 1 ? 0 : Math.min(...inForce.map((use) => use.received_at)),
    };
  };
}

/** The rows of a run, in their order. */
function byRun<T extends { readonly run: string }>(rows: readonly T[]): (run: string) => readonly T[] {
  const of = new Map<string, T[]>();
  for (const row of rows) {
    const own = of.get(row.run);
    if (own) own.push(row);
    else of.set(row.run, [row]);
  }
  return (run) => of.get(run) ?? [];
}

type Bytes = Pick<ReleaseRow, "bytes" | "policy_k" | "policy_base" | "policy_midpoint">;

function valuesOf(row: Bytes, cells: number): MemberCell[] {
  return releasedCells(
    row.bytes,
    { k: row.policy_k, base: row.policy_base, midpoint: row.policy_midpoint },
    cells,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
