/** The people behind a question's number: as a page, and as a file to take away. Each look is in the practice's log. */
import { chooseWorklist, notNow, practiceWorklist } from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import { file, page } from "@cairn/sign-in";
import type { Keeper } from "../keeper.js";
import { newestCovered } from "../own-numbers/dates.js";
import { setting } from "../store/settings.js";
import { logOrigin } from "../store/store.js";
import { chooseList, LISTS, type ChosenList } from "../worklists/lists.js";
import { marksOf } from "../worklists/marks.js";
import { worklistCsv } from "./csv.js";
import type { PageQueue } from "./queue.js";
import { given, NO_DATES } from "./given.js";
import { datesFor, questionNamed } from "./question-model.js";
import type { PracticeSite, PracticeViewing } from "./site.js";
import { listOptions, wished, wishOf, worklistModel } from "./worklist-model.js";

export interface WorklistContext {
  readonly keeper: Keeper;
  readonly queue: PageQueue;
}

export function worklistRoutes(site: PracticeSite, { keeper, queue }: WorklistContext): void {
  const about = () => ({ practice: logOrigin(keeper.store.key) });
  page(site, {
    path: "/questions/:query/people",
    action: "open-worklist",
    about,
    show: async (person, { params, query: fields, token }) => {
      const asked = listAsked(keeper, params.query, fields);
      if (!asked) return null;
      const { query, date, chosen } = asked;
      const { title } = query;
      if (date === null) return { page: notNow(`People: ${title}`, NO_DATES), viewed: [] };
      const practice = setting(keeper.store, "practice");
      if (chosen === null) {
        const lists = listOptions(null);
        return { page: chooseWorklist({ practice, query: query.query, title, date, lists }), viewed: [] };
      }
      const list = given(await queue.worklist(query, date, chosen.list));
      if (typeof list === "string") return { page: notNow(`People: ${title}`, list), viewed: [] };
      const marks = marksOf(keeper.store, query.query);
      const shown = { practice, query, date, chosen, list, marks, wish: wishOf(fields) };
      const marking = person.role === "visitor" ? null : token();
      return {
        page: practiceWorklist(worklistModel({ ...shown, marking })),
        viewed: looked(query, date),
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
      const people = wished(list, marksOf(keeper.store, query.query), wishOf(fields));
      const content = worklistCsv(Object.keys(query.facts), people);
      return {
        file: { name: `${query.query}-${date}.csv`, type: "text/csv; charset=utf-8", content },
        viewed: looked(query, date),
      };
    },
  });
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
