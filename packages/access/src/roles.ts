/** The roles that a person can have at a hub or at a practice, what a role is bound to, and its name in charters. */
import type { CharterRole } from "./charter.js";

interface RoleRule {
  /** What it is called on pages and in messages. */
  readonly words: string;
  /** The role of charters that says what somebody of this role sees of a group; null where none does. */
  readonly charter: CharterRole | null;
  /** Whether somebody of this role is there for named groups, for every group, or for either. */
  readonly groups: "named" | "every" | "either";
}

export const HUB_ROLES = {
  "cluster-lead": { words: "cluster lead", charter: "cluster-lead", groups: "named" },
  provider: { words: "provider", charter: "provider", groups: "named" },
  analyst: { words: "analyst", charter: "analyst", groups: "every" },
  "library-signer": { words: "library signer", charter: null, groups: "every" },
  supporter: { words: "supporter", charter: "supporter", groups: "named" },
  commissioner: { words: "commissioner", charter: "commissioner", groups: "named" },
  "governance-officer": { words: "governance officer", charter: "officer", groups: "either" },
  "hub-operator": { words: "hub operator", charter: null, groups: "every" },
} as const satisfies Record<string, RoleRule>;

export const PRACTICE_ROLES = {
  administrator: { words: "practice administrator", charter: null },
  "quality-lead": { words: "quality lead", charter: "practice-lead" },
  clinician: { words: "clinician", charter: "clinician" },
  officer: { words: "governance officer", charter: "officer" },
} as const satisfies Record<string, Omit<RoleRule, "groups">>;

export type HubRole = keyof typeof HUB_ROLES;
export type PracticeRole = keyof typeof PRACTICE_ROLES;

/** Is a word a role that a person can have at a hub? */
export function isHubRole(word: string): word is HubRole {
  return Object.hasOwn(HUB_ROLES, word);
}

/** Is a word a role that a person can have at a practice? */
export function isPracticeRole(word: string): word is PracticeRole {
  return Object.hasOwn(PRACTICE_ROLES, word);
}
