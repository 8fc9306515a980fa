/** The one decision on who may do what. */
import { ACTIONS, type Action } from "./actions.js";
import { whyNotByCharter, type CharterRole, type GroupCharter } from "./charter.js";
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

/** A group, with the charter that is in force for it; null where it has none. */
interface UnderCharter {
  readonly group: string;
  readonly charter: GroupCharter | null;
}

interface AboutKinds {
  readonly hub: Readonly<Record<never, never>>;
  readonly group: { readonly group: string | null }; // null: every group
  readonly practice: { readonly practice: string };
  readonly comparison: UnderCharter;
  readonly "comparison-here": UnderCharter & { readonly practice: string };
}

/** The thing that an action is done to. */
export type ObjectOf<A extends Action> = AboutKinds[(typeof ACTIONS)[A]["about"]];

/** Whether something is allowed; if not, why, in words for the person who asked. */
export type Answer = { readonly allowed: true } | { readonly allowed: false; readonly why: string };

const ALLOWED: Answer = { allowed: true };

/**
 * Decides whether a person may do an action to something. What no line of the table allows is refused. Where the action's
 * group has a charter, that decides what its roles see.
 */
export function may<A extends Action>(person: Person, action: A, about: ObjectOf<A>): Answer {
  const rule = ACTIONS[action];
  const said: Said = about;
  if (person.at !== rule.at) return refused(`Nobody of a ${person.at} does this at a ${rule.at}.`);
  if ("byCharter" in rule && said.charter !== null) return underCharter(person, rule, said);
  const roles: readonly string[] = rule.roles;
  if (!roles.includes(person.role)) return refused(whyNot(rule, rule.roles));
  return outside(person, rule, said) ?? ALLOWED;
}

type Rule = (typeof ACTIONS)[Action];

/** The facts that are given of the thing, whatever it is. One that is not given is refused. */
interface Said {
  readonly group?: string | null;
  readonly practice?: string;
  readonly charter?: GroupCharter | null;
}

/** The answer where a group has a charter, or where nothing is said of one. */
function underCharter(
  person: Person,
  rule: Extract<Rule, { readonly byCharter: unknown }>,
  about: Said,
): Answer {
  const { byCharter } = rule;
  const roles: readonly string[] = byCharter.roles;
  const { charter, group } = about;
  if (!charter) return refused("It is not said by which charter.");
  if (person.role !== "visitor" && !roles.includes(person.role))
    return refused(whyNot(rule, byCharter.roles));
  const elsewhere = outside(person, rule, about);
  if (elsewhere) return elsewhere;
  const why = whyNotByCharter(charter, charterRoles(person), { need: byCharter, at: rule.at });
  return why === null ? ALLOWED : refused(`The charter of ${group} ${why}. ${WHERE_TO_READ}`);
}

const WHERE_TO_READ =
  "It was signed with the library, and nobody here can change it: its page says all that it holds, and who answers for it.";

/**
 * A person's roles in charters. Whoever sits at a practice's machine is of the practice, and sees what all of those there
 * see; a hub's people are of several bodies, so that whoever sits at its machine is none that a charter names.
 */
function charterRoles(person: Person): CharterRole[] {
  if (person.role === "visitor") return person.at === "practice" ? ["practice-lead", "clinician"] : [];
  const { charter } = person.at === "hub" ? HUB_ROLES[person.role] : PRACTICE_ROLES[person.role];
  return charter === null ? [] : [charter];
}

/** The refusal where a person's role may do it, and not there. */
function outside(person: Person, rule: Rule, about: Said): Answer | null {
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

/** The roles whose people a group's charter lets see practices by name that consented to it: of hubs alone. */
export function rolesWithNames(group: string, charter: GroupCharter | null): CharterRole[] {
  return (Object.keys(HUB_ROLES) as HubRole[]).flatMap((role) => {
    const person = { at: "hub", name: "anybody", role, groups: "every" } as const;
    const { charter: named } = HUB_ROLES[role];
    return named !== null && may(person, "see-names", { group, charter }).allowed ? [named] : [];
  });
}

/** The role of a group's charter as which a person sees practices by name, where each consented to it; null for none. */
export function namedTo(
  person: Person,
  about: { readonly group: string; readonly charter: GroupCharter | null },
): CharterRole | null {
  return may(person, "see-names", about).allowed ? (charterRoles(person)[0] ?? null) : null;
}

/** Whether anybody at a group's practices sees its comparison: else it need not be sent there. */
export function isSeenAtPractices(group: string, charter: GroupCharter | null): boolean {
  return (Object.keys(PRACTICE_ROLES) as PracticeRole[]).some((role) => {
    const practice = "any";
    const person = { at: "practice", name: "anybody", role, practice } as const;
    return may(person, "see-group-figures", { practice, group, charter }).allowed;
  });
}

/** Says who may do it, and whom to ask. */
function whyNot({ words, at }: Rule, roles: readonly Person["role"][]): string {
  if (roles.length === 0) return "Only by a charter of its group may anybody do this, and it has none.";
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
