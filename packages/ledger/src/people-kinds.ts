/** Kinds of entries on people with accounts, which a hub's log and a practice's have alike. */
import { by, orNull, text, whole } from "./fields.js";
import { kind } from "./kinds.js";

/** The person is named as they are called; `by` is who decided. */
export const peopleKinds = {
  personAdded: kind("person-added", { person: text, role: text, groups: text, by }),
  personDisabled: kind("person-disabled", { person: text, by }),
  /** A one-time link was made. */
  personLinked: kind("person-linked", { person: text, expires: whole, by }),
  /** A one-time link was used to set how one signs in. */
  accountSet: kind("account-set", { person: text, how: text }),
  signedIn: kind("signed-in", { person: text, how: text }),
  /** Without a person: nobody has the name that was typed, which may be a password. */
  signInRefused: kind("sign-in-refused", { person: orNull(text), reason: text }),
  /** More sign-ins that were refused after those that have an entry each: how many since when, milliseconds since 1970. */
  signInsRefused: kind("sign-ins-refused", {
    ...{ person: orNull(text), reason: text, times: whole, since: whole },
  }),
  signedOut: kind("signed-out", { person: text }),
} as const;
