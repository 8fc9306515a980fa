/** What is told of people with accounts, which is the same at a hub and at a practice. */
import { minute } from "@cairn/text";
import type { EntryOf } from "../kinds.js";
import type { peopleKinds } from "../people-kinds.js";
import { counted, lineFacts, type LineFacts } from "./lines.js";

type Kinds = typeof peopleKinds;
type BodyOf<P extends keyof Kinds> = EntryOf<Kinds[P]>["body"];

export const PEOPLE_WORDS: { readonly [P in keyof Kinds]: (body: BodyOf<P>) => LineFacts } = {
  personAdded: ({ person, role, groups, by }) =>
    lineFacts(
      "decided",
      `added ${person} as ${role.replaceAll("-", " ")}${groups === "" ? "" : ` for ${groups}`}`,
      { by },
    ),
  personDisabled: ({ person, by }) => lineFacts("decided", `disabled ${person}`, { by }),
  personLinked: ({ person, by }) => lineFacts("decided", `gave ${person} a one-time link`, { by }),
  accountSet: ({ person }) => lineFacts("accounts", "set how they sign in", { by: person }),
  signedIn: ({ person }) => lineFacts("accounts", "signed in", { by: person }),
  signInRefused: ({ person, reason }) =>
    lineFacts("accounts", `a sign-in was refused (${reason})`, { by: person }),
  signInsRefused: ({ person, reason, times, since }) =>
    lineFacts(
      "accounts",
      `${counted(times, "more sign-in")} ${times === 1 ? "was" : "were"} refused (${reason}) since ${minute(new Date(since).toISOString())}`,
      { by: person },
    ),
  signedOut: ({ person }) => lineFacts("accounts", "signed out", { by: person }),
};
