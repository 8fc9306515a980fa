/** The contents of each page as plain values: templates only place them. */
import { strip } from "@cairn/charts";
import { collected, collectionsOf } from "../comparisons/collected.js";
import {
  releasedIn,
  type CollectedAnswers,
  groupFigure,
  type GroupJson,
  splitsOf as modelOf,
  type CellModel,
  optOutWords,
  places,
  type Place,
  absences,
  BOTH_NUMBERS,
  joinerWords,
  longDate,
  noMiddleWords,
  percentOrNot,
  sentence,
  waitsForFifth,
} from "@cairn/comparisons";
import type { Hub } from "../hub.js";

interface GroupPage {
  readonly group: string;
  readonly practices: number; // admitted
  readonly comparisons: readonly {
    query: string;
    title: string;
    date: string;
    released: string;
    middle: string;
  }[];
}

/** Every group, by name, with the number of practices that compare in it: a person here has admitted each. */
export async function groupsOf(hub: Hub): Promise<{ readonly name: string; readonly practices: number }[]> {
  return hub.store.db
    .selectFrom("practice_group")
    .leftJoin("group_member", "group_member.group_name", "practice_group.name")
    .leftJoin("agent", (join) =>
      join.onRef("agent.practice", "=", "group_member.practice").on("agent.state", "=", "admitted"),
    )
    .select(["practice_group.name", (of) => of.fn.count<number>("agent.practice").distinct().as("practices")])
    .groupBy("practice_group.name")
    .orderBy("practice_group.name")
    .execute();
}

/** A group's comparisons in the order of their titles, each at its newest date that closed. Null for no such group. */
export async function groupPage(hub: Hub, group: string): Promise<GroupPage | null> {
  const known = (await groupsOf(hub)).find(({ name }) => name === group);
  if (!known) return null;
  const newest = new Map<string, CollectedAnswers>();
  for (const collection of await collectionsOf(hub, group)) {
    const before = newest.get(collection.query);
    if (before && collection.closed_at === null && before.closedAt !== null) continue;
    newest.set(collection.query, await collected(hub, collection));
  }
  const comparisons = [...newest.values()].map((found) => {
    const total = groupFigure(found, 0);
    return {
      query: found.query.query,
      title: found.query.title,
      date: longDate(found.date),
      released: `${releasedIn(found).length} of ${found.members.length}`,
      middle: total.median
        ? (percentOrNot(total.median) ?? "cannot tell")
        : (noMiddleWords(found, total) ?? ""),
    };
  });
  return {
    group,
    practices: known.practices,
    comparisons: comparisons.sort((a, b) => (a.title < b.title ? -1 : 1)),
  };
}

interface ComparisonPage {
  readonly group: string;
  readonly query: CollectedAnswers["query"];
  readonly date: string;
  readonly longDate: string;
  readonly dates: readonly { iso: string; long: string; chosen: boolean }[];
  readonly trust: readonly string[];
  readonly strip: ReturnType<typeof strip> | null;
  readonly noStrip: string;
  /** The reason why there are no splits; "" where there are. */
  readonly noSplits: string;
  readonly splits: readonly { name: string; rows: readonly SplitRow[] }[];
  /** Whether some cell of the splits shows "too few". */
  readonly tooFew: boolean;
  readonly sentence: string;
}

interface SplitRow {
  readonly name: string;
  /** Places of unidentified practices, in an order that carries no information; empty where too few contribute. */
  readonly places: readonly string[];
  /** The reason why there are no places. */
  readonly noPlaces: string;
  readonly middle: string;
  readonly share: string;
}

/**
 * One comparison.
 * @param date null for the newest that closed, or else the newest. Null where the group has no such comparison.
 */
export async function comparisonPage(
  hub: Hub,
  group: string,
  query: string,
  date: string | null,
): Promise<ComparisonPage | null> {
  const own = (await collectionsOf(hub, group)).filter((collection) => collection.query === query);
  const newest = own.filter((collection) => collection.closed_at !== null).at(-1) ?? own.at(-1);
  const chosen = date === null ? newest : own.find((collection) => collection.reference_date === date);
  if (!chosen) return null;
  const found = await collected(hub, chosen);
  const total = groupFigure(found, 0);
  const splits = found.shown ? splitsOf(found) : [];
  return {
    group,
    query: found.query,
    date: found.date,
    longDate: longDate(found.date),
    dates: own.map(({ reference_date: iso }) => ({ iso, long: longDate(iso), chosen: iso === found.date })),
    trust: trustIn(found, total),
    strip: stripOf(found, total),
    noStrip: total.state === "collecting" ? "still collecting" : "fewer than five practices to show",
    noSplits: found.shown
      ? ""
      : "Shown once five practices have released both numbers of everyone, or of a group of patients.",
    splits,
    tooFew: splits.some(({ rows }) => rows.some((row) => Object.values(row).includes(TOO_FEW))),
    sentence: sentence(found, total),
  };
}

/**
 * Words on how far the data can be trusted: who has released, who has not and why, what is a range, what is withheld.
 */
function trustIn(found: CollectedAnswers, total: GroupJson): string[] {
  // Those whose figures these are: another line's counts would tell of the practice that came.
  const released = releasedIn(found);
  // While nothing is shown, too: a count that grows with each practice that comes is that practice's.
  const numbers = found.shown
    ? released.flatMap((member) => member.released.flatMap((cell) => [cell.denominator, cell.numerator]))
    : [];
  const withheld = numbers.filter((number) => number === "withheld").length;
  const corrected = released.filter((member) => member.corrected).length;
  const guessed = released.filter((member) => member.recordBasis !== "RECORD_BASIS_REGISTRATIONS").length;
  return [
    `${released.length} of ${found.members.length} practices have released.`,
    ...(waitsForFifth(found) ? ["The group's figures come with the fifth."] : []),
    ...(total.withheld && total.state !== "collecting" && !waitsForFifth(found)
      ? [
          `Of everyone together both numbers are shown for ${total.contributors - total.withheld} of them.`,
          BOTH_NUMBERS,
        ]
      : []),
    ...absences(found).map(({ words }) => `${words}.`),
    ...joinerWords(found),
    ...(total.state === "collecting"
      ? [
          "Numbers are still coming in. The group's figures are made once, when all have answered or the time is over.",
        ]
      : []),
    ...(numbers.length > 0
      ? [
          `${withheld} of the ${numbers.length} numbers that make up this page are withheld. A withheld number is not zero: nothing is put in its place.`,
        ]
      : []),
    ...(released.length > 0
      ? ["Every other number is rounded before it leaves a practice, so the group's figures are ranges."]
      : []),
    ...(corrected > 0 ? [`${corrected} of them sent corrected numbers, in place of withdrawn numbers.`] : []),
    optOutWords(found) ?? [],
    ...(guessed > 0
      ? [
          `Records of ${guessed} of them carry no registrations: who counts is taken from birth or first record.`,
        ]
      : []),
    ...(total.state === "withdrawn"
      ? ["The group's figure was taken down, because a practice withdrew its numbers."]
      : []),
  ].flat();
}

function stripOf(found: CollectedAnswers, total: GroupJson): ReturnType<typeof strip> | null {
  const peers = places(found, 0);
  if (!peers || !("shown" in peers)) return null;
  const dots = peers.shown.filter((place): place is number => typeof place === "number");
  const words = total.median && percentOrNot(total.median);
  const median = words ? total.median : null;
  return strip({
    id: "strip",
    title: `${found.query.title}, ${longDate(found.date)}: one dot for each practice`,
    dots,
    median: median ? { low: median.low * 100, high: median.high * 100 } : null,
    medianLabel: words ? `middle of the group ${words}` : "",
  });
}

function splitsOf(found: CollectedAnswers): { name: string; rows: SplitRow[] }[] {
  return modelOf(found).map(({ name, cells }) => ({ name, rows: cells.map(rowOf) }));
}

function rowOf(cell: CellModel): SplitRow {
  const tooFew = cell.group.state === "too-few";
  return {
    name: cell.label,
    places: cell.places.map(placeWords),
    noPlaces: cell.noPlaces,
    middle: tooFew && !cell.group.median ? TOO_FEW : cell.medianWords,
    share: tooFew ? TOO_FEW : cell.sumWords,
  };
}

const TOO_FEW = "too few";

function placeWords(place: Place): string {
  return typeof place === "number" ? `${place}%` : place === "no people" ? "0 people" : place;
}
