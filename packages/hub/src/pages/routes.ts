/** The hub's pages of groups and comparisons: each with its address, its rule and its contents. */
import { may } from "@cairn/access";
import { comparisonPage, groupPage, groupsPage } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import type { Hub } from "../hub.js";
import { comparisonOf, comparisonsOf, groupsOf } from "./models.js";
import type { HubSite } from "./site.js";

export function comparisonRoutes(site: HubSite, hub: Hub): void {
  page(site, {
    path: "/",
    action: "open-hub",
    about: () => ({}),
    show: async (person) => {
      const groups = await groupsOf(hub);
      return {
        page: groupsPage(groups.filter(({ name }) => may(person, "see-group", { group: name }).allowed)),
      };
    },
  });
  page(site, {
    path: "/groups/:group",
    action: "see-comparison",
    about: ({ params }) => params,
    show: async (_person, { params }) => {
      const group = (await groupsOf(hub)).find(({ name }) => name === params.group);
      if (!group) return null;
      return {
        page: groupPage(group, await comparisonsOf(hub, group.name)),
        viewed: [{ group: group.name, query: null, date: null }],
      };
    },
  });
  page(site, {
    path: "/groups/:group/:query",
    action: "see-comparison",
    about: ({ params }) => ({ group: params.group }),
    show: async (person, { params, query }) => {
      const comparison = await comparisonOf(hub, params.group, params.query, query["date"] ?? null);
      if (!comparison) return null;
      const { found, dates } = comparison;
      const dots = may(person, "see-dots", { group: params.group }).allowed;
      return {
        page: comparisonPage(found, dates, dots),
        viewed: [{ group: params.group, query: found.query.query, date: found.model.date }],
      };
    },
  });
}
