/** Looks up what each page shows. */
import { may, type PersonOf } from "@cairn/access";
import { modelOf, openPlans, type ComparisonModel, type Sight } from "@cairn/comparisons";
import type { QuestionView } from "@cairn/pages";
import { lookBackMonths, monthsBetween, type Query } from "@cairn/query-library";
import { factsBeside } from "../comparisons/beside.js";
import { collected, collectionsOf } from "../comparisons/collected.js";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";
import { notesOf, type KeptNote } from "../notes/keep.js";
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

/** Whether a person sees the practices of a group, each as a dot. */
export function seesOf(person: PersonOf<"hub">, group: string): Sight {
  return may(person, "see-dots", { group }).allowed ? "dots" : "group";
}

/** A question with all dates of it, and with what the group wrote down. */
export interface GroupQuestion {
  readonly view: QuestionView & { readonly notes: readonly KeptNote[] };
  /** ISO, from the oldest. */
  readonly allDates: readonly string[];
}

/**
 * A group's questions at a glance, each at its newest date that closed, or else at its newest, with no more earlier
 * dates than a change is worked out from.
 */
export async function glancesOf(hub: Hub, group: string, sees: Sight): Promise<QuestionView[]> {
  const notes = await notesOf(hub.store.db, group);
  const views: QuestionView[] = [];
  for (const [name, rows] of await byQuery(hub, group)) {
    const shown = newestOf(rows);
    const query = await queryByDigest(hub, shown.query_digest, hub.store.db);
    const dates = await modelsOf(hub, neededForChange(query, rows, shown));
    views.push({ query, dates, sees, notes: notes.filter((note) => note.query === name) });
  }
  return views;
}

/** From the last date that does not overlap with the one that is shown, to that one. */
function neededForChange(
  query: Query,
  rows: readonly CollectionRow[],
  shown: CollectionRow,
): CollectionRow[] {
  const upTo = rows.filter((row) => row.reference_date <= shown.reference_date);
  const months = lookBackMonths(query);
  if (months === null) return upTo.slice(-1);
  const isApart = (row: CollectionRow): boolean =>
    monthsBetween(row.reference_date, shown.reference_date) >= months;
  return upTo.slice(Math.max(0, upTo.findLastIndex(isApart)));
}

/** All of a group's questions with every date, those with plans to look at first, then in the order that is given. */
export async function questionsOf(
  hub: Hub,
  group: string,
  sees: Sight,
  queries: readonly string[],
): Promise<GroupQuestion[]> {
  const found: GroupQuestion[] = [];
  for (const query of queries) {
    const one = await questionOf(hub, group, query, { sees, date: null });
    if (one) found.push(one);
  }
  return found;
}

/**
 * One question with its dates up to the one that is asked for.
 * @param asked date: null for the newest that closed, or else the newest
 * @returns null where the group has no such question or date
 */
export async function questionOf(
  hub: Hub,
  group: string,
  query: string,
  { sees, date }: { readonly sees: Sight; readonly date: string | null },
): Promise<GroupQuestion | null> {
  const rows = (await byQuery(hub, group)).get(query) ?? [];
  const shown =
    date === null ? rows.length > 0 && newestOf(rows) : rows.find((row) => row.reference_date === date);
  if (!shown) return null;
  const upTo = rows.filter((row) => row.reference_date <= shown.reference_date);
  const notes = (await notesOf(hub.store.db, group)).filter((note) => note.query === query);
  return {
    view: {
      query: await queryByDigest(hub, shown.query_digest, hub.store.db),
      dates: await modelsOf(hub, upTo),
      notes,
      sees,
    },
    allDates: rows.map((row) => row.reference_date),
  };
}

/** Names and titles of a group's questions, those with plans to look at first, then the chosen ones, then the others. */
export async function agendaOf(
  hub: Hub,
  group: string,
  chosen: readonly string[],
): Promise<{ readonly query: string; readonly title: string; readonly first: boolean }[]> {
  const notes = await notesOf(hub.store.db, group);
  const planned = [...new Set(openPlans(notes).map(({ query }) => query))];
  const rows = await byQuery(hub, group);
  const first = [...new Set([...planned, ...chosen])].filter((query) => rows.has(query));
  const all = [...first, ...[...rows.keys()].filter((query) => !first.includes(query))];
  return Promise.all(
    all.map(async (query) => {
      const newest = newestOf(rows.get(query) ?? []);
      const { title } = await queryByDigest(hub, newest.query_digest, hub.store.db);
      return { query, title, first: first.includes(query) };
    }),
  );
}

/** The collections of a group by query, in order of date. */
async function byQuery(hub: Hub, group: string): Promise<Map<string, CollectionRow[]>> {
  const found = new Map<string, CollectionRow[]>();
  for (const row of await collectionsOf(hub, group))
    found.set(row.query, [...(found.get(row.query) ?? []), row]);
  return found;
}

function newestOf(rows: readonly CollectionRow[]): CollectionRow {
  const newest = rows.findLast((row) => row.closed_at !== null) ?? rows.at(-1);
  if (!newest) throw new RangeError("a question has a date");
  return newest;
}

async function modelsOf(hub: Hub, rows: readonly CollectionRow[]): Promise<ComparisonModel[]> {
  const models: ComparisonModel[] = [];
  for (const row of rows)
    models.push(modelOf(await collected(hub, row), await factsBeside(hub.store.db, row)));
  return models;
}
