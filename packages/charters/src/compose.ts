/** What a group asks for and what a practice chose, composed: the strictest of both. */
import {
  OPT_OUTS,
  PEERS,
  ROLE_NAMES,
  SIGHTS,
  VIEWS,
  type Charter,
  type CharterRole,
  type NewQueryRule,
  type Sight,
} from "./charter.js";

const STRICTNESS = { "accept-signed": 0, delegate: 1, "accept-after": 2, ask: 3 } as const;

/**
 * The stricter of two rules: `ask`, then `accept-after` (more days first), `delegate`, `accept-signed`. Of two bodies
 * neither stands in for the other, so a person is asked.
 */
export function strictestRule(a: NewQueryRule, b: NewQueryRule): NewQueryRule {
  if (a.rule === "accept-after" && b.rule === "accept-after") return a.days >= b.days ? a : b;
  if (a.rule === "delegate" && b.rule === "delegate") return a.body === b.body ? a : { rule: "ask" };
  return STRICTNESS[a.rule] >= STRICTNESS[b.rule] ? a : b;
}

/** `left-out` where charter, practice or query leaves out who opted out. */
export function strictestOptOuts(...choices: readonly Charter["optOuts"][]): Charter["optOuts"] {
  return OPT_OUTS.find((choice) => choices.includes(choice)) ?? "left-out";
}

/** Composes what roles see, how practices show to one another and what opens: no more than each of these charters lets. */
export function strictestSight(...charters: readonly [Seen, ...Seen[]]): Seen {
  const least = (role: CharterRole): Sight =>
    SIGHTS.find((sight) => charters.some(({ sees }) => sees[role] === sight))!;
  return {
    sees: Object.fromEntries(ROLE_NAMES.map((role) => [role, least(role)])) as Charter["sees"],
    peers: PEERS.find((shown) => charters.some(({ peers }) => peers === shown))!,
    view: VIEWS.find((opens) => charters.some(({ view }) => view === opens))!,
  };
}

type Seen = Pick<Charter, "sees" | "peers" | "view">;

/** Gives the part of a charter that decides who sees what. */
export function sightOf({ sees, peers, view }: Charter): Seen {
  return { sees, peers, view };
}

/** Whether a query is one that the charter lets the group ask; any other is `not-in-charter`. */
export function asksQuery({ queries }: Pick<Charter, "queries">, query: string): boolean {
  return queries.some((name) => covers(name, query));
}

/** Whether every query of one name is one of the other. @param name, other names, or beginnings of names with `*` */
export function covers(name: string, other: string): boolean {
  return name.endsWith("*") ? other.startsWith(name.slice(0, -1)) : name === other;
}

/**
 * How a charter stands to its review date: a year after it, nothing new begins in the group.
 * @param today YYYY-MM-DD
 */
export function reviewStanding(
  { review }: Pick<Charter, "review">,
  today: string,
): "current" | "overdue" | "stops-new-queries" {
  if (today <= review) return "current";
  const yearLater = `${String(Number(review.slice(0, 4)) + 1).padStart(4, "0")}${review.slice(4)}`;
  return today <= yearLater ? "overdue" : "stops-new-queries";
}
