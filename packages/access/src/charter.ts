/** The part of a group's charter that decides who sees what, and how it answers for a role. */

/** How much a charter lets a role see, each more than the one before; `decisions` holds no figure. */
const SIGHTS = ["nothing", "decisions", "group", "own", "named"] as const;
export type CharterSight = (typeof SIGHTS)[number];

/** The roles of charters, as a sentence names their people. */
const CHARTER_ROLES = {
  "practice-lead": "quality leads",
  clinician: "clinicians",
  "cluster-lead": "the cluster lead",
  supporter: "supporters",
  analyst: "analysts",
  provider: "the provider",
  commissioner: "commissioners",
  officer: "governance officers",
} as const;
export type CharterRole = keyof typeof CHARTER_ROLES;

/** A charter in force, as far as it decides who sees what. */
export interface GroupCharter {
  readonly digest: string; // SHA-256 of the signed charter, hex
  readonly sees: Readonly<Record<CharterRole, CharterSight>>;
  /** How practices show to one another: where not at all, nobody sees a dot. */
  readonly peers: "none" | "unidentified" | "named-by-consent";
  /** Which comparison opens. */
  readonly view: CharterView;
}

type CharterView = "group-only" | "report" | "deciles" | "strip";
type Side = "hub" | "practice";

/**
 * Where single practices show by what opens. Only of a strip is it signed that practices see one another's dots; with
 * the group alone nobody sees one. With the other two a practice sees its own line beside the group, and a role of the
 * hub sees dots where the charter lets it.
 */
const SINGLE_PRACTICES: Readonly<Record<CharterView, readonly Side[]>> = {
  "group-only": [],
  report: ["hub"],
  deciles: ["hub"],
  strip: ["hub", "practice"],
};

/** The least that an action takes, where its group has a charter. */
export interface CharterNeed {
  /** The least that the charter has to let the role see. */
  readonly sees: CharterSight;
  /** Whether single practices show in it. */
  readonly peers?: true;
}

/**
 * Why a charter does not let somebody do what takes a need, in words; null where it does.
 * @param roles theirs in charters: of several, what each of them sees; none sees nothing
 */
export function whyNotByCharter(
  { sees, peers, view }: GroupCharter,
  roles: readonly CharterRole[],
  { need, at }: { readonly need: CharterNeed; readonly at: Side },
): string | null {
  if (roles.length === 0) return "says which roles see what, and whoever has no account has none";
  const role = roles.reduce((least, each) => (atLeast(sees[each], sees[least]) ? least : each));
  if (!atLeast(sees[role], need.sees)) return `lets ${CHARTER_ROLES[role]} see ${SIGHT_WORDS[sees[role]]}`;
  if (!need.peers) return null;
  if (peers === "none" || SINGLE_PRACTICES[view].length === 0)
    return "shows no practice to another, not even as a dot";
  return SINGLE_PRACTICES[view].includes(at) ? null : `shows no other practice at a ${at}, not even as a dot`;
}

const SIGHT_WORDS: Readonly<Record<CharterSight, string>> = {
  nothing: "nothing of it",
  decisions: "questions, decisions, releases and who looked, and no figure",
  group: "the group as a whole, and no practice of it",
  own: "the group with its practices as dots",
  named: "its practices",
};

function atLeast(sight: CharterSight, least: CharterSight): boolean {
  return SIGHTS.indexOf(sight) >= SIGHTS.indexOf(least);
}
