/** The form that marks people on a worklist: in this keeper alone, and in no log. */
import { notDonePage, worklistPath } from "@cairn/pages";
import { form, type FormFields } from "@cairn/sign-in";
import { markPerson } from "../decisions/marks.js";
import { KeeperError } from "../errors.js";
import { isMarkName, type Mark } from "../worklists/marks.js";
import { given } from "./given.js";
import { named, type PracticeSite } from "./site.js";
import { wishOf } from "./worklist-model.js";
import { listAsked, sameList, shownList, tickedIn, type WorklistContext } from "./worklist-routes.js";

export function markRoutes(site: PracticeSite, context: WorklistContext): void {
  const { keeper, queue } = context;
  form(site, {
    path: "/questions/:query/people",
    action: "open-worklist",
    about: () => ({ practice: keeper.store.origin }),
    from: ({ params }, fields) => `${worklistPath(params.query)}?${sameList(fields)}`,
    send: async (person, { params }, fields) => {
      const asked = listAsked(keeper, params.query, fields);
      if (asked?.date == null || asked.chosen === null) return null;
      const { query, date, chosen } = asked;
      const back = `${worklistPath(query.query)}?${sameList(fields)}`;
      const list = given(await queue.worklist(query, date, chosen.list));
      if (typeof list === "string") return { page: notDonePage(`${list}.`, back), status: 409 };
      const onIt = new Set(list.people.map(({ id }) => id));
      const ticked = tickedIn(fields).filter((patient) => onIt.has(patient));
      const mark = markSaid(fields);
      if (mark === undefined || ticked.length === 0)
        return { page: notDonePage("Tick the people to mark, and say how.", back), status: 422 };
      try {
        for (const patient of ticked)
          markPerson(keeper.store, { query: query.query, patient }, mark, named(person));
        const wish = wishOf(fields, fields["find"]);
        if (wish.find === "") return { goTo: back };
        // Among those who were looked for: no address leads back to them.
        return {
          ...(await shownList(context, { query, date, chosen }, wish, fields["_csrf"] ?? "")),
          status: 200,
        };
      } catch (error) {
        if (!(error instanceof KeeperError)) throw error;
        return { page: notDonePage(`${error.message}.`, back), status: 422 };
      }
    },
  });
}

/** @returns null where a mark is to be removed; undefined where the form names no mark */
function markSaid(fields: FormFields): Mark | null | undefined {
  const said = fields["mark"] ?? "";
  if (said === "none") return null;
  if (!isMarkName(said)) return undefined;
  return said === "not-suitable" ? { mark: said, why: fields["why"] ?? "" } : { mark: said };
}
