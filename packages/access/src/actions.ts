/** The one table of actions: what can be done on a page or by a command, what it is about, and the roles that may. */
import type { CharterNeed } from "./charter.js";
import type { HubRole, PracticeRole } from "./roles.js";

/**
 * A person who has not signed in, at the machine itself, where nobody has an account yet. No account has this role; its
 * rights end with the first account.
 */
type Visitor = "visitor";

/**
 * Who may where the action's group has a charter, and what that has to let them see. `roles` of the action are those who
 * may where it has none.
 */
interface ByCharter<R> {
  readonly byCharter: CharterNeed & { readonly roles: readonly R[] };
}

type HubActionRule = HubActionFacts &
  (
    | { readonly about: "hub" | "group" } // the hub as a whole, or one group
    | ({ readonly about: "comparison" } & ByCharter<HubRole>) // one group under its charter
  );

interface HubActionFacts {
  readonly at: "hub";
  readonly words: string;
  readonly roles: readonly (HubRole | Visitor)[];
  /** Each time it is done is a look at numbers, and stands in the log. */
  readonly viewing?: true;
  /** It matters so much that whoever does it has signed in within the last minutes. */
  readonly recent?: true;
}

type PracticeActionRule = PracticeActionFacts &
  (
    | { readonly about: "practice" }
    | ({ readonly about: "comparison-here" } & ByCharter<PracticeRole | Visitor>) // a group's, at the practice
  );

interface PracticeActionFacts {
  readonly at: "practice";
  readonly words: string;
  readonly roles: readonly (PracticeRole | Visitor)[];
  readonly viewing?: true;
  readonly recent?: true;
}

const HUB_PEOPLE = [
  "cluster-lead",
  "provider",
  "analyst",
  "library-signer",
  "supporter",
  "commissioner",
  "governance-officer",
  "hub-operator",
] as const satisfies readonly HubRole[];

const PRACTICE_PEOPLE = [
  "administrator",
  "quality-lead",
  "clinician",
  "officer",
] as const satisfies readonly PracticeRole[];

const hubActions = {
  "open-hub": {
    ...{ at: "hub", about: "hub", roles: [...HUB_PEOPLE, "visitor"] },
    words: "Open the hub's first page, which links to what one may see",
  },
  "keep-own-account": {
    ...{ at: "hub", about: "hub", roles: HUB_PEOPLE },
    words: "See how one signs in, change it, and sign out",
  },
  "see-group": {
    ...{ at: "hub", about: "group" },
    words: "See that a group is there, how many practices compare in it, and what it is asked",
    roles: [
      ...["cluster-lead", "provider", "analyst", "supporter", "commissioner"],
      ...["governance-officer", "hub-operator", "visitor"],
    ] as const,
  },
  "see-comparison": {
    ...{ at: "hub", about: "comparison", viewing: true },
    words: "See a group's figures and charts, with its notes, aims and tests of change",
    roles: ["cluster-lead", "supporter", "commissioner", "visitor"],
    byCharter: {
      roles: ["cluster-lead", "provider", "analyst", "supporter", "commissioner"],
      sees: "group",
    },
  },
  "see-dots": {
    ...{ at: "hub", about: "comparison", viewing: true },
    words: "See a group's practices in a comparison, each as a dot without a name",
    roles: ["cluster-lead", "visitor"],
    byCharter: { roles: ["cluster-lead", "provider", "analyst", "supporter"], sees: "own", peers: true },
  },
  "see-names": {
    ...{ at: "hub", about: "comparison", viewing: true, roles: [] },
    words: "See, in a comparison, practices by name that consented to be named to this role",
    byCharter: { roles: ["cluster-lead", "provider", "analyst", "supporter"], sees: "named", peers: true },
  },
  "write-notes": {
    ...{ at: "hub", about: "comparison", roles: ["cluster-lead", "provider"] },
    words: "Write a group's notes, aims and tests of change",
    byCharter: { roles: ["cluster-lead", "provider"], sees: "group" },
  },
  "choose-questions": {
    ...{ at: "hub", about: "comparison", roles: ["cluster-lead", "provider"] },
    words: "Choose the questions that a group looks at first",
    byCharter: { roles: ["cluster-lead", "provider"], sees: "group" },
  },
  "see-schedules": {
    ...{ at: "hub", about: "group" },
    words: "See what a group is asked, and when",
    roles: ["cluster-lead", "provider", "analyst", "governance-officer", "hub-operator"],
  },
  "change-schedules": {
    ...{ at: "hub", about: "group", roles: ["cluster-lead", "provider"] },
    words: "Add, pause and resume a group's schedules, and end a collection early",
  },
  "propose-schedules": {
    ...{ at: "hub", about: "group", roles: ["cluster-lead", "provider", "analyst"] },
    words: "Propose what a group could be asked",
  },
  "write-queries": {
    ...{ at: "hub", about: "hub", roles: ["analyst"] },
    words: "Write queries, try them on invented records and estimate what would be withheld",
  },
  "sign-library": {
    ...{ at: "hub", about: "hub", recent: true, roles: ["library-signer"] },
    words: "Sign the library, with one's own key, where one did not write what is new in it",
  },
  "publish-library": {
    ...{ at: "hub", about: "hub", roles: ["hub-operator"] },
    words: "Publish a library",
  },
  "see-run-states": {
    ...{ at: "hub", about: "hub", roles: ["hub-operator"] },
    words: "See where each practice's runs stand, with sizes and digests and without a value",
  },
  "invite-practices": {
    ...{ at: "hub", about: "hub", roles: ["hub-operator"] },
    words: "Invite practices, rename them, and change their groups",
  },
  "admit-practices": {
    ...{ at: "hub", about: "hub", recent: true, roles: ["hub-operator"] },
    words: "Admit an agent whose fingerprint was compared, lock one out, or forget a practice",
  },
  "keep-people": {
    ...{ at: "hub", about: "hub", recent: true, roles: ["hub-operator"] },
    words: "Add people with their roles, disable them, and give them a one-time link",
  },
  "see-people": {
    ...{ at: "hub", about: "hub", roles: ["hub-operator", "governance-officer"] },
    words: "See who has an account, with role and groups",
  },
  "operate-hub": {
    ...{ at: "hub", about: "hub", roles: ["hub-operator"] },
    words: "Back the hub up and change its settings",
  },
  "read-decisions": {
    ...{ at: "hub", about: "comparison", roles: ["governance-officer"] },
    words: "Read the queries, decisions, releases and viewings that concern a group",
    byCharter: { roles: ["governance-officer"], sees: "decisions" },
  },
  "export-log": {
    ...{ at: "hub", about: "hub", roles: ["governance-officer", "hub-operator"] },
    words: "Take away the hub's log, to be verified elsewhere",
  },
  "countersign-log": {
    ...{ at: "hub", about: "hub", recent: true, roles: ["governance-officer"] },
    words: "Countersign the hub's log",
  },
} as const satisfies Record<string, HubActionRule>;

const practiceActions = {
  "see-standing": {
    ...{ at: "practice", about: "practice", roles: [...PRACTICE_PEOPLE, "visitor"] },
    words: "See how the practice stands: its groups, what it is asked and where each run is",
  },
  "keep-own-practice-account": {
    ...{ at: "practice", about: "practice", roles: PRACTICE_PEOPLE },
    words: "See how one signs in at the practice, change it, and sign out",
  },
  "see-releases": {
    ...{ at: "practice", about: "practice", viewing: true, roles: ["quality-lead", "officer", "visitor"] },
    words: "See exactly the numbers that left the practice, or would leave",
  },
  "see-own-numbers": {
    ...{ at: "practice", about: "practice", viewing: true },
    words: "See the practice's own numbers, question by question",
    roles: ["quality-lead", "clinician", "visitor"],
  },
  "see-group-figures": {
    ...{ at: "practice", about: "comparison-here", viewing: true },
    words: "See the figures of a group of the practice's",
    roles: ["quality-lead", "clinician", "visitor"],
    byCharter: { roles: ["quality-lead", "clinician", "visitor"], sees: "group" },
  },
  "see-own-comparison": {
    ...{ at: "practice", about: "comparison-here", viewing: true },
    words: "See the practice's own numbers beside a group's",
    roles: ["quality-lead", "clinician", "visitor"],
    byCharter: { roles: ["quality-lead", "clinician", "visitor"], sees: "own" },
  },
  "see-peers": {
    ...{ at: "practice", about: "comparison-here", viewing: true },
    words: "See the other practices of a group, each as a dot without a name",
    roles: ["quality-lead", "clinician", "visitor"],
    byCharter: { roles: ["quality-lead", "clinician", "visitor"], sees: "own", peers: true },
  },
  "open-worklist": {
    ...{ at: "practice", about: "practice", viewing: true, roles: ["quality-lead", "clinician"] },
    words: "Open the list of the practice's own patients behind a number, and mark it",
  },
  "write-own-notes": {
    ...{ at: "practice", about: "practice", roles: ["quality-lead", "clinician"] },
    words: "Write the practice's own notes on its questions, which stay there, and remove them",
  },
  "decide-queries": {
    ...{ at: "practice", about: "practice", roles: ["quality-lead"] },
    words: "Accept or decline queries and groups",
  },
  "consent-to-names": {
    ...{ at: "practice", about: "practice", roles: ["quality-lead", "administrator"] },
    words: "Consent that a group's people see the practice by name, and take that back",
  },
  "decide-releases": {
    ...{ at: "practice", about: "practice", roles: ["quality-lead"] },
    words: "Approve what is on hold, and withdraw what was released",
  },
  "set-rules": {
    ...{ at: "practice", about: "practice", recent: true, roles: ["administrator"] },
    words: "Set the rule for new queries, and whether releases are held for a look",
  },
  "pause-practice": {
    ...{ at: "practice", about: "practice", roles: ["administrator"] },
    words: "Pause everything, and resume it",
  },
  "keep-opt-outs": {
    ...{ at: "practice", about: "practice", recent: true, roles: ["administrator"] },
    words: "Keep the practice's list of people left out, and whether type 1 opt-outs are counted",
  },
  "import-records": {
    ...{ at: "practice", about: "practice", roles: ["administrator"] },
    words: "Import records, and see the report on their quality",
  },
  "enrol-practice": {
    ...{ at: "practice", about: "practice", recent: true, roles: ["administrator"] },
    words: "Enrol at a hub, and back the agent up",
  },
  "keep-practice-people": {
    ...{ at: "practice", about: "practice", recent: true, roles: ["administrator"] },
    words: "Add people at the practice with their roles, disable them, and give them a one-time link",
  },
  "see-practice-people": {
    ...{ at: "practice", about: "practice", roles: ["administrator", "officer"] },
    words: "See who has an account at the practice, with their roles",
  },
  "read-practice-log": {
    ...{ at: "practice", about: "practice", roles: ["officer"] },
    words: "Read the practice's queries, decisions, releases and viewings, and verify its log",
  },
} as const satisfies Record<string, PracticeActionRule>;

export const ACTIONS = { ...hubActions, ...practiceActions } as const;

export type HubAction = keyof typeof hubActions;
export type PracticeAction = keyof typeof practiceActions;
export type Action = HubAction | PracticeAction;

/** The actions of one side. */
export type ActionOf<S extends "hub" | "practice"> = S extends "hub" ? HubAction : PracticeAction;

/** The actions on which the charter of their group decides, where it has one. */
export type CharteredAction = {
  [A in Action]: (typeof ACTIONS)[A] extends { readonly byCharter: unknown } ? A : never;
}[Action];

/** The actions each of which is a look at numbers. */
export type ViewingAction = {
  [A in Action]: (typeof ACTIONS)[A] extends { readonly viewing: true } ? A : never;
}[Action];
