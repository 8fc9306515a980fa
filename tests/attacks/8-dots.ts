/**
 * Names practices by what two comparisons show: of two groups that share a practice, of two that differ by one to four,
 * and of one group before and after somebody joined; over 250 clusters, in a long run 500.
 *
 * Reads the documents' bytes, of which all pages are made, and knows who is in each group. Of a shared practice it takes the
 * dot that comes nearest to one of the other document; of those that one group has more, the dots that the cheapest pairing
 * of all others leaves over, and, where sums are shown, of these the nearest to what the sums leave. Each cell is tried by
 * itself: no label links cells. Where it learns nothing it picks any dot, which is chance.
 */
import {
  documentBytes,
  documentOf,
  mayShowDots,
  type ComparisonDocument,
  type DocumentCell,
  type Member,
  type MemberCell,
  type ShownDots,
} from "@cairn/comparisons";
import { cellsOf, labelsOf } from "@cairn/query-library";
import { closed, member, ratio } from "../../packages/comparisons/test/fixtures/collected.js";
import { named as question } from "../../packages/comparisons/test/fixtures/groups.js";
import { lotsOf, placeOf } from "../../packages/comparisons/src/strip.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { isLong } from "./guard.js";
import { answeredOf, CELLS, normal } from "./8-reidentify.js";

const CLUSTERS = isLong ? 500 : 250;
/** What docs/disclosure.md says to the per cent. */
const CLUSTERS_OF_DOCS = 500;
const PRACTICES = 8;
const QUERY = question("bp-control");
const ALL = cellsOf(QUERY, "2025-03-31");
const LABELS = labelsOf(QUERY, ALL);
const TABLE = ALL.filter((_, at) => LABELS[at] !== null).slice(0, CELLS.length);

/** Shares of what was tried, 0 to 1. */
interface Named {
  readonly tried: number;
  readonly right: number;
  readonly chance: number;
}

/** Whether dots are shown beside what was shown before: the rule, or what a test puts in its place. */
type Rule = (mine: ShownDots, before: readonly ShownDots[]) => boolean;

interface Peer {
  readonly id: string;
  readonly size: number;
  readonly released: readonly MemberCell[];
  readonly shares: readonly number[];
  readonly signature: Buffer;
}

/** Two groups of eight at one date, of which `shared` practices are in both. */
export function whoIsInBoth(rule: Rule = mayShowDots, shared = 1): Named {
  return attempts(97, (random, score) => {
    const both = peers(shared, random, "both");
    const one = [...both, ...peers(PRACTICES - shared, random, "one")];
    const other = [...both, ...peers(PRACTICES - shared, random, "other")];
    const [first, second] = shownOf(rule, ["one", one], ["other", other]);
    CELLS.forEach((_, cell) => {
      const dots = dotsIn(first, cell);
      const theirs = dotsIn(second, cell);
      const nearest = dots.map((dot) => Math.min(...theirs.map((place) => Math.abs(place - dot))));
      const picked = dots.filter((_, i) => nearest[i] === Math.min(...nearest));
      score(dots, picked, both, cell, "one");
    });
  });
}

/** A group of eight, and another of the same and `more` others. */
export function whoIsMore(more: number, rule: Rule = mayShowDots): Named {
  return attempts(98, (random, score) => {
    const common = peers(PRACTICES, random, "common");
    const extra = peers(more, random, "extra");
    const [large, small] = shownOf(rule, ["large", [...common, ...extra]], ["small", common]);
    CELLS.forEach((_, cell) => {
      const dots = dotsIn(large, cell);
      const left = leftOver(dots, dotsIn(small, cell));
      const together = more > 2 ? shareBetween(large, small, cell) : null; // sums that differ by one or two are not shown
      const nearest = Math.min(...left.map((dot) => Math.abs(dot - (together ?? dot))));
      const picked = left.filter((dot) => together === null || Math.abs(dot - together) === nearest);
      score(dots, picked, extra, cell, "large");
    });
  });
}

/**
 * One group at two dates a quarter apart, between which somebody joined.
 * @param points by how many percentage points a practice's share changes in a quarter, as a standard deviation
 */
export function whoJoinedBetween(points: number): Named {
  return attempts(
    99,
    (random, score) => {
      const before = peers(PRACTICES, random, "member");
      const later = before.map((peer) => moved(peer, points, random));
      const joiner = peers(1, random, "joiner");
      const older = documentFor("group", "2024-12-31", before, "all");
      const newer = documentFor("group", "2025-03-31", [...later, ...joiner], "all");
      CELLS.forEach((_, cell) => {
        const dots = dotsIn(newer, cell);
        score(dots, leftOver(dots, dotsIn(older, cell)), joiner, cell, "group");
      });
    },
    CLUSTERS_OF_DOCS,
  );
}

type Score = (
  dots: readonly number[],
  picked: readonly number[],
  of: readonly Peer[],
  cell: number,
  group: string,
) => void;

function attempts(
  seed: number,
  attempt: (random: () => number, score: Score) => void,
  clusters = CLUSTERS,
): Named {
  const random = seeded(seed);
  const sums = { tried: 0, right: 0, chance: 0 };
  const part = (all: readonly number[], place: number): number =>
    all.filter((one) => one === place).length / Math.max(1, all.length);
  for (let nth = 0; nth < clusters; nth++)
    attempt(random, (dots, picked, of, cell, group) => {
      for (const { released, signature } of of) {
        const place = placeOf(released[cell]!, lotsOf(signature, group, cell));
        if (dots.length === 0 || typeof place !== "number") continue;
        sums.tried++;
        sums.right += part(picked.length > 0 ? picked : dots, place);
        sums.chance += part(dots, place);
      }
    });
  return { tried: sums.tried, right: sums.right / sums.tried, chance: sums.chance / sums.tried };
}

/** The documents of two groups at one date, the first before the second, as they are read from their bytes. */
function shownOf(
  rule: Rule,
  ...groups: readonly [first: readonly [string, readonly Peer[]], second: readonly [string, readonly Peer[]]]
): [ComparisonDocument, ComparisonDocument] {
  const before: ShownDots[] = [];
  return groups.map(([group, members]) => {
    const mine = { group, date: "2025-03-31", members: members.map(({ id }) => id), left: [] };
    const may = rule(mine, before);
    if (may) before.push(mine);
    return documentFor(group, mine.date, members, may ? "all" : "sums-alone");
  }) as [ComparisonDocument, ComparisonDocument];
}

function documentFor(
  group: string,
  date: string,
  peers: readonly Peer[],
  shown: "all" | "sums-alone",
): ComparisonDocument {
  const members = peers.map(({ id, released, signature }, nth): Member => ({
    ...member(nth, ratio(0, 0)),
    ...{ practice: id, name: id, signature },
    released,
  }));
  const found = closed({ group, query: QUERY, date, cells: TABLE, members, joiners: [], shown });
  return JSON.parse(documentBytes(documentOf(found, null)).toString("utf8")) as ComparisonDocument;
}

function cellAt({ cells }: ComparisonDocument, position: number): DocumentCell | undefined {
  return cells.find((cell) => cell.position === position);
}

function dotsIn(document: ComparisonDocument, position: number): readonly number[] {
  const dots = cellAt(document, position)?.dots;
  return dots === undefined || typeof dots === "string" ? [] : dots;
}

/** The share of what one sum has more than the other, in per cent; null where one is not shown. */
function shareBetween(large: ComparisonDocument, small: ComparisonDocument, position: number): number | null {
  const [more, less] = [large, small].map((one) => cellAt(one, position)?.figure);
  if (!more?.denominator || !more.numerator || !less?.denominator || !less.numerator) return null;
  const middle = ({ low, high }: { low: number; high: number }): number => (low + high) / 2;
  const people = middle(more.denominator) - middle(less.denominator);
  return people > 0 ? (100 * (middle(more.numerator) - middle(less.numerator))) / people : null;
}

/**
 * The dots that the cheapest pairing with the fewer leaves over; all where there is nothing to pair. Both stand in order,
 * so the cheapest pairing keeps it.
 */
function leftOver(many: readonly number[], few: readonly number[]): readonly number[] {
  const spare = many.length - few.length;
  if (few.length === 0 || spare <= 0) return many;
  // costs[j]: the cheapest pairing of the dots so far with j of them left over, and those that are.
  let costs: { cost: number; left: number[] }[] = [{ cost: 0, left: [] }];
  many.forEach((dot, i) => {
    costs = Array.from({ length: Math.min(i + 1, spare) + 1 }, (_, j) => {
      const skipped = costs[j - 1];
      const kept = costs[j];
      const partner = few[i - j];
      const skip = skipped ? { cost: skipped.cost, left: [...skipped.left, dot] } : null;
      const pair =
        kept && partner !== undefined ? { cost: kept.cost + (dot - partner) ** 2, left: kept.left } : null;
      if (skip && pair) return skip.cost < pair.cost ? skip : pair;
      return skip ?? pair ?? { cost: Infinity, left: [] };
    });
  });
  return costs[spare]?.left ?? many;
}

function peers(count: number, random: () => number, name: string): Peer[] {
  return Array.from({ length: count }, (_, nth) => {
    const size = Math.exp(Math.log(8000) + 0.5 * normal(random));
    const answers = CELLS.map((cell) => answeredOf(cell, Math.round(size * cell.people), random));
    const released = answers.map((answer) => answer.cell);
    const shares = answers.map((answer) => answer.share);
    return { id: `${name}-${nth}`, size, released, shares, signature: Buffer.from(`${random()}`) };
  });
}

/** The same practice a quarter later: its people change by 2 %, and each share by so many points. */
function moved({ id, size, shares }: Peer, points: number, random: () => number): Peer {
  const now = shares.map((share) => Math.min(0.99, Math.max(0.01, share + (points / 100) * normal(random))));
  const grown = size * (1 + 0.02 * normal(random));
  const released = CELLS.map(
    (cell, i) => answeredOf(cell, Math.round(grown * cell.people), random, now[i]).cell,
  );
  return { id, size: grown, released, shares: now, signature: Buffer.from(`${random()}`) };
}
