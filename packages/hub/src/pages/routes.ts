/** The hub's pages of groups and questions: each with its address, its rule and its contents. */
import { may, namedTo, type PersonOf } from "@cairn/access";
import { charterPage, charterPath, groupPage, meetingPage, packPage, questionPage } from "@cairn/pages";
import { groupAsked, page, type AskedGroup } from "@cairn/sign-in";
import type { Hub } from "../hub.js";
import { charterLinesOf, lastCharterOf, purposeLines } from "../library/charters.js";
import { chosenOf } from "../notes/choose.js";
import { chooseRoute, chooseFormOf, noteRoutes, writeFormsOf } from "./note-routes.js";
import { agendaOf, glancesOf, groupsOf, lookOf, questionOf, questionsOf, seesOf } from "./models.js";
import type { HubSite } from "./site.js";

export function comparisonRoutes(site: HubSite, hub: Hub): void {
  const linesAbove = linesAboveFor(hub);
  page(site, {
    path: "/groups/:group",
    action: "see-comparison",
    about: groupAsked,
    show: async (person, { params, charters, token }) => {
      const group = (await groupsOf(hub)).find(({ name }) => name === params.group);
      if (!group) return null;
      const asked = groupAsked({ params, charters });
      const sees = seesOf(person, asked);
      const views = await glancesOf(hub, group.name, sees);
      const chosen = await chosenOf(hub, group.name);
      return {
        page: groupPage({
          ...group,
          views,
          chosen,
          purpose: await linesAbove(person, asked),
          charter: asked.charter === null ? null : charterPath(group.name),
          choose: chooseFormOf(person, asked, views, chosen, token),
        }),
        viewed: [lookOf(asked, sees)],
      };
    },
  });
  page(site, {
    path: "/groups/:group/:query",
    action: "see-comparison",
    about: groupAsked,
    show: async (person, { params, query, charters, token, typed }) => {
      const asked = groupAsked({ params, charters });
      const wanted = { sees: seesOf(person, asked), date: query["date"] ?? null, to: namedTo(person, asked) };
      const found = await questionOf(hub, params.group, params.query, wanted);
      if (!found) return null;
      const { date } = found.view.dates.at(-1) ?? { date: null };
      return {
        page: questionPage({
          ...found,
          write: writeFormsOf(hub, person, asked, found, token, { typed: typed ?? {}, problems: [] }),
        }),
        viewed: [lookOf(asked, wanted.sees, params.query, date, found.view.names, wanted.to)],
      };
    },
  });
  page(site, {
    path: "/charters/:group",
    action: "see-group",
    about: ({ params }) => params,
    show: async (_person, { params }) => {
      const known = await lastCharterOf(hub.store.db, params.group);
      return known && { page: charterPage(params.group, charterLinesOf(known)) };
    },
  });
  meetingRoutes(site, hub);
  noteRoutes(site, hub);
  chooseRoute(site, hub);
}

const WHERE_NAMES =
  "By name: on the page of a question, and nowhere else, practices that consented to be named to you.";

/** The lines above a group's numbers: what its charter says of them, and where practices stand by name for this reader. */
function linesAboveFor(hub: Hub) {
  return async (person: PersonOf<"hub">, { group, charter }: AskedGroup): Promise<string[]> => {
    const names = namedTo(person, { group, charter }) === null ? [] : [WHERE_NAMES];
    return [...(await purposeLines(hub.store.db, group)), ...names];
  };
}

function meetingRoutes(site: HubSite, hub: Hub): void {
  const linesAbove = linesAboveFor(hub);
  const meeting = async (person: PersonOf<"hub">, asked: AskedGroup, query: string | null) => {
    const { group } = asked;
    const sees = seesOf(person, asked);
    const agenda = await agendaOf(hub, group, await chosenOf(hub, group));
    const chosen = agenda.some(({ first }) => first) ? agenda.filter(({ first }) => first) : agenda;
    const order = query === null || chosen.some((one) => one.query === query) ? chosen : agenda;
    const at = query === null ? 0 : order.findIndex((one) => one.query === query);
    const here = order[at];
    const found = here && (await questionOf(hub, group, here.query, { sees, date: null }));
    if (!found) return null;
    return {
      page: meetingPage({
        ...{ view: found.view, number: at + 1, of: order.length },
        writes: may(person, "write-notes", asked).allowed,
        ...{ before: order[at - 1] ?? null, next: order[at + 1] ?? null },
      }),
      viewed: [lookOf(asked, sees, here.query)],
    };
  };
  page(site, {
    path: "/meetings/:group",
    action: "see-comparison",
    about: groupAsked,
    show: async (person, asked) => meeting(person, groupAsked(asked), null),
  });
  page(site, {
    path: "/meetings/:group/:query",
    action: "see-comparison",
    about: groupAsked,
    show: async (person, asked) => meeting(person, groupAsked(asked), asked.params.query),
  });
  page(site, {
    path: "/packs/:group",
    action: "see-comparison",
    about: groupAsked,
    show: async (person, { params, query, charters }) => {
      const asked = groupAsked({ params, charters });
      const { group } = asked;
      const sees = seesOf(person, asked);
      const agenda = await agendaOf(hub, group, await chosenOf(hub, group));
      if (agenda.length === 0) return null;
      const all = query["all"] === "yes" || !agenda.some(({ first }) => first);
      const printed = agenda.filter(({ first }) => all || first);
      const names = printed.map((one) => one.query);
      const found = await questionsOf(hub, group, sees, names);
      const others = agenda.filter((one) => !names.includes(one.query));
      return {
        page: packPage(
          group,
          found.map(({ view }) => view),
          others,
          await linesAbove(person, asked),
        ),
        viewed: names.map((name) => lookOf(asked, sees, name)),
      };
    },
  });
}
