/** The one decision on who may do what. */
import { ACTIONS, type Action } from "./actions.js";
import { HUB_ROLES, PRACTICE_ROLES, type HubRole, type PracticeRole } from "./roles.js";

export interface HubPerson {
  readonly at: "hub";
  readonly name: string;
  readonly role: HubRole;
  readonly groups: readonly string[] | "every";
}

export interface PracticePerson {
  readonly at: "practice";
  readonly name: string;
  readonly role: PracticeRole;
  /** The practice, by the origin of its log: it has no name before it enrols. */
  readonly practice: string;
}

/** Nobody who has signed in: whoever sits at the machine, while no account is there. */
export interface Visitor {
  readonly at: "hub" | "practice";
  readonly name: null;
  readonly role: "visitor";
}

export type Person = HubPerson | PracticePerson | Visitor;

/** People of one side, and whoever sits there. */
export type PersonOf<S extends "hub" | "practice"> = Visitor | (S extends "hub" ? HubPerson : PracticePerson);

/** The thing that an action is done to: a group (null: every group), the practice, or the hub as a whole. */
export type ObjectOf<A extends Action> = (typeof ACTIONS)[A]["about"] extends "group"
  ? { readonly group: string | null }
  : (typeof ACTIONS)[A]["about"] extends "practice"
    ? { readonly practice: string }
    : Readonly<Record<never, never>>;

/** Whether something is allowed; if not, why, in words for the person who asked. */
export type Answer = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

const ALLOWED: Answer = { allowed: true };

/** Decides whether a person may do an action to something. What no line of the table allows is refused. */
export function may<A extends Action>(person: Person, action: A, about: ObjectOf<A>): Answer {
  const rule = ACTIONS[action];
  const roles: readonly string[] = rule.roles;
  if (person.at !== rule.at) return refused(`Nobody of a ${person.at} does this at a ${rule.at}.`);
  if (!roles.includes(person.role)) return refused(whyNot(rule));
  return outside(person, rule, about) ?? ALLOWED;
}

/** The refusal where a person's role may do it, and not there. What is not said is refused. */
function outside(
  person: Person,
  rule: (typeof ACTIONS)[Action],
  about: { readonly group?: string | null; readonly practice?: string },
): Answer | null {
  if (person.role === "visitor" || rule.about === "hub") return null;
  if (person.at === "practice")
    return about.practice === person.practice ? null : refused("This is another practice's.");
  if (person.groups === "every") return null;
  if (typeof about.group !== "string")
    return refused("This is about every group, and you are here for some of them.");
  return person.groups.includes(about.group)
    ? null
    : refused("Your account is not for this group. The hub operator can change that.");
}

/** Says who may do it, and whom to ask. */
function whyNot({ words, roles, at }: (typeof ACTIONS)[Action]): string {
  const names = roles.flatMap((role) => (role === "visitor" ? [] : [withArticle(roleWords(role))]));
  const keeps = roleWords(at === "hub" ? "hub-operator" : "administrator");
  const what = words.replace(/^./, (letter) => letter.toLowerCase());
  return `Only ${listed(names)} may do this: ${what}. Ask one of them; if it is your task, ask the ${keeps}, who gives people their roles.`;
}

function withArticle(name: string): string {
  return `${/^[aeiou]/.test(name) ? "an" : "a"} ${name}`;
}

/** A role's name for people. */
export function roleWords(role: HubRole | PracticeRole): string {
  return role in HUB_ROLES ? HUB_ROLES[role as HubRole].words : PRACTICE_ROLES[role as PracticeRole].words;
}

/** "a", "a or b", "a, b or c". */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

function refused(why: string): Answer {
  return { allowed: false, why };
}
