/** What is told of people with accounts, which is the same at a hub and at a practice. */
import type { EntryOf } from "../kinds.js";
import { peopleKinds } from "../people-kinds.js";
import { told, type Told } from "./lines.js";

type Kinds = typeof peopleKinds;
type BodyOf<P extends keyof Kinds> = EntryOf<Kinds[P]>["body"];

export const PEOPLE_WORDS: { readonly [P in keyof Kinds]: (body: BodyOf<P>) => Told } = {
  personAdded: ({ person, role, groups, by }) =>
    told(
      "decided",
      `added ${person} as ${role.replaceAll("-", " ")}${groups === "" ? "" : ` for ${groups}`}`,
      { by },
    ),
  personDisabled: ({ person, by }) => told("decided", `disabled ${person}`, { by }),
  personLinked: ({ person, by }) => told("decided", `gave ${person} a one-time link`, { by }),
  accountSet: ({ person }) => told("accounts", "set how they sign in", { by: person }),
  signedIn: ({ person }) => told("accounts", "signed in", { by: person }),
  signInRefused: ({ person, reason }) =>
    told("accounts", `a sign-in was refused (${reason})`, { by: person }),
  signedOut: ({ person }) => told("accounts", "signed out", { by: person }),
};
