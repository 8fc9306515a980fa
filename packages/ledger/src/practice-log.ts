/** Every kind of entry of a practice's log. A field that several kinds have means the same in each. */
import { by, either, flag, hex, instant, orNull, text, whole } from "./fields.js";
import { kind, type AnyEntry, type EntryOf } from "./kinds.js";
import { peopleKinds } from "./people-kinds.js";

/** Decisions of versions before each of them named its person. */
const UNNAMED = { by: null } as const;

const question = { query: text, version: text };
const ofRun = { run: text, query: text, date: text };
/** One release of a run: 0 is the first, 1 the corrected one. */
const ofRelease = { run: text, correction: whole, digest: hex };
const released = { ...ofRelease, ...question, query_digest: hex, date: text };
const FIRST = { correction: 0 } as const;
/** Of releases from before the log said which rule on who is left out was in force. */
const UNSAID_OPT_OUTS = { opt_outs: null, opt_out_codes: null, left_out_list: null } as const;
/** Where a signed thing stood in the log as it was before a restore. */
const stood = { log_index: whole, log_size: whole, log_root: hex };
const checkpoint = { origin: text, size: whole, root: hex, stamp: orNull(text) };
const consent = { group: text, charter: hex, to: text, until: text };
const used = { ...released, group: text, charter: hex };

export const practiceLog = {
  made: kind("made", { key: hex, author_mode: flag }, { author_mode: false }),
  enrolled: kind("enrolled", { practice: text, library_root: hex, hub_log_key: hex, by }, UNNAMED),

  libraryVerified: kind(
    "library-verified",
    { version: text, digest: hex, expires: instant, signers: text },
    { expires: null, signers: null },
  ),
  /** The same version, with a newer statement of the hub that it is the newest. */
  libraryRenewed: kind("library-renewed", { version: text, digest: hex, expires: instant }),
  rootTrusted: kind("root-trusted", { library_root: hex, old_library_root: hex, version: whole, by }),
  libraryRefused: kind("library-refused", { code: text }),

  groupOffered: kind("group-offered", { group: text }),
  groupJoined: kind("group-joined", { group: text, by }),
  /** `charter`: its digest. `rule`: for new queries, as the charter has it. */
  charterAccepted: kind("charter-accepted", { group: text, charter: hex, rule: text, by }),
  groupLeft: kind("group-left", { group: text, by }),

  queryOffered: kind("query-offered", { ...question, digest: hex, group: text }),
  /** Without version and digest: what was declined is declined no more. Without a group: for all. */
  queryAccepted: kind(
    "query-accepted",
    { query: text, version: orNull(text), digest: orNull(hex), group: orNull(text), by },
    { version: null, digest: null, group: null, by: null },
  ),
  /** Without a group: for all. */
  queryDeclined: kind("query-declined", { query: text, group: orNull(text), by }, { group: null, by: null }),
  ruleSet: kind("rule-set", { group: text, rule: text, by }, UNNAMED),
  settingChanged: kind("setting-changed", { setting: text, value: either(text, flag), by }, UNNAMED),
  /** `list`: the name of the practice's new list of people left out of what leaves. How many are on it is in no log. */
  leftOutListSet: kind("left-out-list-set", { list: hex, by }),
  /** `choice`: "left-out" or "counted", for the reference dates after the day `after`. */
  optOutsChosen: kind("opt-outs-chosen", { choice: text, after: text, by }),
  paused: kind("paused", { by }, UNNAMED),
  resumed: kind("resumed", { by }, UNNAMED),

  recordsChanged: kind("records-changed", { covers_to: text, version: text }),
  recordsReplaced: kind("records-replaced", { lost_to: text }),

  runRefused: kind("run-refused", { ...ofRun, code: text }),
  moreRefused: kind("more-refused", { noted: whole }),
  runStarted: kind("run-started", { ...ofRun, attempt: whole }),
  runDied: kind("run-died", { ...ofRun, how: text }),
  runQuarantined: kind("run-quarantined", { ...ofRun, how: text }),
  runRetried: kind("run-retried", { ...ofRun, by }),

  released: kind(
    "released",
    {
      ...released,
      library_digest: hex,
      policy: text,
      record_basis: text,
      cells: whole, // of the table
      withheld: whole, // cells of which something was withheld
      certificate: orNull(text), // JSON: how the release was made; null where nothing was random
      opt_outs: orNull(text), // whether people with a type 1 opt-out in their record are "left-out", or "counted" by choice
      opt_out_codes: orNull(hex), // the digest of the codes by which they are known; null where they are counted
      left_out_list: orNull(hex), // the practice's own list, as left-out-list-set names it; null where it had none
    },
    { ...FIRST, certificate: null, ...UNSAID_OPT_OUTS },
    UNSAID_OPT_OUTS,
  ),
  releaseApproved: kind("release-approved", { run: text, by }, UNNAMED),
  /** A held release that never leaves, whoever asks. */
  releaseKept: kind("release-kept", { run: text, by }),
  receipt: kind("receipt", { ...ofRelease, hub_log_index: whole }, { ...FIRST, hub_log_index: null }),
  leftBeforeDeclined: kind("left-before-declined", { ...ofRun, correction: whole, digest: hex }),

  withdrawn: kind("withdrawn", { ...released, why: hex, by }, { ...FIRST, ...UNNAMED }),
  withdrawalReceipt: kind("withdrawal-receipt", { ...ofRelease, hub_log_index: whole }, FIRST),
  correctionAllowed: kind("correction-allowed", { ...released, by }, { ...FIRST, ...UNNAMED }),

  use: kind("use", used),
  /** By null: it follows from another decision (a decline, a group left, a withdrawal). */
  useEnded: kind("use-ended", { ...used, why: orNull(hex), by: orNull(by) }, { why: null, by: null }),
  useReceipt: kind("use-receipt", { ...ofRelease, group: text, ended: flag, hub_log_index: whole }),

  /** `charter`: its digest. `to`: the role of it whose people see this practice's name, up to the day `until`. */
  consentGiven: kind("consent-given", { ...consent, by }),
  /** By null: it follows from something else (a group left, another charter). */
  consentEnded: kind("consent-ended", { ...consent, by: orNull(by) }),
  /** `digest`: of the signature of the consent, or of its end. `signature`: the hub's. */
  consentReceipt: kind("consent-receipt", {
    ...{ group: text, to: text, ended: flag, digest: hex, hub_log_index: whole, signature: hex },
  }),

  /** `origin` and `position`: of the entry of the hub's log that names the document. `own`: this practice's dots were looked for in it. */
  /** `own`: its own dots were found. `unlooked`: why it could not look for them, "cannot-tell" or "not-shown". */
  comparisonTaken: kind(
    "comparison-taken",
    {
      ...{ group: text, ...question, date: text, revision: whole, digest: hex },
      ...{ origin: text, position: whole, own: flag, unlooked: orNull(text) },
    },
    { unlooked: null },
  ),
  /** Facts are null where what came could not be read. */
  comparisonRefused: kind("comparison-refused", {
    ...{ code: text, digest: hex, group: orNull(text), query: orNull(text), date: orNull(text) },
    revision: orNull(whole),
  }),
  /** By null: whoever sat at the machine, while nobody had an account. */
  comparisonViewed: kind(
    "comparison-viewed",
    {
      ...{ group: text, ...question, dates: text },
      ...{ purpose: text, charter: hex, shown: text, by: orNull(by) },
    },
    {},
    { charter: "", shown: "" }, // of a look from before charters said who sees what
  ),

  /**
   * The practice's own numbers of a query, or (without one) of all, on the first page: the first look of a person and day.
   * By null: whoever sat at the machine, while nobody had an account.
   */
  ownNumbersViewed: kind("own-numbers-viewed", {
    ...{ query: orNull(text), version: orNull(text), by: orNull(by) },
  }),
  /** What left, or would leave, for a run: the first look of a person and day. */
  runViewed: kind("run-viewed", { ...ofRun, by: orNull(by) }),

  worklistViewed: kind("worklist-viewed", { ...question, dates: text, by }),

  /** The practice's note for itself on a query, by its number here. `digest`: of its text, with a salt that the practice keeps. */
  ownNoteWritten: kind("own-note-written", { query: text, note: whole, digest: hex, by }),
  ownNoteRemoved: kind("own-note-removed", { query: text, note: whole, by }),
  /** The log was read on a screen ("log"), or taken away with what it refers to ("export"), before anything of it was. */
  logViewed: kind("log-viewed", { shown: text, purpose: text, by }),

  checkpointCountersigned: kind("checkpoint-countersigned", checkpoint, { stamp: null }),
  checkpointRefused: kind(
    "checkpoint-refused",
    { ...checkpoint, seen_origin: text, seen_size: whole },
    { root: null, stamp: null, seen_origin: null },
  ),
  hubLogAccepted: kind(
    "hub-log-accepted",
    { ...checkpoint, old_origin: text, old_size: whole, by },
    { stamp: null },
  ),
  /** A person accepted that the hub goes on in the log seen before, after it showed this one. */
  hubLogWentBack: kind("hub-log-went-back", { ...checkpoint, seen_origin: text, seen_size: whole, by }),

  /** `origin`, `position`: of the publication's entry in the hub's log, under a checkpoint of `size` entries. `witnesses`: who signed that. */
  publicationWitnessed: kind("publication-witnessed", {
    ...{ version: text, digest: hex, origin: text, position: whole, size: whole, witnesses: text },
  }),

  historyBegins: kind("history-begins", { lost_to: text }),
  restored: kind("restored", { copied_at: orNull(text), lost_to: text }),
  historyGivenBack: kind("history-given-back", {}),
  releaseGivenBack: kind("release-given-back", { ...released, ...stood }),
  useGivenBack: kind("use-given-back", { ...used, ended: flag, ...stood }),
  withdrawalGivenBack: kind("withdrawal-given-back", { ...ofRelease, query: text }),
  correctionGivenBack: kind("correction-given-back", { ...ofRelease, query: text }),

  ...peopleKinds,
} as const;

export type PracticeKind = (typeof practiceLog)[keyof typeof practiceLog];
export type PracticeEntry = AnyEntry<typeof practiceLog>;
export type PracticeEntryOf<P extends keyof typeof practiceLog> = EntryOf<(typeof practiceLog)[P]>;
