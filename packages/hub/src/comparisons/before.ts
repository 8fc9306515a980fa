/** Sums that this hub has shown so far of the people that a query counts: by any group, query and date. */
import { cellsOf, followsListSizes, populationDigest, type Cell, type Query } from "@cairn/query-library";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";
import type { Change } from "../store/store.js";
import {
  type FigureState,
  type CollectedAnswers,
  sumsOf,
  type Family,
  type ShownSum,
} from "@cairn/comparisons";

interface Before extends Pick<Family, "populations" | "followsListSizes"> {
  readonly before: readonly ShownSum[];
  /**
   * Sums that are not shown, since one practice may make up most of each. Older hubs did not store whose they are.
   */
  readonly dominated: readonly ShownSum[];
  /** The tables of the sums shown. */
  readonly others: readonly Cell[];
}

export async function shownBefore(hub: Hub, tx: Change["tx"], found: CollectedAnswers): Promise<Before> {
  const mine = populationsOf(found.query, found.date);
  const asked = await tx
    .selectFrom("collection")
    .select("query_digest")
    .distinct()
    .where("closed_at", "is not", null)
    .execute();
  const before = new Map<string, ShownSum>();
  const dominated = new Map<string, ShownSum>();
  const others = new Map<string, Cell>();
  for (const { query_digest: digest } of asked) {
    const query = await queryByDigest(hub, digest, tx);
    for (const figure of countsTheSame(found.query, query) ? await figuresOf(tx, digest) : []) {
      const theirs = inMyWords(found.query, mine, query, populationsOf(query, figure.date));
      if (!theirs) continue;
      for (const one of dominatedOf(figure, theirs)) dominated.set(JSON.stringify(one), one);
      for (const one of shownOf(figure, theirs)) before.set(JSON.stringify(one), one);
      for (const cell of cellsOf(query, figure.date)) others.set(JSON.stringify(cell), cell);
    }
  }
  return {
    populations: mine,
    followsListSizes: followsListSizes(found.query),
    before: [...before.values()],
    dominated: [...dominated.values()],
    others: [...others.values()],
  };
}

type Populations = Family["populations"];

const digests = new WeakMap<Query, Populations>();

/**
 * The populations of a query at a date. Years of events are split anew at each date, so their sums are of that date
 * alone.
 */
export function populationsOf(query: Query, date: string): Populations {
  const known = digests.get(query) ?? {
    denominator: populationDigest(query, "denominator"),
    numerator: populationDigest(query, "numerator"),
  };
  digests.set(query, known);
  if (query.unit !== "events" || !query.by.includes("year")) return known;
  return { denominator: `${known.denominator} ${date}`, numerator: `${known.numerator} ${date}` };
}

/** Whether a number of one query can be of the people of a number of the other, at whatever date. */
function countsTheSame(query: Query, other: Query): boolean {
  const [mine, theirs] = [query, other].map((each) => populationsOf(each, "")) as [Populations, Populations];
  return inMyWords(query, mine, other, theirs) !== null;
}

/**
 * The populations of another query in terms of this one's: another version counts much the same; another query,
 * whatever has the same digest. Null for neither.
 */
function inMyWords(query: Query, mine: Populations, other: Query, theirs: Populations): Populations | null {
  if (other.query === query.query && other.digest !== query.digest) return mine;
  const own = Object.values(mine);
  return own.includes(theirs.denominator) || own.includes(theirs.numerator) ? theirs : null;
}

interface FigureKept {
  readonly state: FigureState;
  readonly date: string;
  readonly cell: Cell;
  readonly contributors: readonly string[] | null;
  readonly numerators: readonly string[] | null;
}

/** The sums that a figure shows. Older hubs stored no set of numerators. */
function shownOf({ state, date, cell, contributors, numerators }: FigureKept, of: Populations): ShownSum[] {
  if (state !== "made" || !contributors) return [];
  return sumsOf({ date, cell, contributors, numerators: numerators ?? contributors }, of);
}

/** The dominated sums of a figure, which has sets only of the sides of which one practice may be most. */
function dominatedOf(
  { state, date, cell, contributors, numerators }: FigureKept,
  of: Populations,
): ShownSum[] {
  if (state === "made") return [];
  return [
    ...(contributors ? [{ population: of.denominator, date, cell, practices: contributors }] : []),
    ...(numerators ? [{ population: of.numerator, date, cell, practices: numerators }] : []),
  ];
}

/** Every figure of a query that is or was shown, or that may not be given, of any group. */
async function figuresOf(tx: Change["tx"], digest: string): Promise<FigureKept[]> {
  const rows = await tx
    .selectFrom("group_figure")
    .innerJoin("collection", "collection.id", "group_figure.collection")
    .leftJoin("contributor_set as below", "below.id", "group_figure.contributor_set")
    .leftJoin("contributor_set as above", "above.id", "group_figure.numerator_set")
    .select([
      "group_figure.state",
      "group_figure.reference_date as date",
      "group_figure.cell",
      "below.practices as contributors",
      "above.practices as numerators",
    ])
    .distinct()
    .where("collection.query_digest", "=", digest)
    .where((where) => where.or([where("below.id", "is not", null), where("above.id", "is not", null)]))
    .execute();
  return rows.map(({ state, date, cell, contributors, numerators }) => ({
    state,
    date,
    cell: JSON.parse(cell) as Cell,
    contributors: contributors === null ? null : (JSON.parse(contributors) as string[]),
    numerators: numerators === null ? null : (JSON.parse(numerators) as string[]),
  }));
}
