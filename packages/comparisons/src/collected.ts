/** What was collected for one query, date and group: pages, JSON and terminal are made from it. */
import type { FigureState } from "./figure.js";
import type { Cell, Query } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics";
import type { Alarm, ComparisonState } from "./states.js";

/**
 * A released number, with every count that it can stand for at the collection's date. `carried`: how many periods
 * ago it was made, where it repeats an earlier one; its interval is wider then, to hold today's count.
 */
export interface ReleasedNumber extends Interval {
  readonly value: number;
  readonly carried?: number;
}

export type Value = ReleasedNumber | "withheld";

export interface MemberCell {
  readonly numerator: Value;
  readonly denominator: Value;
}

export interface Member {
  readonly practice: string; // id
  readonly name: string;
  readonly state: ComparisonState;
  /** With "refused", where it is this hub that does not count what it holds. */
  readonly alarm?: Alarm;
  /** By position as `cells`; only with "released": under this group's own use. */
  readonly released: readonly MemberCell[] | null;
  /** When both were here: the release, and the group's leave to it. Only with "released". */
  readonly receivedAt: number | null;
  readonly recordBasis: string | null;
  /** Whether people who opted out are in its numbers (wire's OptOuts). Only with "released". */
  readonly optOuts?: string;
  /** The practice's signature of its release: bytes that its peers cannot know. Only with "released". */
  readonly signature: Buffer | null;
  /** What counts was released after the practice had taken an earlier release back. */
  readonly corrected: boolean;
}

/** A group's figure for one cell, as it was decided. */
export interface StoredFigure {
  readonly state: FigureState;
  readonly contributors: number;
  readonly withheld: number;
  readonly carried: number;
  readonly withdrawn: number;
  readonly numerator_low: number | null;
  readonly numerator_high: number | null;
  readonly denominator_low: number | null;
  readonly denominator_high: number | null;
  readonly median_low: number | null;
  readonly median_high: number | null;
}

export interface Collected {
  readonly id: number;
  readonly group: string;
  readonly query: Query;
  readonly date: string;
  readonly closesAt: number;
  readonly closedAt: number | null;
  /** A sum, a middle or dots of it are or were shown. Until then a reader sees it as one that is still open. */
  readonly shown: boolean;
  readonly cells: readonly Cell[];
  /** Who was asked before anything of it was shown: figures and pages are of these alone. */
  readonly members: readonly Member[];
  /** Who joined after that, or is not asked for this date: each has its own line, and is in no figure. */
  readonly joiners: readonly Member[];
  /** By position; empty while the collection is open. */
  readonly figures: ReadonlyMap<number, StoredFigure>;
}

/**
 * Whether a release had come when what is shown was made; what comes later is in no figure. Where nothing is shown,
 * nobody is late.
 */
export function isInTime(
  { receivedAt }: Pick<Member, "receivedAt">,
  { closedAt, shown }: Pick<Collected, "closedAt" | "shown">,
): boolean {
  return receivedAt === null || closedAt === null || !shown || receivedAt <= closedAt;
}

/** Members that released in time: those whose figures these are. */
export function releasedIn(found: Collected): (Member & { readonly released: readonly MemberCell[] })[] {
  return found.members.flatMap((member) =>
    member.released !== null && isInTime(member, found) ? [{ ...member, released: member.released }] : [],
  );
}
