/** Every kind of entry of a hub's log. A field that several kinds have means the same in each. */
import { by, flag, hex, orNull, text, whole } from "./fields.js";
import { kind, type AnyEntry, type EntryOf } from "./kinds.js";
import { peopleKinds } from "./people-kinds.js";

/** Decisions of versions before each of them named its person. */
const UNNAMED = { by: null } as const;

/** A practice by its lasting id, and what it was called then. */
const named = { practice: text, name: text };
/** The thing that a practice sent, and its place in the practice's log. */
const sent = {
  ...{ run: text, practice: text, correction: whole, digest: hex },
  ...{ practice_log_index: whole, practice_log_size: whole, practice_log_root: hex },
};
/** A practice's consent to be named, or its end, with all that the practice signed. */
const consent = {
  ...{ practice: text, group: text, charter: hex, to: text, until: text },
  ...{ practice_log_index: whole, practice_log_size: whole, practice_log_root: hex, signature: hex },
};
const FIRST = { correction: 0 } as const;

export const hubLog = {
  /** The first entry of a log that follows another: the last checkpoint of that one. */
  logContinues: kind("log-continues", { old_origin: text, size: whole, root: hex }),

  practiceInvited: kind("practice-invited", { practice: text, groups: text, expires: whole, by }, UNNAMED),
  practiceRenamed: kind("practice-renamed", { practice: text, from: text, to: text, by }),
  practiceForgotten: kind("practice-forgotten", { ...named, groups: text, by }),
  groupJoined: kind("group-joined", { ...named, group: text, by }),
  groupLeft: kind("group-left", { ...named, group: text, by }),

  agentEnrolled: kind("agent-enrolled", { agent: text, practice: text, fingerprint: text, keeper_key: hex }),
  /** The practice as it was called then. */
  agentAdmitted: kind("agent-admitted", { agent: text, practice: text, fingerprint: text, by }, UNNAMED),
  agentRevoked: kind("agent-revoked", { agent: text, why: text, by }, UNNAMED),
  agentRenewed: kind("agent-renewed", { agent: text, generation: whole }),

  /** `signers`, `root`: who signed it, and the version of the root that says they may. */
  libraryPublished: kind(
    "library-published",
    { version: text, digest: hex, queries: text, signers: text, root: whole, by },
    { by: null, signers: null, root: null },
  ),

  /** A charter came into force with a publication, or did so again. */
  charterPublished: kind("charter-published", { group: text, charter: hex, library: text }),
  /** A publication holds no charter of the group any more. */
  charterEnded: kind("charter-ended", { group: text, library: text }),
  /** The root trusted so far has lost two of its keys: each practice is asked whether it trusts the new one. */
  rootReplaced: kind("library-root-replaced", { library_root: hex, old_library_root: hex, by }),

  scheduleAdded: kind(
    "schedule-added",
    { schedule: whole, group: text, queries: text, every: text, periods: whole, by },
    { periods: null, by: null },
  ),
  schedulePaused: kind("schedule-paused", { schedule: whole, by }, UNNAMED),
  scheduleResumed: kind("schedule-resumed", { schedule: whole, by }, UNNAMED),
  /** Without a query: the whole firing. */
  scheduleSkipped: kind(
    "schedule-skipped",
    { schedule: whole, due: whole, query: orNull(text), reason: text },
    { due: null, query: null },
  ),
  collectionOpened: kind("collection-opened", {
    ...{ collection: whole, group: text, query: text, version: text, digest: hex, date: text },
    members: whole,
  }),
  pastDatesAsked: kind("past-dates-asked", { group: text, practice: text, collections: whole, late: whole }),
  collectionsEnded: kind("collections-ended", { group: text, collections: whole, by }),
  collectionClosed: kind("collection-closed", {
    collection: whole,
    released: whole, // members that released
    members: whole,
    figures: whole, // that were made
  }),
  /**
   * The document of a closed collection: its digest. Without `replaces`: the first. `closed`: the place of the
   * collection's closing, by which each practice knows whether its release came in time; null where an older hub closed it.
   */
  comparisonMade: kind("comparison-made", {
    ...{ collection: whole, group: text, query: text, version: text, date: text },
    ...{ revision: whole, digest: hex, replaces: orNull(hex), closed: orNull(whole) },
  }),

  /** What a group wrote down, as a digest: the text itself stands in the group's documents. */
  noteWritten: kind("note-written", { group: text, query: text, note: whole, what: text, digest: hex, by }),
  planLookedAt: kind("plan-looked-at", { group: text, query: text, note: whole, outcome: text, by }),
  questionsChosen: kind("questions-chosen", { group: text, queries: text, by }),
  referencesImported: kind("references-imported", { references: whole, digest: hex, by }),

  releaseReceived: kind("release-received", sent, FIRST),
  releaseConflict: kind("release-conflict", { run: text, digest: hex }),
  releaseWithdrawn: kind("release-withdrawn", sent, {
    ...FIRST,
    ...{ practice: null, digest: null, practice_log_index: null, practice_log_size: null },
    practice_log_root: null,
  }),
  correctionAllowed: kind("correction-allowed", sent, FIRST),
  useReceived: kind("use-received", { ...sent, group: text }),
  useEnded: kind("use-ended", { ...sent, group: text }),
  consentReceived: kind("consent-received", consent),
  consentEnded: kind("consent-ended", consent),

  /** The hub's certificate authority, each certificate by its SHA-256. `stolen`: what the issuer before has signed counts no more. */
  hubIssuerReplaced: kind("hub-issuer-replaced", { certificate: hex, stolen: flag, by }),
  hubRootAdded: kind("hub-root-added", { certificate: hex, by }),
  /** `left_out`: practices whose agents knew this root alone. */
  hubRootDropped: kind("hub-root-dropped", { certificate: hex, left_out: whole, by }),

  /** Where people sign in elsewhere. */
  providerSet: kind("sign-in-provider-set", { issuer: text, client: text, by }),

  /** What a disabled person signed in with elsewhere is bound to another. */
  accountPassedOn: kind("account-passed-on", { from: text, to: text }),

  /**
   * Without a query: an overview; without a date: several. By null: before anybody had an account. `charter`: the one in
   * force then, empty for none. `shown`: figures, dots, or practices by name. `named`: how many consented to be named and
   * were: the entries after it say which, each `practice-named`.
   */
  comparisonViewed: kind(
    "comparison-viewed",
    {
      ...{ group: text, query: orNull(text), date: orNull(text) },
      ...{ purpose: text, charter: hex, shown: text, named: whole, by: orNull(by) },
    },
    {},
    { charter: "", shown: "", named: 0 }, // of a look from before charters said who sees what, and practices consented
  ),

  /** A practice was shown by name, by its consent, in the look that the entries of this kind follow. */
  practiceNamed: kind("practice-named", { practice: text, group: text }),

  /**
   * The log was taken away, before anything of it was. `shown`: "log", or "sealed log" for one practice, each "with
   * releases" or without; or "digests" of releases. Which practice it was sealed for is not in it: all read this entry.
   */
  logViewed: kind("log-viewed", { shown: text, purpose: text, by }),

  ...peopleKinds,
} as const;

export type HubKind = (typeof hubLog)[keyof typeof hubLog];
export type HubEntry = AnyEntry<typeof hubLog>;
export type HubEntryOf<P extends keyof typeof hubLog> = EntryOf<(typeof hubLog)[P]>;
