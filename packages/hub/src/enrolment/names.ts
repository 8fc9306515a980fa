/** Names of practices, groups and people, which read the same on a page, in a log and on a terminal. */
import { userInfo } from "node:os";
import { readsTheSame, type Actor } from "@cairn/ledger";
import { HubError } from "../errors.js";
import { givenBy } from "../config.js";

/** Checks a name. @throws HubError name-wrong */
export function requireName(whose: "practice" | "group" | "person", name: string): void {
  if (readsTheSame(name)) return;
  throw new HubError(
    "name-wrong",
    `"${inPlain(name)}": the name of a ${whose} is 1 to 100 characters on one line, with no space at its ends`,
  );
}

/** The person who decides, as the log names them. @throws HubError name-wrong */
export function requirePerson(by: string): asserts by is Actor {
  requireName("person", by);
}

/** The form of a name under which a person is found: nobody is told from another by capitals. */
export function nameKey(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/**
 * The form of a practice's name in which two that read alike are the same: without capitals, accents, spaces, stops and a
 * leading "the".
 */
export function likeness(name: string): string {
  const letters = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return letters.replace(/^the\s+/, "").replace(/[^\p{L}\p{N}]/gu, "") || letters;
}

/** Words on what to do about two practices with like names. */
export const ONE_AGENT =
  "if it is the same practice, say its name as it is there, for two agents of one practice are two histories, and what both release can be subtracted; if it is another, say what tells them apart in its name, such as its place";

/** Typed text for a message: characters that would move a terminal's cursor or reverse its letters are spelt out. */
export function inPlain(typed: string): string {
  return typed
    .slice(0, 200)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * The person who decides at this machine: the system's name for the user of this process, for the hub's log. A
 * container may have no name for its user: then its number.
 */
export function systemUser(): string {
  try {
    return givenBy() ?? userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
