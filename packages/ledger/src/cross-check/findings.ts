/** Findings of an audit: problems by name, and what an officer should know besides. */
import type { HubEntry } from "../hub-log.js";
import type { PracticeEntry } from "../practice-log.js";
import type { UnreadEntry } from "../codec.js";

/** Every kind of problem, with what to do about it. */
const TO_DO = {
  "log-unreadable": "ask its owner for a new export, and keep this one",
  "other-kind": "give the hub's export with --hub, and each practice's with --practice",
  "log-altered": "ask its owner for a new export, and keep this one",
  "entry-unread":
    "check the logs with the newest version of cairn, and where it says the same ask the log's owner what this is",
  "older-form":
    "ask the log's owner whether an older version of cairn was run on its folder; where not, keep this export",
  "key-unknown": "check that both exports are of the same hub and practice",
  "hub-log-rewritten":
    "keep both exports: they show two histories of one log, and the hub's operator has to answer",
  "hub-log-cut": "keep both exports, and ask the hub's operator for its whole log",
  "hub-log-forked": "keep both exports: the hub signed two histories, and its operator has to answer",
  "hub-log-joint": "ask the hub's operator for an export of every log that it ever had",
  "witness-missing":
    "ask the hub's operator whether its witnesses run, and each of them what it signed last (cairn witness run)",
  "sealed-own": "ask the hub's operator for an export for this practice, and keep this one",
  "opened-other": "keep this export to yourself, and tell the hub's operator which practice's it shows",
  "practice-log-rewritten": "keep both exports, and ask the practice for its log as it was",
  "practice-log-cut":
    "ask the practice for its whole log; where it was restored from a backup, its log says so",
  "release-unknown": "keep both exports: one of the two sides has to answer for this release",
  "release-twice": "keep both exports: one result may count for a practice, query version and date",
  "receipt-missing": "see that the practice's agent runs and reaches the hub, then export its log again",
  "receipt-unknown": "keep both exports: one of the two sides has to answer for this receipt",
  "not-written-down": "keep both exports, and ask the hub's operator what became of it",
  "back-dated": "keep both exports, and compare the two clocks",
  "library-missing": "ask the practice from which signed library this was answered",
  "library-expired": "ask the hub to publish its library anew, and the practice why it went on",
  "date-wrong": "ask the practice and the hub who asked for this date",
  "acceptance-missing": "ask the practice who accepted this query, and for which group",
  "rule-unknown": "ask the practice who set its rules",
  declined: "ask the practice why this was answered all the same",
  paused: "ask the practice why something was released during its pause",
  "charter-missing": "ask the practice who accepted this charter of the group",
  "member-missing": "ask the practice who accepted this group",
  "use-missing": "ask the practice for which groups this was released",
  "use-unknown": "keep both exports: a group may see a release only under a use that the practice signed",
  "opt-outs-not-agreed":
    "ask the practice who chose to count people with a type 1 opt-out in their record, and the group what its charter says of them",
  "use-unwitnessed":
    "ask the practice why it did not wait for the witnesses, as its charter asks, and the hub's operator whether they ran then",
  "withdrawal-unknown": "keep both exports: only the practice can withdraw a release",
  "comparison-unknown":
    "keep both exports: the practice was given a comparison that the hub's log does not tell of in the same way",
  "comparison-twice": "keep the hub's export, and compare with each member of the group what it was shown",
  "consent-unknown":
    "keep both exports: a practice is named only by what it signed itself, and the two sides do not tell of the same",
  "look-not-allowed":
    "keep both exports, and ask whoever looked, and the operator of that log's machine, how they came to see it",
  "bytes-differ": "keep both exports: what the hub holds is not what the practice released",
} as const;

export type ProblemCode = keyof typeof TO_DO;

export interface Problem {
  readonly code: ProblemCode;
  readonly log: string; // whose: "the hub", or what the practice's export is called
  readonly entry: number | null; // its number in that log
  readonly run: string | null;
  readonly words: string;
  readonly todo: string;
}

interface Where {
  readonly entry?: number | null;
  readonly run?: string;
}

export class Findings {
  readonly problems: Problem[] = [];
  /** Facts that are no problem and should be known, in words. */
  readonly notes: string[] = [];

  problem(code: ProblemCode, log: string, words: string, { entry = null, run }: Where = {}): void {
    this.problems.push({ code, log, entry, run: run || null, words, todo: TO_DO[code] });
  }

  note(words: string): void {
    this.notes.push(words);
  }
}

/** A problem as one line. */
export function problemLine({ log, entry, run, words, todo }: Problem): string {
  const where = [log, ...(entry === null ? [] : [`entry ${entry}`]), ...(run === null ? [] : [`run ${run}`])];
  return `${where.join(", ")}: ${words}. What to do: ${todo}.`;
}

/** The release of a run that an entry is about. */
export interface ReleaseFields {
  readonly run: string;
  readonly correction: number; // 0 in entries from before there were corrections: they are about the first
  readonly digest: string | null; // null where an old entry does not say
}

type AboutRelease = Extract<PracticeEntry | HubEntry, { readonly body: ReleaseFields }>;

/** Is it about a release, and says which? */
export function isOfRelease<E extends PracticeEntry | HubEntry | UnreadEntry>(
  entry: E,
): entry is E & AboutRelease {
  return entry.kind !== null && "correction" in entry.body;
}

/** The release that an entry is about, as one text. */
export function releaseName({ body }: { readonly body: ReleaseFields }): string {
  return `${body.run} ${body.correction} ${body.digest}`;
}

/** The same, with what is said of it and the group where there is one. */
export function nameOf(
  kind: string,
  { body }: { readonly body: ReleaseFields & { readonly group?: string } },
): string {
  return `${kind} ${body.group ?? ""} ${releaseName({ body })}`;
}

/** The content of a line beside a log. */
export type Facts = Readonly<Record<string, unknown>>;

/** A fact of a line beside a log, as text; "" where it has none of this name that is one. */
export function fact(facts: Facts, name: string): string {
  const said = facts[name];
  return typeof said === "string" || typeof said === "number" || typeof said === "boolean"
    ? String(said)
    : "";
}

/** `1 release`, `2 releases`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
