/** One row of a comparison's document: the group's figure, and how its practices spread, none of them named. */
import { releasedIn, type CollectedAnswers, type Member, type MemberCell } from "./collected.js";
import { FEWEST, share } from "./figure.js";
import { groupFigure, type GroupJson } from "./json.js";
import { lotsOf, placeOf, type Place } from "./strip.js";

export interface DocumentCell {
  /** The position in the query's table; 0 is everyone. */
  readonly position: number;
  readonly figure: GroupJson; // its median at whole percentage points
  /**
   * The dots of practices at whole per cents, from low to high, so that the order says nothing; or why there are none:
   * fewer than five have one, as where nobody is in the cell elsewhere (public list sizes would say whose a lone dot is),
   * or the group's figure was taken down, or other groups' dots beside them would tell of one to four practices.
   */
  readonly dots: readonly number[] | "too-few" | "withdrawn" | "too-close";
  /** Whether a dot may stand five percentage points or more from its practice's true share. */
  readonly dots_are_rough: boolean;
  /** The contributing practices by what they released; null where fewer than five contribute, or dots are "withdrawn" or "too-close". */
  readonly practices: CellCounts | null;
}

/** How many of the contributing practices have what in a cell; together they are all of these. */
export interface CellCounts {
  readonly no_people: number; // nobody is in the cell
  readonly none: number; // people are in it, and none of them is counted
  readonly some: number;
  readonly withheld: number; // a number is withheld: it is not zero
  readonly cannot_tell: number; // a number carried from an earlier period may be of nobody today
}

const ROUGH = 0.05;

/** Makes the row of a closed collection of which something is or was shown. */
export function cellOf(found: CollectedAnswers, position: number): DocumentCell {
  const without = { position, dots_are_rough: false, practices: null };
  const kept = groupFigure(found, position);
  if (isTakenDown(found))
    return {
      ...without,
      figure: takenDown(found, kept),
      dots: "withdrawn",
    };
  if (found.shown === "sums-alone") return { ...without, figure: sumAlone(kept), dots: "too-close" };
  const figure = inWholePoints(kept);
  const all = releasedIn(found).map((member) =>
    placed(member.released[position] as MemberCell, signatureOf(member), found.group, position),
  );
  const practices = countUp(all);
  const dots = all.flatMap(({ cell, place }) => (typeof place === "number" ? [{ cell, place }] : []));
  if (dots.length < FEWEST)
    return {
      ...{ position, figure, dots: "too-few", dots_are_rough: false },
      practices: all.length < FEWEST ? null : practices,
    };
  return {
    position,
    figure,
    dots: dots.map(({ place }) => place).sort((a, b) => a - b),
    dots_are_rough: dots.some(({ cell, place }) => isRough(cell, place)),
    practices,
  };
}

/**
 * The figure with its median at whole percentage points. The median of an odd number of practices is one of theirs:
 * its digits would give that practice's counts, and its width how many people it has.
 */
function inWholePoints({ median, ...figure }: GroupJson): GroupJson {
  if (!median) return figure;
  return { ...figure, median: { low: wholePoints(median.low), high: wholePoints(median.high) } };
}

/** The figure without what beside another group's tells of a few practices: its median, and who is in a sum that is not shown. */
function sumAlone({ median: _, ...figure }: GroupJson): GroupJson {
  return figure.state === "made" ? figure : { state: figure.state };
}

/** The figure that was taken down; without who is in it where the sums alone were shown. */
function takenDown({ shown }: CollectedAnswers, { contributors = 0 }: GroupJson): GroupJson {
  return shown === "sums-alone" ? { state: "withdrawn" } : { state: "withdrawn", contributors };
}

/** A share at whole percentage points; 0.005 for some that is less than one, 0.995 for less than all. */
export function wholePoints(share: number): number {
  if (share > 0 && share < 0.01) return 0.005;
  if (share > 0.99 && share < 1) return 0.995;
  return Math.round(100 * share) / 100;
}

/**
 * Whether a practice withdrew numbers that figures were made of. What is left of the others would then tell, beside
 * the document before, which dot was of that practice.
 */
export function isTakenDown({ figures }: CollectedAnswers): boolean {
  return [...figures.values()].some(({ withdrawn }) => withdrawn > 0);
}

/** The signature of a release that counts. */
export function signatureOf({ signature }: Pick<Member, "signature">): Buffer {
  if (signature === null) throw new TypeError("a release that is counted bears its practice's signature");
  return signature;
}

interface PlacedCell {
  readonly cell: MemberCell;
  readonly place: Place;
  readonly kind: keyof CellCounts;
}

/** A practice's numbers of a cell with its place on the strip and what it counts as there: the hub and it alone can tell. */
export function placed(cell: MemberCell, signature: Buffer, group: string, position: number): PlacedCell {
  const place = placeOf(cell, lotsOf(signature, group, position));
  return { cell, place, kind: kindOf(cell, place) };
}

function countUp(all: readonly PlacedCell[]): CellCounts {
  const count = (kind: keyof CellCounts): number => all.filter((one) => one.kind === kind).length;
  return {
    no_people: count("no_people"),
    none: count("none"),
    some: count("some"),
    withheld: count("withheld"),
    cannot_tell: count("cannot_tell"),
  };
}

function kindOf({ numerator }: MemberCell, place: Place): keyof CellCounts {
  if (place === "no people") return "no_people";
  if (place === "cannot tell") return "cannot_tell";
  if (place === "withheld" || numerator === "withheld") return "withheld";
  return numerator.high === 0 ? "none" : "some";
}

function isRough(cell: MemberCell, place: number): boolean {
  const { numerator, denominator } = cell;
  if (numerator === "withheld" || denominator === "withheld") return false;
  const possible = share({ practice: "", numerator, denominator });
  return possible !== null && Math.max(place / 100 - possible.low, possible.high - place / 100) >= ROUGH;
}
