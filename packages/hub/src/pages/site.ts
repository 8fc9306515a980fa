/** The hub's site: who asks for a page, and what stands in the hub's log of a look at one. */
import type { HubPerson, PersonOf } from "@cairn/access";
import { actor, hubLog } from "@cairn/ledger";
import { hubPage, noSuchPage, notAllowedPage } from "@cairn/pages";
import { firstVisit, Refusals, siteOf, startSessions, wayIn, whoAsks, type Site } from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import type { Hub } from "../hub.js";
import { providerOf } from "../people/provider.js";
import { HubSignInStore } from "../people/sign-in-store.js";

/** A look at numbers of a group. Without a query: at an overview; without a date: at several. */
export interface HubViewing {
  readonly group: string;
  readonly query: string | null;
  readonly date: string | null; // ISO
}

export type HubSite = Site<"hub", HubViewing>;

/** The purpose of every look, as each page states it. */
const PURPOSE = "improvement";

/**
 * Makes the hub's site of an app without routes, with the way in and out, and with those whom it refuses.
 * @param pages the address under which people reach them through a proxy; null where this machine alone does
 */
export async function hubSite(
  app: FastifyInstance,
  hub: Hub,
  pages: string | null,
): Promise<{ readonly site: HubSite; readonly refusals: Refusals<HubPerson> }> {
  const store = new HubSignInStore(hub);
  const { now } = hub.settings;
  const site = siteOf<"hub", HubViewing>(app, {
    who: async (request) => {
      const known = await whoAsks<HubPerson>(store, "hub", request);
      return pages !== null && known?.person.role === "visitor" ? null : known; // who comes by a proxy sits elsewhere
    },
    now,
    refused: notAllowedPage,
    missing: noSuchPage,
    openFolders: { "/assets/": "style sheets and the icon hold nothing of anybody" },
    logViewing: (person, viewed) => logViewing(hub, person, viewed),
  });
  await startSessions(app, { store, now, cookie: "cairn-hub", secure: pages?.startsWith("https:") ?? false });
  const refusals = new Refusals<HubPerson>(store, now);
  const settings = {
    ...{ store, refusals, now, frame: hubPage, elsewhere: async () => (await providerOf(hub))?.name ?? null },
    lookAround: true,
    name: `Cairn ${hub.files.hosts[0] ?? "hub"}`,
  };
  await wayIn(site, settings);
  firstVisit(site, settings);
  return { site, refusals };
}

async function logViewing(hub: Hub, { name }: PersonOf<"hub">, viewed: HubViewing): Promise<void> {
  await hub.store.unheard(async ({ note }) => {
    const by = name === null ? null : actor(name);
    note(hubLog.comparisonViewed, { ...viewed, purpose: PURPOSE, by });
  });
}
