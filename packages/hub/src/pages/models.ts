/** Looks up what each page shows. */
import { may, type CharterRole, type PersonOf } from "@cairn/access";
import { modelOf, openPlans, type ComparisonModel, type Sight } from "@cairn/comparisons";
import type { NamesView, QuestionView } from "@cairn/pages";
import { addMonths, dayNumber, isoDate, lookBackMonths, type Query } from "@cairn/query-library";
import type { AskedGroup } from "@cairn/sign-in";
import { factsBeside } from "../comparisons/beside.js";
import { collected, collectionsOf, newestDates } from "../comparisons/collected.js";
import { standingDocuments } from "../comparisons/documents.js";
import { namedIn } from "../comparisons/named.js";
import type { Look } from "../comparisons/looks.js";
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

/** Whether a person who may see a group's comparison sees its practices there, each as a dot. */
export function seesOf(person: PersonOf<"hub">, asked: AskedGroup): Sight {
  return may(person, "see-dots", asked).allowed ? "dots" : "group";
}

/**
 * The look that a page of a group is.
 * @param query null: at an overview. @param date null: at several. @param view who is named in it. @param to as which role
 */
export function lookOf(
  asked: AskedGroup,
  sees: Sight,
  query: string | null = null,
  date: string | null = null,
  view: NamesView | null = null,
  to: CharterRole | null = null,
): Look {
  const look = { ...asked, query, date };
  if (view?.names.as === "names" && to !== null) {
    const practices = view.names.practices.map(({ practice }) => practice);
    return { ...look, shown: "names", named: { to, practices } };
  }
  return { ...look, shown: sees === "dots" ? "dots" : "figures" };
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
  for (const [name, date] of await newestDates(hub, group)) {
    const [shown] = await collectionsOf(hub, group, { query: name, from: date });
    if (!shown) continue;
    const query = await queryByDigest(hub, shown.query_digest, hub.store.db);
    const rows = await collectionsOf(hub, group, { query: name, from: backFrom(query, date) });
    const dates = await modelsOf(
      hub,
      rows.filter((row) => row.reference_date <= date),
      false,
    );
    views.push({ query, dates, sees, notes: notes.filter((note) => note.query === name) });
  }
  return views;
}

/** The first date that a change up to a date may be worked out from: no earlier one is looked at for it. */
function backFrom(query: Query, date: string): string {
  const months = lookBackMonths(query) ?? 0;
  return isoDate(addMonths(dayNumber(date), -months) - 3); // ends of months differ by up to three days
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
 * @param asked date: null for the newest that closed, or else the newest. `to`: the role of the charter as which the reader
 * sees practices by name that consented to it; null for none
 * @returns null where the group has no such question or date
 */
export async function questionOf(
  hub: Hub,
  group: string,
  query: string,
  {
    sees,
    date,
    to = null,
  }: { readonly sees: Sight; readonly date: string | null; readonly to?: CharterRole | null },
): Promise<GroupQuestion | null> {
  const rows = await collectionsOf(hub, group, { query });
  const shown =
    date === null ? rows.length > 0 && newestOf(rows) : rows.find((row) => row.reference_date === date);
  if (!shown) return null;
  const upTo = rows.filter((row) => row.reference_date <= shown.reference_date);
  const notes = (await notesOf(hub.store.db, group)).filter((note) => note.query === query);
  return {
    view: {
      query: await queryByDigest(hub, shown.query_digest, hub.store.db),
      dates: await modelsOf(hub, upTo, true),
      notes,
      sees,
      names: to === null ? null : await namedIn(hub, shown, to),
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

/**
 * The dates of a question, from the documents that were made of them, and anew where there is none that stands.
 * @param live whether the last is read anew all the same: since it was made somebody may have come late or gone offline
 */
async function modelsOf(hub: Hub, rows: readonly CollectionRow[], live: boolean): Promise<ComparisonModel[]> {
  const newest = live ? rows.at(-1)?.id : undefined;
  const kept = await standingDocuments(
    hub,
    rows.filter(({ id }) => id !== newest),
  );
  const models: ComparisonModel[] = [];
  for (const row of rows)
    models.push(kept.get(row.id) ?? modelOf(await collected(hub, row), await factsBeside(hub.store.db, row)));
  return models;
}
