/** The answers collected for one query, date and group: the source of pages, JSON and terminal. */
import type { FigureState } from "./figure.js";
import type { Cell, Query } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics/intervals";
import type { Alarm, ComparisonState } from "./states.js";

/**
 * A released number, with every count that it can stand for at the collection's date. `carried`: the number of
 * periods since it was made, where it repeats an earlier one; its interval is then wider, to hold today's count.
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
  /** Why this hub does not count a release that it holds; only with "refused". */
  readonly alarm?: Alarm;
  /** The released cells, by position as `cells`, under this group's own use; only with "released". */
  readonly released: readonly MemberCell[] | null;
  /** When both the release and the group's use had arrived; only with "released". */
  readonly receivedAt: number | null;
  readonly recordBasis: string | null;
  /** Whether people with a type 1 opt-out in their record are in its numbers (wire's OptOuts); only with "released". */
  readonly optOuts?: string;
  /** The practice's signature of its release: bytes that its peers cannot know; only with "released". */
  readonly signature: Buffer | null;
  /** Whether the counts were released after the practice had withdrawn an earlier release. */
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

/**
 * The parts that are shown of a closed collection: nothing; its sums alone, where dots, medians and counts of practices would tell of a
 * few beside another group's; or all.
 */
export type ShownParts = false | "sums-alone" | "all";

export interface CollectedAnswers {
  readonly id: number;
  readonly group: string;
  readonly query: Query;
  readonly date: string;
  readonly closesAt: number;
  readonly closedAt: number | null;
  /** The parts of it that are or were shown. While that is nothing, a reader sees the collection as still open. */
  readonly shown: ShownParts;
  readonly cells: readonly Cell[];
  /** Practices that were asked before any of it was shown: figures and pages are about these alone. */
  readonly members: readonly Member[];
  /** Practices that joined after that, or are not asked for this date: each has its own line, and is in no figure. */
  readonly joiners: readonly Member[];
  /** By position; empty while the collection is open. */
  readonly figures: ReadonlyMap<number, StoredFigure>;
}

/**
 * Whether a release had arrived when the figures were made; later ones are in no figure. Where nothing is shown,
 * nobody is late.
 */
export function isInTime(
  { receivedAt }: Pick<Member, "receivedAt">,
  { closedAt, shown }: Pick<CollectedAnswers, "closedAt" | "shown">,
): boolean {
  return receivedAt === null || closedAt === null || !shown || receivedAt <= closedAt;
}

/** The members that released in time, whose numbers the figures are made of. */
export function releasedIn(
  found: CollectedAnswers,
): (Member & { readonly released: readonly MemberCell[] })[] {
  return found.members.flatMap((member) =>
    member.released !== null && isInTime(member, found) ? [{ ...member, released: member.released }] : [],
  );
}
