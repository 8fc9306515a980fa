/** The hub's site: who asks for a page, and what stands in the hub's log of a look at one. */
import type { PersonOf } from "@cairn/access";
import { actor, hubLog } from "@cairn/ledger";
import { noSuchPage, notAllowedPage } from "@cairn/pages";
import { siteOf, type Site } from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import type { Hub } from "../hub.js";

/** A look at numbers of a group. Without a query: at an overview; without a date: at several. */
export interface HubViewing {
  readonly group: string;
  readonly query: string | null;
  readonly date: string | null; // ISO
}

export type HubSite = Site<"hub", HubViewing>;

/** The purpose of every look, as each page states it. */
const PURPOSE = "improvement";

/** Makes the hub's site of an app without routes. */
export function hubSite(app: FastifyInstance, hub: Hub): HubSite {
  return siteOf<"hub", HubViewing>(app, {
    who: async () => ({ at: "hub", name: null, role: "visitor" }),
    askToSignIn: async (_request, reply) => reply.redirect("/sign-in", 303),
    refused: notAllowedPage,
    missing: noSuchPage,
    openFolders: { "/assets/": "style sheets and the icon hold nothing of anybody" },
    logViewing: (person, viewed) => logViewing(hub, person, viewed),
  });
}

async function logViewing(hub: Hub, { name }: PersonOf<"hub">, viewed: HubViewing): Promise<void> {
  await hub.store.unheard(async ({ note }) => {
    const by = name === null ? null : actor(name);
    note(hubLog.comparisonViewed, { ...viewed, purpose: PURPOSE, by });
  });
}
