/** Lines of an account of a log: what happened, in words, and who decided it. */
import { CHARTER_ROLES, type CharterRole } from "@cairn/charters";
import { count, longDate } from "@cairn/text";

/** The people of a charter's role, in words: "supporters". */
export function whomWords(role: string): string {
  return Object.hasOwn(CHARTER_ROLES, role) ? CHARTER_ROLES[role as CharterRole].words : role;
}

/** The questions that an account answers, in its order. */
export const SECTIONS = ["asked", "decided", "released", "seen", "records", "accounts", "trust"] as const;
export type Section = (typeof SECTIONS)[number];

/** One version of a query, by its digest. */
export interface QueryName {
  readonly query: string;
  readonly version: string;
  readonly digest: string; // hex
}

/** The part of a line that follows from the entry's kind and facts. */
export interface LineFacts {
  readonly section: Section;
  /** A sentence without a full stop. */
  readonly words: string;
  /** The person or rule that decided or looked; null where it was nobody's decision. */
  readonly by: string | null;
  /** Hex, of the bytes that it is about; null where it is about none. */
  readonly digest: string | null;
  readonly query: QueryName | null;
  /** The name of the query under which it is told; null where it is about none, or several. */
  readonly question: string | null;
  /** The group that was given leave to see a release; null where none was. */
  readonly to: string | null;
  /** What is counted at the head of an account. */
  readonly counts: CountKind | null;
  /** The run that it is about; null where it is about none. */
  readonly run: string | null;
  /** Whether it is a small step on a run's way, and is told below what came of the run. */
  readonly isStep: boolean;
}

export type CountKind = "release" | "withdrawal" | "look" | "decision" | "unlooked";

export interface ReportLine extends LineFacts {
  readonly position: number; // of the entry in its log
  readonly time: string; // ISO 8601, UTC
}

type More = Partial<Omit<LineFacts, "section" | "words">>;

/** Makes what is told of an entry. */
export function lineFacts(section: Section, words: string, more: More = {}): LineFacts {
  const counts = section === "decided" ? "decision" : null;
  const question = more.query?.query ?? null;
  return {
    ...{ section, words, by: null, digest: null, query: null, question, to: null },
    ...{ counts, run: null, isStep: false },
    ...more,
  };
}

/** Which of a run's releases it is about, behind the run's name: nothing, or ", corrected". */
export function whichRelease(correction: number): string {
  return correction === 0 ? "" : ", corrected";
}

/** A run's name, short enough to be read: the export has the whole of it. */
export function shortRun(run: string): string {
  return run.length > 16 ? `${run.slice(0, 8)}…` : run;
}

/** "31 March 2026"; a text that is no date, which a log may hold, as it stands. */
export function dateWords(text: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? longDate(text) : text;
}

/** "1 cell", "1,240 cells". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}
