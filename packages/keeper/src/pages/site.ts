/** The practice's site: who asks for a page, and what stands in the practice's log of a look at patients. */
import type { PersonOf, PracticePerson } from "@cairn/access";
import { actor, type Actor } from "@cairn/ledger";
import { nothingHere, notForYou, practicePage } from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import {
  firstVisit,
  siteOf,
  startSessions,
  wayIn,
  whoAsks,
  type SignInStore,
  type Site,
  type SiteSpec,
} from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import { logWorklistView } from "../decisions/worklist-views.js";
import type { Keeper } from "../keeper.js";
import { setting } from "../store/settings.js";

/** A look: at patients, which the practice's log hears of; or at the practice's own numbers, which it does not. */
export type PracticeViewing =
  { readonly of: "people"; readonly query: Query; readonly date: string } | { readonly of: "own-numbers" };

export type PracticeSite = Site<"practice", PracticeViewing>;

/** Finds out who asks. */
export type WhoAsks = SiteSpec<"practice", PracticeViewing>["who"];

/** Nobody has an account at this machine: whoever sits at it sees what needs no person in the log, and changes nothing. */
export const NOBODY_YET: WhoAsks = async () => ({
  person: { at: "practice", name: null, role: "visitor" },
  signedInAt: null,
});

/** The person of the account that signed in. */
export function byAccount(people: SignInStore<PracticePerson>): WhoAsks {
  return (request) => whoAsks<PracticePerson>(people, "practice", request);
}

/** Puts sessions on the site, and the way in and out. */
export async function signIn(
  site: PracticeSite,
  { store }: Keeper,
  people: SignInStore<PracticePerson>,
): Promise<void> {
  const { now } = store;
  await startSessions(site.app, { store: people, now, cookie: "cairn-practice", secure: false });
  const settings = {
    ...{ store: people, now, frame: practicePage, elsewhere: async () => null },
    name: `Cairn ${setting(store, "practice") ?? "practice"}`,
  };
  await wayIn(site, settings);
  firstVisit(site, settings);
}

/** Makes the practice's site of an app without routes. */
export function practiceSite(app: FastifyInstance, keeper: Keeper, who: WhoAsks): PracticeSite {
  return siteOf<"practice", PracticeViewing>(app, {
    who,
    now: keeper.store.now,
    refused: notForYou,
    missing: nothingHere,
    openFolders: {},
    logViewing: async (person, viewed) => {
      if (viewed.of === "people") logWorklistView(keeper.store, viewed.query, [viewed.date], named(person));
    },
  });
}

/** The person as the log names them. @throws RangeError for a visitor, who may do nothing that is logged */
export function named({ name }: PersonOf<"practice">): Actor {
  return actor(name ?? "");
}
