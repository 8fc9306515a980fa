/** The hub's pages of groups and questions: each with its address, its rule and its contents. */
import { may, type PersonOf } from "@cairn/access";
import { groupPage, meetingPage, packPage, questionPage } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import type { Hub } from "../hub.js";
import { purposeLines } from "../library/charters.js";
import { chosenOf } from "../notes/choose.js";
import { chooseRoute, chooseFormOf, noteRoutes, writeFormsOf } from "./note-routes.js";
import { agendaOf, glancesOf, groupsOf, questionOf, questionsOf, seesOf } from "./models.js";
import type { HubSite } from "./site.js";

export function comparisonRoutes(site: HubSite, hub: Hub): void {
  page(site, {
    path: "/groups/:group",
    action: "see-comparison",
    about: ({ params }) => params,
    show: async (person, { params, token }) => {
      const group = (await groupsOf(hub)).find(({ name }) => name === params.group);
      if (!group) return null;
      const views = await glancesOf(hub, group.name, seesOf(person, group.name));
      const chosen = await chosenOf(hub, group.name);
      return {
        page: groupPage({
          ...group,
          views,
          chosen,
          purpose: await purposeLines(hub.store.db, group.name),
          choose: chooseFormOf(person, group.name, views, chosen, token),
        }),
        viewed: [{ group: group.name, query: null, date: null }],
      };
    },
  });
  page(site, {
    path: "/groups/:group/:query",
    action: "see-comparison",
    about: ({ params }) => ({ group: params.group }),
    show: async (person, { params, query, token, typed }) => {
      const asked = { sees: seesOf(person, params.group), date: query["date"] ?? null };
      const found = await questionOf(hub, params.group, params.query, asked);
      if (!found) return null;
      const { date } = found.view.dates.at(-1) ?? { date: null };
      return {
        page: questionPage({
          ...found,
          write: writeFormsOf(hub, person, found, token, { typed: typed ?? {}, problems: [] }),
        }),
        viewed: [{ group: params.group, query: params.query, date }],
      };
    },
  });
  meetingRoutes(site, hub);
  noteRoutes(site, hub);
  chooseRoute(site, hub);
}

function meetingRoutes(site: HubSite, hub: Hub): void {
  const meeting = async (person: PersonOf<"hub">, group: string, query: string | null) => {
    const agenda = await agendaOf(hub, group, await chosenOf(hub, group));
    const chosen = agenda.some(({ first }) => first) ? agenda.filter(({ first }) => first) : agenda;
    const order = query === null || chosen.some((one) => one.query === query) ? chosen : agenda;
    const at = query === null ? 0 : order.findIndex((one) => one.query === query);
    const here = order[at];
    const found =
      here && (await questionOf(hub, group, here.query, { sees: seesOf(person, group), date: null }));
    if (!found) return null;
    return {
      page: meetingPage({
        ...{ view: found.view, number: at + 1, of: order.length },
        writes: may(person, "write-notes", { group }).allowed,
        ...{ before: order[at - 1] ?? null, next: order[at + 1] ?? null },
      }),
      viewed: [{ group, query: here.query, date: null }],
    };
  };
  page(site, {
    path: "/meetings/:group",
    action: "see-comparison",
    about: ({ params }) => params,
    show: async (person, { params }) => meeting(person, params.group, null),
  });
  page(site, {
    path: "/meetings/:group/:query",
    action: "see-comparison",
    about: ({ params }) => ({ group: params.group }),
    show: async (person, { params }) => meeting(person, params.group, params.query),
  });
  page(site, {
    path: "/packs/:group",
    action: "see-comparison",
    about: ({ params }) => params,
    show: async (person, { params, query }) => {
      const { group } = params;
      const agenda = await agendaOf(hub, group, await chosenOf(hub, group));
      if (agenda.length === 0) return null;
      const all = query["all"] === "yes" || !agenda.some(({ first }) => first);
      const printed = agenda.filter(({ first }) => all || first);
      const names = printed.map((one) => one.query);
      const found = await questionsOf(hub, group, seesOf(person, group), names);
      const others = agenda.filter((one) => !names.includes(one.query));
      return {
        page: packPage(
          group,
          found.map(({ view }) => view),
          others,
          await purposeLines(hub.store.db, group),
        ),
        viewed: names.map((name) => ({ group, query: name, date: null })),
      };
    },
  });
}
