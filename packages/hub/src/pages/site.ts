/** The hub's site: who asks for a page, and what stands in the hub's log of a look at one. */
import type { HubPerson, PersonOf } from "@cairn/access";
import { hubPage, noSuchPage, notAllowedPage } from "@cairn/pages";
import { firstVisit, Refusals, siteOf, startSessions, wayIn, whoAsks, type Site } from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import { logLook, type Look } from "../comparisons/looks.js";
import type { Hub } from "../hub.js";
import { sights } from "../library/charters.js";
import { providerOf } from "../people/provider.js";
import { HubSignInStore } from "../people/sign-in-store.js";

export type HubSite = Site<"hub", Look>;

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
  const site = siteOf<"hub", Look>(app, {
    who: async (request) => {
      const known = await whoAsks<HubPerson>(store, "hub", request);
      return pages !== null && known?.person.role === "visitor" ? null : known; // who comes by a proxy sits elsewhere
    },
    now,
    charters: () => sights(hub.store.db),
    refused: notAllowedPage,
    missing: noSuchPage,
    openFolders: { "/assets/": "style sheets and the icon hold nothing of anybody" },
    logViewing: ({ name }: PersonOf<"hub">, look) => logLook(hub, look, name),
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
