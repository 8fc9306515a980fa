/** The people behind a question's number: as a page, and as a file to take away. Each look is in the practice's log. */
import { chooseWorklist, notNow, practiceWorklist, worklistPath } from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import { file, form, page, type FormFields, type PageSpec } from "@cairn/sign-in";
import type { Markup } from "@cairn/text";
import type { Keeper } from "../keeper.js";
import { newestCovered } from "../own-numbers/dates.js";
import { setting } from "../store/settings.js";
import { chooseList, LISTS, type ChosenList } from "../worklists/lists.js";
import { marksOf } from "../worklists/marks.js";
import { worklistCsv } from "./csv.js";
import type { PageQueue } from "./queue.js";
import { given, NO_DATES } from "./given.js";
import { datesFor, questionNamed } from "./question-model.js";
import type { PracticeSite, PracticeViewing } from "./site.js";
import { listOptions, wished, wishOf, worklistModel, type WorklistView } from "./worklist-model.js";

export interface WorklistContext {
  readonly keeper: Keeper;
  readonly queue: PageQueue;
}

type ListPath = "/questions/:query/people" | "/questions/:query/people/found";

export function worklistRoutes(site: PracticeSite, context: WorklistContext): void {
  const { keeper, queue } = context;
  const about = () => ({ practice: keeper.store.origin });
  const show: PageSpec<"practice", PracticeViewing, "open-worklist", ListPath>["show"] = async (
    _person,
    { params, query: fields, token, typed },
  ) => {
    const asked = listAsked(keeper, params.query, fields);
    if (!asked) return null;
    const { query, date, chosen } = asked;
    const { title } = query;
    if (date === null) return { page: notNow(`People: ${title}`, NO_DATES), viewed: [] };
    if (chosen === null) {
      const practice = setting(keeper.store, "practice");
      const lists = listOptions(query, null);
      return { page: chooseWorklist({ practice, query: query.query, title, date, lists }), viewed: [] };
    }
    const before = typed && typedIn(typed);
    const wish = { ...wishOf(fields, typed?.["find"]), ...(before ? { typed: before } : {}) };
    return shownList(context, { query, date, chosen }, wish, token());
  };
  page(site, { path: "/questions/:query/people", action: "open-worklist", about, show });
  // A browser that opens what was found again asks by GET: the same list stands there, without what was looked for.
  page(site, { path: "/questions/:query/people/found", action: "open-worklist", about, show });
  // What is looked for may be a patient's identifier: it stands in no address, which browsers and proxies keep.
  form(site, {
    path: "/questions/:query/people/found",
    action: "open-worklist",
    about,
    from: ({ params }, fields) => `${worklistPath(params.query)}?${sameList(fields)}`,
    send: async (_person, { params }, fields) => {
      const asked = listAsked(keeper, params.query, fields);
      if (asked?.date == null || asked.chosen === null) return null;
      const { query, date, chosen } = asked;
      const wish = wishOf(fields, fields["find"]);
      return {
        ...(await shownList(context, { query, date, chosen }, wish, fields["_csrf"] ?? "")),
        status: 200,
      };
    },
  });
  file(site, {
    path: "/questions/:query/people.csv",
    action: "open-worklist",
    about,
    take: async (_person, { params, query: fields }) => {
      const asked = listAsked(keeper, params.query, fields);
      if (asked?.date == null || asked.chosen === null) return null;
      const { query, date, chosen } = asked;
      const list = given(await queue.worklist(query, date, chosen.list));
      if (typeof list === "string") return null;
      const people = wished(list, marksOf(keeper.store, query.query), wishOf(fields, undefined));
      const content = worklistCsv(Object.keys(query.facts), people);
      return {
        file: { name: `${query.query}-${date}.csv`, type: "text/csv; charset=utf-8", content },
        viewed: looked(query, date),
      };
    },
  });
}

/** The people of a list whom the reader looks for, as a page, with the look at them. */
export async function shownList(
  { keeper, queue }: WorklistContext,
  { query, date, chosen }: { readonly query: Query; readonly date: string; readonly chosen: ChosenList },
  wish: WorklistView,
  token: string,
): Promise<{ readonly page: Markup; readonly viewed: PracticeViewing[] }> {
  const list = given(await queue.worklist(query, date, chosen.list));
  if (typeof list === "string") return { page: notNow(`People: ${query.title}`, list), viewed: [] };
  const marks = marksOf(keeper.store, query.query);
  const practice = setting(keeper.store, "practice");
  const model = worklistModel({ practice, query, date, chosen, list, marks, wish, token });
  return { page: practiceWorklist(model), viewed: looked(query, date) };
}

function looked(query: Query, date: string): PracticeViewing[] {
  return [{ of: "people", query, date }];
}

interface AskedList {
  readonly query: Query;
  readonly date: string | null; // null where the records cover none
  readonly chosen: ChosenList | null; // null where the reader has to choose
}

/** The list that an address asks for; null where there is no such question, or it has no such date. */
export function listAsked(
  keeper: Keeper,
  name: string,
  fields: Readonly<Record<string, string | undefined>>,
): AskedList | null {
  const query = questionNamed(keeper, name);
  if (!query) return null;
  const { store } = keeper;
  const date = fields["date"] ?? newestCovered(query, setting(store, "covers-to") || null, store.today);
  if (date !== null && !datesFor(keeper, query).includes(date)) return null;
  const list = LISTS.find((each) => each === fields["list"]) ?? null;
  return { query, date, chosen: chooseList(query, list) };
}

/** What was typed into the form that marks. */
function typedIn(fields: FormFields): WorklistView["typed"] {
  return { why: fields["why"] ?? "", mark: fields["mark"] ?? "", ticked: new Set(tickedIn(fields)) };
}

/** The people whose boxes were ticked: each box has a name of its own. */
export function tickedIn(fields: FormFields): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    /^patient-\d{1,6}$/.test(name) && value !== undefined ? [value] : [],
  );
}

/** The date, the list and the order that a form says, for an address. */
export function sameList(fields: FormFields): string {
  const kept = ["date", "list", "sort"].flatMap((name) => {
    const value = fields[name];
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
  return new URLSearchParams(kept).toString();
}
