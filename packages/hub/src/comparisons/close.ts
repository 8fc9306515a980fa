/** Closing a collection: its group figures are made once, from what is there, and never again. */
import type { Cell } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics";
import type { Hub } from "../hub.js";
import { inPlain, requireName, systemUser } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import { awaited } from "../runs/requests.js";
import { orSetAside } from "../store/set-aside.js";
import type { Change } from "../store/store.js";
import { collected, type Collected, type Value } from "./collected.js";
import { makeFigure, type Contribution, type Figure } from "./figure.js";

/** Closes what has come to its end: every member settled towards this group, or the time to collect over. @returns how many */
export async function closeCollections(hub: Hub): Promise<number> {
  const now = hub.settings.now();
  const ended = await hub.store.db
    .selectFrom("collection")
    .selectAll()
    .where("closed_at", "is", null)
    .where((where) => where.or([where("retry_at", "is", null), where("retry_at", "<=", now)]))
    .where((where) => where.or([where("closes_at", "<=", now), where.not(awaited(where))]))
    .orderBy("id")
    .execute();
  let done = 0;
  for (const collection of ended) {
    const isDone = await orSetAside(hub, "collection", collection, async () => {
      const found = await collected(hub, collection);
      await hub.store.change("close", (change) => close(change, found, now));
    });
    if (isDone) done += 1;
  }
  return done;
}

export interface SetAside {
  readonly query: string;
  readonly date: string;
  readonly fault: string;
}

/**
 * Ends a group's open collections now, with what is there.
 * @param by who decides. @returns how many @throws HubError group-unknown, name-wrong
 */
export async function closeNow(hub: Hub, group: string, by = systemUser()): Promise<number> {
  requireName("person", by);
  const known = await hub.store.db
    .selectFrom("practice_group")
    .select("name")
    .where("name", "=", group)
    .executeTakeFirst();
  if (!known) throw new HubError("group-unknown", `this hub has no group ${inPlain(group)}`);
  await hub.store.change("other", async ({ tx, note }) => {
    const ended = await tx
      .updateTable("collection")
      .set({ closes_at: hub.settings.now(), retry_at: null })
      .where("group_name", "=", group)
      .where("closed_at", "is", null)
      .executeTakeFirst();
    if (ended.numUpdatedRows > 0n)
      note("collections-ended", { group, collections: Number(ended.numUpdatedRows), by });
  });
  return closeCollections(hub);
}

/** A group's collections that should be closed, and could not be: each with why. */
export async function setAsideOf(hub: Hub, group: string): Promise<SetAside[]> {
  const rows = await hub.store.db
    .selectFrom("collection")
    .select(["query", "reference_date as date", "fault"])
    .where("group_name", "=", group)
    .where("closed_at", "is", null)
    .where("fault", "is not", null)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({ ...row, fault: row.fault ?? "" }));
}

async function close({ tx, note }: Change, found: Collected, now: number): Promise<void> {
  const closed = await tx
    .updateTable("collection")
    .set({ closed_at: now })
    .where("id", "=", found.id)
    .where("closed_at", "is", null)
    .executeTakeFirst();
  if (closed.numUpdatedRows === 0n) return; // another process was here first
  let made = 0;
  for (const [position, cell] of found.cells.entries()) {
    const figure = makeFigure(contributionsOf(found, position), await otherSets(tx, found, cell));
    await keep(tx, found, position, cell, figure);
    if (figure.state === "made") made += 1;
  }
  note("collection-closed", {
    collection: found.id,
    released: found.members.filter((member) => member.released).length,
    members: found.members.length,
    figures: made,
  });
}

function contributionsOf(found: Collected, position: number): Contribution[] {
  return found.members.flatMap((member) => {
    const cell = member.released?.[position];
    return cell
      ? [
          {
            practice: member.practice,
            denominator: known(cell.denominator),
            numerator: known(cell.numerator),
          },
        ]
      : [];
  });
}

function known(value: Value): Interval | null {
  return value === "withheld" ? null : value;
}

/** Who contributes to the figures that other groups have for this query, date and cell. */
async function otherSets(tx: Change["tx"], found: Collected, cell: Cell): Promise<string[][]> {
  const rows = await tx
    .selectFrom("group_figure")
    .innerJoin("contributor_set", "contributor_set.id", "group_figure.contributor_set")
    .select("contributor_set.practices")
    .distinct()
    .where("query", "=", found.query.query)
    .where("reference_date", "=", found.date)
    .where("cell", "=", cellKey(cell))
    .where("collection", "!=", found.id)
    .execute();
  return rows.map((row) => JSON.parse(row.practices) as string[]);
}

async function keep(
  tx: Change["tx"],
  found: Collected,
  position: number,
  cell: Cell,
  figure: Figure,
): Promise<void> {
  const { numbers } = figure;
  await tx
    .insertInto("group_figure")
    .values({
      collection: found.id,
      query: found.query.query,
      reference_date: found.date,
      cell: cellKey(cell),
      position,
      state: figure.state,
      contributors: figure.contributors.length,
      contributor_set: numbers ? await setId(tx, figure.contributors) : null,
      numerator_low: numbers?.numerator.low ?? null,
      numerator_high: numbers?.numerator.high ?? null,
      denominator_low: numbers?.denominator.low ?? null,
      denominator_high: numbers?.denominator.high ?? null,
      median_low: numbers?.median?.low ?? null,
      median_high: numbers?.median?.high ?? null,
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

/** The same cell of two versions of a query has the same key. */
function cellKey(cell: Cell): string {
  return JSON.stringify(Object.fromEntries(Object.entries(cell).sort(([a], [b]) => (a < b ? -1 : 1))));
}
