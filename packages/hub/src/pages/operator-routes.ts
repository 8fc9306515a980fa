/** The operator's page: what the command `hub status` says, with the library and the schedules beside it. */
import { operatorPage, pageAsked } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import { minute } from "@cairn/text";
import type { Hub } from "../hub.js";
import { newestLibrary, newestQueries } from "../library/queries.js";
import { commandLine, standingWords } from "../operator/status-text.js";
import { hubStatus } from "../operator/status.js";
import { listSchedules } from "../schedules/list.js";
import { listedWords } from "../schedules/words.js";
import type { HubSite } from "./site.js";

/** Practices on one page. */
const ROWS = 100;

export function operatorRoutes(site: HubSite, hub: Hub): void {
  page(site, {
    path: "/operator",
    action: "see-run-states",
    about: () => ({}),
    show: async (_person, { query }) => {
      const { todo, practices } = await hubStatus(hub);
      const pages = Math.max(1, Math.ceil(practices.length / ROWS));
      const at = pageAsked(query["page"], pages);
      if (at === null) return null;
      const now = hub.settings.now();
      return {
        page: operatorPage({
          todo: todo.map(({ what, command }) => ({
            what,
            command: command ? commandLine(command, null) : null,
          })),
          waiting: practices.flatMap(({ practice, waitingFingerprint: fingerprint }) =>
            fingerprint === null
              ? []
              : [
                  {
                    ...{ practice, fingerprint },
                    command: commandLine(["hub", "admit", practice, "--fingerprint", fingerprint], null),
                  },
                ],
          ),
          invited: practices.flatMap(({ practice, codeUntil }) =>
            codeUntil === null
              ? []
              : [
                  {
                    practice,
                    words: `its join code ${Date.parse(codeUntil) < now ? "ended" : "is good until"} ${minute(codeUntil)}`,
                  },
                ],
          ),
          practices: practices
            .slice((at - 1) * ROWS, at * ROWS)
            .map((one) => ({ practice: one.practice, words: standingWords(one, now) })),
          ...{ page: at, pages },
          library: await libraryOf(hub),
          schedules: (await listSchedules(hub)).map(listedWords),
        }),
      };
    },
  });
}

async function libraryOf(hub: Hub): Promise<Parameters<typeof operatorPage>[0]["library"]> {
  const newest = await newestLibrary(hub.store.db);
  if (!newest) return null;
  const queries = [...(await newestQueries(hub, hub.store.db)).values()];
  return {
    version: newest.version,
    queries: queries.map(({ query, version }) => `${query.title} (${query.query} ${version})`),
  };
}
