/** The roles that a person can have at a hub or at a practice, and what a role is bound to. */

interface RoleRule {
  /** What it is called on pages and in messages. */
  readonly words: string;
  /** Whether somebody of this role is there for named groups, for every group, or for either. */
  readonly groups: "named" | "every" | "either";
}

export const HUB_ROLES = {
  "cluster-lead": { words: "cluster lead", groups: "named" },
  analyst: { words: "analyst", groups: "every" },
  "library-signer": { words: "library signer", groups: "every" },
  supporter: { words: "supporter", groups: "named" },
  commissioner: { words: "commissioner", groups: "named" },
  "governance-officer": { words: "governance officer", groups: "either" },
  "hub-operator": { words: "hub operator", groups: "every" },
} as const satisfies Record<string, RoleRule>;

export const PRACTICE_ROLES = {
  administrator: { words: "practice administrator" },
  "quality-lead": { words: "quality lead" },
  clinician: { words: "clinician" },
  officer: { words: "governance officer" },
} as const satisfies Record<string, Pick<RoleRule, "words">>;

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
