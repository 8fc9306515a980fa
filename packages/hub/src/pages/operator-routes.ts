/** The operator's page: what the command `hub status` says, with the library and the schedules beside it. */
import { operatorPage, pageAsked } from "@cairn/pages";
import { form, page, type FormFields } from "@cairn/sign-in";
import { minute, type Markup } from "@cairn/text";
import { admit, refuse, waitingForAdmission } from "../enrolment/admit.js";
import { inPlain } from "../enrolment/names.js";
import { HubError } from "../errors.js";
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
    show: async (_person, { query, token, typed }) => {
      const shown = await shownTo(token(), { asked: query["page"], problem: null, typed });
      return shown && { page: shown };
    },
  });
  const admission = (
    path: "/operator/admit" | "/operator/refuse",
    act: (fields: FormFields, by: string) => Promise<void>,
  ): void =>
    form(site, {
      path,
      action: "admit-practices",
      about: () => ({}),
      from: () => "/operator",
      send: async (person, _request, fields) => {
        if (person.role === "visitor") return null; // no line of the table lets one come here
        try {
          await act(fields, person.name);
          return { goTo: "/operator" };
        } catch (error) {
          if (!(error instanceof HubError)) throw error;
          const shown = { asked: undefined, problem: `${error.message}.`, typed: fields };
          const again = await shownTo(fields["_csrf"] ?? "", shown);
          return again && { page: again, status: 409 };
        }
      },
    });
  admission("/operator/admit", async ({ practice = "", seen = "", fingerprint = "" }, by) => {
    await requireWaiting(hub, practice, seen);
    await admit(hub, practice, fingerprint, by);
  });
  admission("/operator/refuse", ({ practice = "", seen = "" }, by) => refuse(hub, practice, seen, by));

  async function shownTo(
    token: string,
    {
      asked,
      problem,
      typed,
    }: {
      readonly asked: string | undefined;
      readonly problem: string | null;
      readonly typed: FormFields | null;
    },
  ): Promise<Markup | null> {
    const { todo, practices } = await hubStatus(hub);
    const pages = Math.max(1, Math.ceil(practices.length / ROWS));
    const at = pageAsked(asked, pages);
    if (at === null) return null;
    const now = hub.settings.now();
    return operatorPage({
      ...{ token, problem },
      // Who admits by form types what the practice reads out: the page does not say it first.
      todo: todo
        .filter(({ command }) => command?.[1] !== "admit")
        .map(({ what, command }) => ({ what, command: command ? commandLine(command, null) : null })),
      waiting: practices.flatMap(({ practice, waitingFingerprint: fingerprint }) =>
        fingerprint === null
          ? []
          : [
              {
                practice,
                fingerprint,
                typed: fingerprint === typed?.["seen"] ? (typed["fingerprint"] ?? "") : "",
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
      practices: practices.slice((at - 1) * ROWS, at * ROWS).map((one) => ({
        practice: one.practice,
        words: standingWords(
          { ...one, waitingFingerprint: one.waitingFingerprint && "that it reads out" },
          now,
        ),
      })),
      ...{ page: at, pages },
      library: await libraryOf(hub),
      schedules: (await listSchedules(hub)).map(listedWords),
    });
  }
}

/** The agent that its reader saw waits still: a form of an older page does nothing. @throws HubError not-waiting */
async function requireWaiting(hub: Hub, practice: string, seen: string): Promise<void> {
  const waiting = await waitingForAdmission(hub);
  if (waiting.some((each) => each.practice === practice && each.fingerprint === seen)) return;
  throw new HubError(
    "not-waiting",
    `${inPlain(practice)} has no agent that waits with the fingerprint of your page`,
  );
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
