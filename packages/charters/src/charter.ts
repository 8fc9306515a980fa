/** What a group is: what it is for, who asks it, who sees what, and by which rules. */

/** How much a role sees, each more than the one before; `decisions` is the officer's and holds no figure. */
export const SIGHTS = ["nothing", "decisions", "group", "own", "named"] as const;
export type Sight = (typeof SIGHTS)[number];

/** Every role for which a charter says what it sees, with its words and what it can be given at all. */
export const CHARTER_ROLES = {
  "practice-lead": { words: "quality leads", sights: ["nothing", "group", "own", "named"] },
  clinician: { words: "clinicians", sights: ["nothing", "group", "own", "named"] },
  "cluster-lead": { words: "the cluster lead", sights: ["nothing", "group", "own", "named"] },
  supporter: { words: "supporters", sights: ["nothing", "group", "named"] },
  analyst: { words: "analysts", sights: ["nothing", "group", "named"] },
  provider: { words: "the provider", sights: ["nothing", "group", "named"] },
  commissioner: { words: "commissioners", sights: ["nothing", "group"] },
  officer: { words: "governance officers", sights: ["nothing", "decisions"] },
} as const satisfies Record<string, { readonly words: string; readonly sights: readonly Sight[] }>;
export type CharterRole = keyof typeof CHARTER_ROLES;
export const ROLE_NAMES = Object.keys(CHARTER_ROLES) as readonly CharterRole[];

/** The roles that a charter can let schedule queries for the group. */
export const ASKERS = ["cluster-lead", "analyst", "provider"] as const satisfies readonly CharterRole[];
export type Asker = (typeof ASKERS)[number];

/** The rule for a new query version, the stricter first. */
export type NewQueryRule =
  | { readonly rule: "ask" } // waits until someone at the practice accepts or declines it
  | { readonly rule: "accept-after"; readonly days: number } // runs unless someone objects in that time
  | { readonly rule: "delegate"; readonly body: string } // the body's signed acceptance of that version counts
  | { readonly rule: "accept-signed" }; // runs if the library's two signatures are there

/** How practices show to one another, each more than the one before. */
export const PEERS = ["none", "unidentified", "named-by-consent"] as const;
/** Which comparison opens, each with more of the single practices than the one before. */
export const VIEWS = ["group-only", "report", "deciles", "strip"] as const;
/** Whether people with a type 1 opt-out in their record are in what leaves; the stricter first. */
export const OPT_OUTS = ["left-out", "counted"] as const;
/** Whether a query version runs only once its publication has the witnesses' quorum; the stricter first. */
export const WITNESS = ["required", "not-required"] as const;

/** At least so many practices contribute before a figure of the group is made, whatever a charter says. */
export const FEWEST_CONTRIBUTORS = 5;
/** Deciles are of at least so many practices. */
export const FEWEST_FOR_DECILES = 30;

/** A charter with everything that its preset gave filled in. Only `parseCharter` and `readCharter` make one. */
export interface Charter {
  readonly group: string;
  readonly preset: string;
  readonly lead: string | null; // who leads, supports and provides, as they are called
  readonly supporter: string | null;
  readonly provider: string | null;
  readonly purpose: string;
  readonly notFor: string | null;
  readonly controller: string;
  readonly lawfulBasis: string;
  readonly keepFor: number; // months
  readonly review: string; // YYYY-MM-DD
  readonly asks: readonly Asker[];
  readonly newQuery: NewQueryRule;
  readonly floor: string; // a policy's name, "k8-r5"
  readonly optOuts: (typeof OPT_OUTS)[number];
  readonly sees: Readonly<Record<CharterRole, Sight>>;
  readonly peers: (typeof PEERS)[number];
  readonly contributors: number; // least practices of a figure
  readonly view: (typeof VIEWS)[number];
  readonly witness: (typeof WITNESS)[number];
  readonly queries: readonly string[]; // names, or beginnings of names with `*`; ["*"] is every query
}
