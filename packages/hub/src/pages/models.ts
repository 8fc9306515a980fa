/** Looks up what each page shows. */
import { modelOf } from "@cairn/comparisons";
import type { AskedComparison } from "@cairn/pages";
import { collected, collectionsOf } from "../comparisons/collected.js";
import type { Hub } from "../hub.js";
import type { CollectionRow } from "../store/tables.js";

interface Group {
  readonly name: string;
  readonly practices: number;
}

/** Every group, by name, with the number of practices that compare in it: a person here has admitted each. */
export async function groupsOf(hub: Hub): Promise<Group[]> {
  return hub.store.db
    .selectFrom("practice_group")
    .leftJoin("group_member", "group_member.group_name", "practice_group.name")
    .leftJoin("agent", (join) =>
      join.onRef("agent.practice", "=", "group_member.practice").on("agent.state", "=", "admitted"),
    )
    .select(["practice_group.name", (of) => of.fn.count<number>("agent.practice").distinct().as("practices")])
    .groupBy("practice_group.name")
    .orderBy("practice_group.name")
    .execute();
}

/** A group's comparisons, one for each query: each at its newest date that closed, or else at its newest. */
export async function comparisonsOf(hub: Hub, group: string): Promise<AskedComparison[]> {
  const newest = new Map<string, AskedComparison>();
  for (const collection of await collectionsOf(hub, group)) {
    const before = newest.get(collection.query);
    if (before && collection.closed_at === null && before.model.closed_at !== null) continue;
    newest.set(collection.query, await askedIn(hub, collection));
  }
  return [...newest.values()];
}

interface Comparison {
  readonly found: AskedComparison;
  readonly dates: readonly string[]; // all of this comparison, ISO
}

/**
 * One comparison.
 * @param date null for the newest that closed, or else the newest. Null where the group has no such comparison.
 */
export async function comparisonOf(
  hub: Hub,
  group: string,
  query: string,
  date: string | null,
): Promise<Comparison | null> {
  const own = (await collectionsOf(hub, group)).filter((collection) => collection.query === query);
  const newest = own.filter((collection) => collection.closed_at !== null).at(-1) ?? own.at(-1);
  const chosen = date === null ? newest : own.find((collection) => collection.reference_date === date);
  if (!chosen) return null;
  return {
    found: await askedIn(hub, chosen),
    dates: own.map(({ reference_date: iso }) => iso),
  };
}

async function askedIn(hub: Hub, collection: CollectionRow): Promise<AskedComparison> {
  const found = await collected(hub, collection);
  return { model: modelOf(found), query: found.query };
}
