/** Closes collections: a collection's group figures are made once, from what is there, and never again. */
import type { Cell } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import {
  sql,
  type Expression,
  type ExpressionBuilder,
  type ExpressionWrapper,
  type Kysely,
  type SelectQueryBuilder,
  type SqlBool,
} from "kysely";
import type { Hub } from "../hub.js";
import { inPlain, requirePerson, systemUser } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import { awaited } from "../runs/requests.js";
import { orSetAside } from "../set-aside.js";
import type { Change } from "../store/store.js";
import type { CollectionRow, Tables } from "../store/tables.js";
import { collected, figuresOf, shownOf } from "./collected.js";
import {
  type CollectedAnswers,
  type MemberCell,
  type Value,
  ALL_RULES,
  decideFigures,
  dominatedSides,
  cellKey,
  FEWEST,
  releasedIn,
  type Contribution,
  type Figure,
  mayShowDots,
  type Side,
  unitOf,
} from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { OptOuts } from "@cairn/wire";
import { shownBefore } from "./before.js";
import { askedOf, dotsBefore } from "./dots-before.js";
import { charterOf } from "../library/charters.js";
import { makeDocument } from "./documents.js";

/**
 * Closes collections that are over: every member settled towards this group, or the time to collect past; and closes
 * once more those of which nothing is shown, when enough releases have come. Older dates first: of two figures that
 * cannot both be shown, the one of the later date is not.
 * @returns the number closed
 */
export async function closeCollections(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const ended = (await overBy(hub, now)).sort((a, b) =>
    a.reference_date < b.reference_date ? -1 : a.reference_date > b.reference_date ? 1 : a.id - b.id,
  );
  let done = 0;
  for (const collection of ended) {
    const isDone = await orSetAside(hub, "collection", collection, async () => {
      await hub.store.change((change) => close(hub, change, collection, now));
    });
    if (isDone) done += 1;
  }
  return done;
}

/**
 * The collections to close now, of those that it is time to look at; of the others it notes when to look again. One that is to
 * be closed is looked at until it is.
 */
async function overBy({ store }: Hub, now: number): Promise<CollectionRow[]> {
  const { db } = store;
  const [first] = await toLookAt(db, now).select("id").limit(1).execute();
  if (!first) return [];
  return store.quietly(async (tx) => {
    const looked = await toLookAt(tx, now)
      .selectAll()
      .select((where) => [ended(where, now).as("ended"), where.exists(enough(where)).as("enough")])
      .execute();
    const over = looked.filter(
      (one) => one.ended && (one.closed_at === null || (one.shown === 0 && one.enough)),
    );
    for (const { id, closed_at, shown, ended, closes_at } of looked.filter((one) => !over.includes(one)))
      await tx
        .updateTable("collection")
        .set({ look_at: ended || (closed_at !== null && shown === 1) ? null : closes_at })
        .where("id", "=", id)
        .execute();
    return over;
  });
}

/** Collections that it is time to look at, but for those that are set aside. */
function toLookAt(db: Kysely<Tables>, now: number): SelectQueryBuilder<Tables, "collection", object> {
  return db
    .selectFrom("collection")
    .where("look_at", "<=", now)
    .where((where) => where.or([where("retry_at", "is", null), where("retry_at", "<=", now)]));
}

type Where = ExpressionBuilder<Tables, "collection">;

function ended(where: Where, now: number): ExpressionWrapper<Tables, "collection", SqlBool> {
  const settled = where.and([anyMember(where), where.not(awaited(where))]);
  return where.or([where("closes_at", "<=", now), settled]);
}

/** Whether the group has a practice: a date that was asked before waits for the first one. */
function anyMember(where: Where): Expression<SqlBool> {
  const members = where.selectFrom("collection_member as any").select("any.run");
  return where.exists(members.whereRef("any.collection", "=", "collection.id"));
}

/** As `fewestOf`, of each collection's group. */
const charterFewest = sql<number>`max(${FEWEST}, coalesce((SELECT json_extract(CAST(charter.bytes AS TEXT), '$.contributors')
  FROM charter WHERE charter.group_name = collection.group_name AND charter.in_force = 1), 0))`;

/**
 * Whether enough results have come since a collection was closed with nothing to show (no sum, middle or dot). To a reader it
 * was as good as open: there is no earlier figure from which to tell whose release came.
 */
function enough(where: Where): Expression<unknown> {
  return where
    .selectFrom("collection_member as member")
    .innerJoin("run", "run.id", "member.run")
    .innerJoin("run_request as request", (join) =>
      join.onRef("request.run", "=", "run.id").onRef("request.group_name", "=", "collection.group_name"),
    )
    .innerJoin("release", (join) =>
      join.onRef("release.run", "=", "run.id").onRef("release.correction", "=", "run.correction"),
    )
    .innerJoin("release_use as use", (join) =>
      join
        .onRef("use.hub_log_index", "=", "request.newest_use")
        .onRef("use.correction", "=", "run.correction")
        .onRef("use.release_digest", "=", "release.digest"),
    )
    .select("member.collection")
    .whereRef("member.collection", "=", "collection.id")
    .where("run.state", "=", "released")
    .where("use.ended", "=", 0)
    .groupBy("member.collection")
    .having((is) => is(is.fn.countAll<number>(), ">=", charterFewest))
    .having(
      sql<boolean>`max(max(release.hub_log_index), max(use.hub_log_index)) > coalesce(collection.closed_index, -1)`,
    );
}

export interface SetAsideCollection {
  readonly query: string;
  readonly date: string;
  readonly fault: string;
}

/**
 * Closes a group's open collections now, with what is there.
 * @param by the person.
 * @returns the number closed
 * @throws HubError group-unknown, name-wrong
 */
export async function closeNow(hub: Hub, group: string, by = systemUser()): Promise<number> {
  requirePerson(by);
  const known = await hub.store.db
    .selectFrom("practice_group")
    .select("name")
    .where("name", "=", group)
    .executeTakeFirst();
  if (!known) throw new HubError("group-unknown", `this hub has no group ${inPlain(group)}`);
  const now = hub.settings.now();
  await hub.store.change(async ({ tx, note }) => {
    const ended = await tx
      .updateTable("collection")
      .set({ closes_at: now, retry_at: null })
      .where("group_name", "=", group)
      .where((is) =>
        is.or([is("closed_at", "is", null), is.and([is("shown", "=", 0), is("closes_at", ">", now)])]),
      )
      .executeTakeFirst();
    if (ended.numUpdatedRows > 0n)
      note(hubLog.collectionsEnded, { group, collections: Number(ended.numUpdatedRows), by });
  });
  return closeCollections(hub);
}

/** A group's collections that should be closed, and could not be: each with the fault. */
export async function setAsideOf(hub: Hub, group: string): Promise<SetAsideCollection[]> {
  const rows = await hub.store.db
    .selectFrom("collection")
    .select(["query", "reference_date as date", "fault"])
    .where("group_name", "=", group)
    .where("fault", "is not", null)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ ...row, fault: row.fault ?? "" }));
}

async function close(hub: Hub, change: Change, collection: CollectionRow, now: number): Promise<void> {
  const { tx, note } = change;
  const found = await collected(hub, collection, tx); // in the change: what its log tells before is in it, and nothing else
  const closed = await tx
    .updateTable("collection")
    .set({ closed_at: now })
    .where("id", "=", found.id)
    .where("closed_at", "is", found.closedAt)
    .executeTakeFirst();
  if (closed.numUpdatedRows === 0n) return; // another process was here first
  await tx.deleteFrom("group_figure").where("collection", "=", found.id).execute(); // of which nothing was shown
  const { populations, followsListSizes, before, dominated, others } = await shownBefore(hub, tx, found);
  const fewest = await fewestOf(tx, found.group);
  const isEnough = releasedIn(found).length >= fewest; // of fewer nothing is shown, as of fewer than five
  const family = {
    fewest,
    date: found.date,
    populations,
    followsListSizes,
    members: found.members.length,
    cells: found.cells,
    released: found.cells.map((_, position) => (isEnough ? contributionsOf(found, position) : [])),
  };
  const figures = decideFigures(family, before, others, ALL_RULES, dominated);
  for (const [position, figure] of figures.entries())
    await keep(tx, found, position, figure, dominatedSides(family, position));
  const { index } = note(hubLog.collectionClosed, {
    collection: found.id,
    released: found.members.filter((member) => member.released).length,
    members: found.members.length,
    figures: figures.filter(({ state }) => state === "made").length,
  });
  const shown = figures.some(({ state, median }) => state !== "too-few" || median !== null);
  await markLeavers(tx, found);
  const mine = { group: found.group, date: found.date, ...(await askedOf(tx, found.id)) };
  const dots = shown ? (mayShowDots(mine, await dotsBefore(hub, tx, found)) ? "shown" : "too-close") : null;
  await tx
    .updateTable("collection")
    .set({ shown: shown ? 1 : 0, dots, closed_index: index, look_at: null })
    .where("id", "=", found.id)
    .execute();
  const kept = { closedAt: now, shown: shownOf(dots), figures: await figuresOf(tx, found.id) };
  await makeDocument(hub, change, found.id, { ...found, ...kept });
}

/** The practices that have to contribute before anything of the group is shown: its charter can ask for more than five. */
async function fewestOf(tx: Change["tx"], group: string): Promise<number> {
  return Math.max(FEWEST, (await charterOf(tx, group))?.charter.contributors ?? 0);
}

/** Keeps who of those asked is no longer in the group. */
async function markLeavers(tx: Change["tx"], { id, group }: CollectedAnswers): Promise<void> {
  const still = tx.selectFrom("group_member").select("practice").where("group_name", "=", group);
  await tx
    .updateTable("collection_member")
    .set(({ case: either }) => ({
      left_before: either().when("practice", "in", still).then(0).else(1).end(),
    }))
    .where("collection", "=", id)
    .execute();
}

function contributionsOf(found: CollectedAnswers, position: number): Contribution[] {
  return found.members.flatMap(({ practice, released, optOuts }) => {
    const cell = released?.[position];
    if (!cell) return [];
    const denominator = known(cell.denominator);
    const numerator = known(cell.numerator);
    const unit = unitOf(practice, optOuts !== ("OPT_OUTS_LEFT_OUT" satisfies OptOuts));
    return [{ practice: unit, denominator, numerator, carried: isCarried(cell) }];
  });
}

function known(value: Value): Interval | null {
  return value === "withheld" ? null : value;
}

function isCarried({ denominator, numerator }: MemberCell): boolean {
  return [denominator, numerator].some((value) => value !== "withheld" && (value.carried ?? 0) > 0);
}

async function keep(
  tx: Change["tx"],
  found: CollectedAnswers,
  position: number,
  figure: Figure,
  dominated: readonly Side[],
): Promise<void> {
  const { numbers, median } = figure;
  const setOf = (side: Side, practices: readonly string[]): Promise<number> | null =>
    numbers || dominated.includes(side) ? setId(tx, practices) : null;
  await tx
    .insertInto("group_figure")
    .values({
      collection: found.id,
      query: found.query.query,
      reference_date: found.date,
      cell: cellKey(found.cells[position] as Cell),
      position,
      state: figure.state,
      contributors: figure.contributors.length,
      contributor_set: await setOf("denominator", figure.contributors),
      numerator_set: await setOf("numerator", figure.numerators),
      withheld: figure.contributors.length - figure.numerators.length,
      carried: figure.carried,
      numerator_low: numbers?.numerator.low ?? null,
      numerator_high: numbers?.numerator.high ?? null,
      denominator_low: numbers?.denominator.low ?? null,
      denominator_high: numbers?.denominator.high ?? null,
      median_low: median?.low ?? null,
      median_high: median?.high ?? null,
    })
    .execute();
}

async function setId(tx: Change["tx"], practices: readonly string[]): Promise<number> {
  const text = JSON.stringify(practices);
  const kept = await tx
    .selectFrom("contributor_set")
    .select("id")
    .where("practices", "=", text)
    .executeTakeFirst();
  if (kept) return kept.id;
  const made = await tx
    .insertInto("contributor_set")
    .values({ practices: text })
    .returning("id")
    .executeTakeFirstOrThrow();
  return made.id;
}
