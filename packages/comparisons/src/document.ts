/**
 * A group's comparison for one query and date as one document, the same bytes for every member: all that a page of the
 * group shows, and nothing of a single practice. Pure.
 */
import { labelsOf } from "@cairn/query-library";
import type { CollectedAnswers } from "./collected.js";
import { isInTime, releasedIn } from "./collected.js";
import { cellOf, isTakenDown, type DocumentCell } from "./document-cell.js";
import { FEWEST } from "./figure.js";
import type { GroupJson } from "./json.js";
import { ownReference, type PublishedReference } from "./reference.js";
import { COMPARISON_STATES, type Alarm, type ComparisonState } from "./states.js";

export type { PublishedReference } from "./reference.js";

/** Everything that a page of a group shows for one query and date; also while numbers still come in. */
export interface ComparisonModel {
  readonly group: string;
  readonly query: string;
  readonly query_version: string;
  readonly query_digest: string; // hex SHA-256
  readonly date: string; // ISO 8601
  readonly closed_at: string | null; // ISO 8601 instant; null while numbers come in
  /** Whether a sum, a middle or dots are or were shown. `cells` is empty where not. */
  readonly shown: boolean;
  readonly practices: PracticeCounts;
  /** The numbers that the contributing practices sent, and how many of them are withheld; 0 of 0 where no dots are shown. */
  readonly numbers: { readonly sent: number; readonly withheld: number };
  /** The rows of the query's table that its population can hold, by position. */
  readonly cells: readonly DocumentCell[];
  /**
   * The newest earlier date whose figure of everyone is of the same practices, ISO 8601: the two points of a run chart
   * may be joined. Null where there is none.
   */
  readonly same_practices_as: string | null;
  readonly reference: PublishedReference | null;
  readonly notes: readonly GroupNote[];
}

/** Changes with any field, and with what a field means: a store then migrates the documents that it holds. */
export const DOCUMENT_VERSION = 2;

/** A closed comparison as it is signed. */
export interface ComparisonDocument extends ComparisonModel {
  readonly form: "cairn-comparison";
  readonly v: typeof DOCUMENT_VERSION;
  readonly closed_at: string;
  /** From 1, rising by 1. */
  readonly revision: number;
  /** The digest of the document that this one takes the place of, hex SHA-256; null for the first. */
  readonly replaces: string | null;
}

/** How many practices stand how; none is named. */
export interface PracticeCounts {
  readonly asked: number;
  /** Those that joined after the figures were made; in none of the others. */
  readonly joined_later: number;
  /** Those that joined later and were not asked for this date; in none of the others. */
  readonly not_asked: number;
  /** How those that were asked stand; of fewer than five, one knows of the others by it. */
  readonly answers: AnswerCounts | "too-few";
}

/** `contributing`, `late` and those of `states` are all that were asked. */
export interface AnswerCounts {
  readonly contributing: number;
  /** Those that released after the figures were made: they are in none. */
  readonly late: number;
  /** The others, in the order of COMPARISON_STATES. */
  readonly states: readonly {
    readonly state: Exclude<ComparisonState, "released">;
    readonly alarm: Alarm | null;
    readonly practices: number;
  }[];
  /** How the numbers of the contributing are made, or why that is not counted: fewer than five contribute, nothing is shown yet, or no dots are. */
  readonly made: MadeCounts | "too-few" | "collecting" | "too-close";
}

/** How the numbers of contributing practices are made. */
export interface MadeCounts {
  /** Those that sent corrected numbers in place of withdrawn ones. */
  readonly corrected: number;
  /** Those whose records carry no registrations. */
  readonly without_registrations: number;
  /** Those in whose numbers people with a type 1 opt-out in their record are left out, or counted. */
  readonly opt_outs: { readonly left_out: number; readonly counted: number };
}

/** A note of a group, an aim, or a change that it tries. */
export interface GroupNote {
  readonly date: string; // ISO 8601
  readonly kind: "note" | "aim" | "test-of-change";
  readonly text: string;
  readonly share: number | null; // of an aim, in 0..1
  readonly measured_by: string | null;
  readonly until: string | null; // ISO 8601
  /** What came of it when the group looked again; null before, and of a note. */
  readonly outcome: { readonly date: string; readonly what: "kept" | "changed" | "dropped" } | null;
}

/** The facts beside a comparison's numbers: whoever keeps them hands them in. */
export type BesideFacts = Pick<ComparisonModel, "same_practices_as" | "reference" | "notes">;

export const NOTHING_BESIDE: BesideFacts = { same_practices_as: null, reference: null, notes: [] };

/** The group's figure of everyone; null while nothing is shown. */
export function totalOf({ cells }: ComparisonModel): GroupJson | null {
  return cells.find(({ position }) => position === 0)?.figure ?? null;
}

/** Makes the model of what was collected, open or closed. */
export function modelOf(found: CollectedAnswers, beside: BesideFacts = NOTHING_BESIDE): ComparisonModel {
  const { query, closedAt } = found;
  const released = releasedIn(found);
  // Not while nothing is shown, nor when figures came down: a count that grows or falls with a practice is that practice's.
  const sent =
    found.shown === "all" && !isTakenDown(found)
      ? released.flatMap((member) => member.released.flatMap((cell) => [cell.denominator, cell.numerator]))
      : [];
  return {
    group: found.group,
    query: query.query,
    query_version: query.version,
    query_digest: query.digest,
    date: found.date,
    closed_at: closedAt === null ? null : new Date(closedAt).toISOString(),
    shown: found.shown !== false,
    practices: countsOf(found),
    numbers: { sent: sent.length, withheld: sent.filter((number) => number === "withheld").length },
    cells: found.shown !== false && closedAt !== null ? cellsOf(found) : [],
    same_practices_as: beside.same_practices_as,
    reference:
      beside.reference ?? (found.shown === "all" && !isTakenDown(found) ? ownReference(found) : null),
    notes: beside.notes,
  };
}

/**
 * Makes the document of a closed collection.
 * @param after the document that it takes the place of, and its digest in hex; null for the first
 * @throws RangeError where the collection is open
 */
export function documentOf(
  found: CollectedAnswers,
  after: { readonly revision: number; readonly digest: string } | null,
  beside: BesideFacts = NOTHING_BESIDE,
): ComparisonDocument {
  const { closed_at, ...model } = modelOf(found, beside);
  if (closed_at === null) throw new RangeError("an open collection has no document");
  return {
    form: "cairn-comparison",
    v: DOCUMENT_VERSION,
    ...model,
    closed_at,
    revision: (after?.revision ?? 0) + 1,
    replaces: after?.digest ?? null,
  };
}

function cellsOf(found: CollectedAnswers): DocumentCell[] {
  return labelsOf(found.query, found.cells).flatMap((label, position) =>
    label === null ? [] : [cellOf(found, position)],
  );
}

function countsOf(found: CollectedAnswers): PracticeCounts {
  const { members, joiners } = found;
  const joined = joiners.filter(({ state }) => state !== "not-asked").length;
  return {
    asked: members.length,
    joined_later: joined,
    not_asked: joiners.length - joined,
    answers: members.length < FEWEST ? "too-few" : answersOf(found),
  };
}

function answersOf(found: CollectedAnswers): AnswerCounts {
  const { members } = found;
  return {
    contributing: releasedIn(found).length,
    late: members.filter((member) => member.released !== null && !isInTime(member, found)).length,
    states: statesOf(members.filter(({ released }) => released === null)),
    made: madeOf(found),
  };
}

function madeOf(found: CollectedAnswers): AnswerCounts["made"] {
  const contributing = releasedIn(found);
  if (contributing.length < FEWEST) return "too-few";
  if (found.closedAt === null || found.shown === false) return "collecting"; // a count that grows with a practice is its own
  if (found.shown === "sums-alone") return "too-close";
  return madeCounts(found);
}

/** How the numbers of contributing practices are made: for a document, or for the hub's operator, who sees each by name. */
export function madeCounts(found: CollectedAnswers): MadeCounts {
  const contributing = releasedIn(found);
  const leftOut = contributing.filter(({ optOuts }) => optOuts === "OPT_OUTS_LEFT_OUT").length;
  return {
    corrected: contributing.filter(({ corrected }) => corrected).length,
    without_registrations: contributing.filter(
      ({ recordBasis }) => recordBasis !== "RECORD_BASIS_REGISTRATIONS",
    ).length,
    opt_outs: { left_out: leftOut, counted: contributing.length - leftOut },
  };
}

function statesOf(absent: CollectedAnswers["members"]): AnswerCounts["states"] {
  return COMPARISON_STATES.flatMap((state) => {
    if (state === "released") return [];
    const those = absent.filter((member) => member.state === state);
    const alarms = [...new Set(those.map(({ alarm }) => alarm ?? null))].sort();
    return alarms.map((alarm) => ({
      state,
      alarm,
      practices: those.filter((member) => (member.alarm ?? null) === alarm).length,
    }));
  });
}
