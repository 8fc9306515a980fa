/** The governance officer's pages at a practice: the account of the practice's own log, and whether that log holds. */
import { decodePractice, practiceLines, reportOf } from "@cairn/ledger";
import {
  logCheckPage,
  logReportPage,
  logReportPages,
  monthAsked,
  pageAsked,
  practicePage,
} from "@cairn/pages";
import { page } from "@cairn/sign-in";
import { shellWord } from "@cairn/text";
import type { Keeper } from "../keeper.js";
import { practiceLogCheck } from "../log-check/check.js";
import { setting } from "../store/settings.js";
import type { PracticeSite } from "./site.js";

const TITLES = {
  asked: "What was asked",
  decided: "Who decided what",
  released: "What left",
  seen: "Who looked at lists and comparisons",
  records: "Records that were imported",
  accounts: "Accounts and sign-ins",
  trust: "Libraries, the hub's log and restores",
};
/** @param name who reads the page: the look is logged as theirs */
const commandsFor = (name: string | null): string[] => [
  `cairn agent log --json${name === null ? "" : ` --as ${shellWord(name)}`} > practice.ndjson`,
  "cairn hub export --bytes > hub.ndjson",
  "cairn audit verify --hub hub.ndjson --practice practice.ndjson",
];
const WHERE =
  "The first command is typed on the agent's machine, the second on the hub's, and the third wherever you are: it needs no network and no key.";

export function officerRoutes(site: PracticeSite, { store, library }: Keeper): void {
  const check = practiceLogCheck(store);
  const about = () => ({ practice: store.origin });
  const above = () => [{ text: setting(store, "practice") ?? "This practice", href: "/" }];
  page(site, {
    path: "/log",
    action: "read-practice-log",
    about,
    show: (_person, { query }) => {
      const month = monthAsked(query["month"]);
      if (month === null) return null;
      const report = reportOf(practiceLines([...store.log.entries()].map(decodePractice)), month);
      const shown = { report, titles: TITLES, released: "left" as const };
      const at = pageAsked(query["page"], logReportPages(shown));
      if (at === null) return null;
      const queries = report.queries.map(({ query: name, version, digest }) => ({
        name: `${name} ${version}`,
        query: library()?.find(name, version, Buffer.from(digest, "hex")) ?? null,
      }));
      const place = { of: setting(store, "practice") ?? "This practice", above: above() };
      return {
        page: logReportPage(practicePage, {
          ...place,
          ...shown,
          queries,
          page: at,
          address: "/log",
          byItself: "the agent",
          check: "/log/check",
        }),
      };
    },
  });
  page(site, {
    path: "/log/check",
    action: "read-practice-log",
    about,
    show: async ({ name }) => {
      const verdict = await check.look();
      const words = { whose: "the practice's own log", commands: commandsFor(name), where: WHERE };
      return { page: logCheckPage(practicePage, { ...words, above: above(), verdict }) };
    },
  });
}
