import { fastify } from "fastify";
import { pino } from "pino";
import type { Hub } from "../src/hub.js";
import { siteOn } from "../src/pages/server.js";
import type { HubSite } from "../src/pages/site.js";

/** The hub's site with all its routes, on no port. */
export async function wholeSite(hub: Hub): Promise<HubSite> {
  const site = await siteOn(fastify(), hub, pino({ level: "silent" }));
  await site.app.ready();
  return site;
}
