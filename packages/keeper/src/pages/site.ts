/** The practice's site: who asks for a page, and what stands in the practice's log of a look at patients. */
import { roleWords, type PersonOf, type PracticePerson } from "@cairn/access";
import { actor, type Actor } from "@cairn/ledger";
import { accountPage, nothingHere, notForYou, practicePage } from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import {
  firstVisit,
  page,
  Refusals,
  siteOf,
  startSessions,
  wayIn,
  whoAsks,
  whoAsksWithCodes,
  type SignInStore,
  type Site,
  type SiteSpec,
} from "@cairn/sign-in";
import type { FastifyInstance } from "fastify";
import { charterHere } from "../approvals/charters.js";
import { logComparisonView, type ComparisonLook } from "../comparisons/views.js";
import { logWorklistView } from "../decisions/worklist-views.js";
import type { Keeper } from "../keeper.js";
import { OwnViews, type OwnView } from "../own-numbers/views.js";
import { setting } from "../store/settings.js";

/**
 * A look, of which the practice's log hears: at patients, at a group's comparison, or at the practice's own numbers, of
 * which the first of a person and day is written.
 */
export type PracticeViewing =
  | { readonly of: "people"; readonly query: Query; readonly date: string }
  | ({ readonly of: "comparison" } & ComparisonLook)
  | { readonly of: "own-numbers"; readonly look: OwnView };

export type PracticeSite = Site<"practice", PracticeViewing>;

/** Finds out who asks. */
export type PersonSource = SiteSpec<"practice", PracticeViewing>["who"];

/**
 * The person of the account that signed in; while nobody has an account, whoever sits at the machine sees what needs no
 * person in the log, and changes nothing.
 */
export function byAccount(people: SignInStore<PracticePerson>): PersonSource {
  return (request) => whoAsks<PracticePerson>(people, "practice", request);
}

/** At other desks: the person of the account that signed in and has one-time codes, and nobody else. */
export function byAccountWithCodes(people: SignInStore<PracticePerson>): PersonSource {
  return (request) => whoAsksWithCodes(people, request);
}

/** Where pages are shown: on the agent's machine alone, or at other desks of the practice, by TLS. */
export type PagePlace = "this-machine" | "other-desks";

/** Puts sessions on the site, and the way in and out. */
export async function signIn(
  site: PracticeSite,
  { store }: Keeper,
  people: SignInStore<PracticePerson>,
  place: PagePlace,
): Promise<void> {
  const { now } = store;
  const practice = store.origin;
  const here = place === "this-machine";
  // A cookie knows no port: keepers of one machine need different ones. One with this prefix is taken by TLS alone, and
  // from no other name.
  const cookie = `${here ? "" : "__Host-"}cairn-practice-${practice.slice(-8)}`;
  await startSessions(site.app, { store: people, now, cookie, secure: !here });
  const settings = {
    ...{
      store: people,
      refusals: new Refusals(people, now),
      now,
      frame: practicePage,
      elsewhere: async () => null,
      lookAround: here,
    },
    name: `Cairn ${setting(store, "practice") ?? "practice"}`,
  };
  await wayIn(site, settings);
  firstVisit(site, settings);
  page(site, {
    path: "/account",
    action: "keep-own-practice-account",
    about: () => ({ practice }),
    show: (person, { token }) => {
      if (person.role === "visitor") return null; // no line of the table lets one come here
      const own = { name: person.name, role: roleWords(person.role), where: "at this practice" };
      return { page: accountPage(practicePage, { token: token(), ...own }) };
    },
  });
}

/** Makes the practice's site of an app without routes. */
export function practiceSite(app: FastifyInstance, keeper: Keeper, who: PersonSource): PracticeSite {
  const ownViews = new OwnViews(keeper.store);
  return siteOf<"practice", PracticeViewing>(app, {
    who,
    now: keeper.store.now,
    charters: async () => (group) => charterHere(keeper.store, group),
    refused: notForYou,
    missing: nothingHere,
    openFolders: {},
    logViewing: async (person, viewed) => {
      if (viewed.of === "people") logWorklistView(keeper.store, viewed.query, [viewed.date], named(person));
      const by = person.name === null ? null : named(person);
      if (viewed.of === "comparison") logComparisonView(keeper.store, viewed, by);
      if (viewed.of === "own-numbers") ownViews.log(viewed.look, by);
    },
  });
}

/** The person as the log names them. @throws RangeError for a visitor, who may do nothing that is logged */
export function named({ name }: PersonOf<"practice">): Actor {
  return actor(name ?? "");
}
