/** The governance officer's pages: each group's account from the hub's log, and whether that log holds. */
import {
  decisionsPath,
  hubLogPage,
  hubOfficePage,
  logCheckPage,
  logReportPage,
  logReportPages,
  monthAsked,
  pageAsked,
} from "@cairn/pages";
import { groupAsked, page } from "@cairn/sign-in";
import type { Hub } from "../hub.js";
import { hubLogCheck } from "../log-check/check.js";
import { commandLine } from "../operator/status-text.js";
import { groupsOf } from "./models.js";
import { groupReport, queriesOf } from "./officer-models.js";
import type { HubSite } from "./site.js";

const TITLES = {
  asked: "What the group was asked",
  decided: "Who decided what",
  released: "What came from practices",
  seen: "Who looked",
  accounts: "Accounts and sign-ins",
  trust: "Agents and the log itself",
};
const FIRST = { text: "Groups", href: "/" };
/** @param name who reads the page: taking the log away is logged as theirs */
const commandsFor = (name: string | null, data: string): string[] => [
  `${commandLine(["hub", "export", "--bytes", ...(name === null ? [] : ["--as", name])], data)} > hub.ndjson`,
  "cairn agent log --json > practice.ndjson",
  "cairn audit verify --hub hub.ndjson --practice practice.ndjson",
];
const WHERE =
  "The first command is typed on the hub's machine, the second at each practice, and the third wherever you are: it needs no network and no key.";

export function officerRoutes(site: HubSite, hub: Hub): void {
  const check = hubLogCheck(hub);
  page(site, {
    path: "/decisions/:group",
    action: "read-decisions",
    about: groupAsked,
    show: async (_person, { params: { group }, query }) => {
      const month = monthAsked(query["month"]);
      if (month === null || !(await groupsOf(hub)).some(({ name }) => name === group)) return null;
      const report = await groupReport(hub, group, month);
      const shown = { report, titles: TITLES };
      const at = pageAsked(query["page"], logReportPages(shown));
      if (at === null) return null;
      const model = {
        of: group,
        above: [FIRST],
        address: decisionsPath(group),
        check: "/log",
        released: "came" as const,
        byItself: "the hub",
      };
      return {
        page: logReportPage(hubOfficePage, {
          ...model,
          ...shown,
          queries: await queriesOf(hub, report),
          page: at,
        }),
      };
    },
  });
  page(site, {
    path: "/log",
    action: "export-log",
    about: () => ({}),
    show: async ({ name }) => ({
      page: logCheckPage(hubLogPage, {
        ...{
          whose: "the hub's log",
          above: [FIRST],
          commands: commandsFor(name, hub.files.folder),
          where: WHERE,
        },
        verdict: await check.look(),
      }),
    }),
  });
}
