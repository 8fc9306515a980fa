/**
 * Names practices by all that pages give of them, over 250 clusters: some 2,000 dots, so that a share found is within two
 * points of what it is of; in a long run 500.
 *
 * Reads the source of each page as a peer gets it: every number of every dot to its last digit, where it stands in the source
 * and in its stack, what its ids, titles and descriptions say, and the tables beside. Knows public list sizes, and the order in
 * which the hub keeps its members. Ranks the dots by each number there, and gives them to the practices in each order that it
 * knows. Where it learns nothing it picks any dot, which is chance.
 */
import { modelOf, type CollectedAnswers, type ComparisonModel, type Member } from "@cairn/comparisons";
import {
  groupPage,
  meetingPage,
  packPage,
  practiceComparison,
  questionPage,
  type QuestionView,
} from "@cairn/pages";
import { cellsOf, labelsOf } from "@cairn/query-library";
import { textOf, type Markup } from "@cairn/text";
import { closed, member, ratio, WITHHELD } from "../../packages/comparisons/test/fixtures/collected.js";
import { named as question } from "../../packages/comparisons/test/fixtures/groups.js";
import { lotsOf, placeOf } from "../../packages/comparisons/src/strip.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { isLong } from "./guard.js";
import { answeredOf, CELLS, normal } from "./8-reidentify.js";

const CLUSTERS = isLong ? 500 : 250;
/** An attacker who succeeds is plain in few. */
const FEW = 50;
const PRACTICES = 8;
const GROUP = "Glen cluster";
const QUERY = question("bp-control");
const DATE = "2025-03-31";
const TABLE = cellsOf(QUERY, DATE);
const LABELS = labelsOf(QUERY, TABLE);

/** A practice of a simulated cluster, as the attacker knows it and as the page must not give it. */
interface Peer {
  /** Public: how many people of each kind of cell are on its list. */
  readonly lists: readonly number[];
  readonly member: Member;
}

/** Takes one rule of the pages away: of the model before it is drawn, or of a dot in the source. */
interface Without {
  readonly model?: (model: ComparisonModel, peers: readonly Peer[]) => ComparisonModel;
  readonly dot?: (
    circle: string,
    owner: { readonly peer: Peer; readonly nth: number },
    xAt: (percent: number) => number,
  ) => string;
}

/** What an attacker came to. Shares of what was tried, 0 to 1. */
export interface Read {
  readonly by: string;
  readonly tried: number;
  readonly right: number;
  readonly chance: number;
}

/** The pages that a peer gets of a model, each as its source. */
export function pagesOf(model: ComparisonModel): Readonly<Record<string, string>> {
  const view: QuestionView = { query: QUERY, dates: [model], notes: [], sees: "dots" };
  const own = { sum: null, series: [], notes: [], expected: null, list: null };
  const pages: Record<string, Markup> = {
    question: questionPage({ view, allDates: [DATE], write: null }),
    overview: groupPage({ name: GROUP, practices: PRACTICES, views: [view], chosen: [], choose: null }),
    meeting: meetingPage({ view, number: 1, of: 1, before: null, next: null, writes: false }),
    pack: packPage(GROUP, [view], []),
    "at a practice": practiceComparison({
      ...{ practice: null, view: { ...view, own }, allDates: [DATE] },
      ...{ ownWords: "", checked: [], charter: null, named: null },
    }),
  };
  return Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, textOf(page)]));
}

/** A dot as the source of a page gives it: every number of it, by name. */
interface Dot {
  readonly numbers: Readonly<Record<string, number>>;
  readonly percent: number;
}

const STRIP = /<svg[^>]*cairn-strip[^]*?<\/svg>/;
const CIRCLE = /<circle[^>]*>/g;

/** Where per cents stand on a strip, from the words of its axis. */
function axisOf(strip: string): { percentAt: (x: number) => number; xAt: (percent: number) => number } {
  const ticks = [...strip.matchAll(/<text x="([\d.]+)"[^>]*>(\d+)\s%/g)].map(
    ([, x, at]) => [Number(x), Number(at)] as const,
  );
  const [from, to] = [ticks[0], ticks.at(-1)];
  if (!from || !to) throw new RangeError("a strip has an axis");
  const scale = (to[1] - from[1]) / (to[0] - from[0]);
  return {
    percentAt: (x) => from[1] + (x - from[0]) * scale,
    xAt: (percent) => from[0] + (percent - from[1]) / scale,
  };
}

/** The dots of a page's strip, in the order of its source. */
export function dotsOf(page: string): Dot[] {
  const [strip] = STRIP.exec(page) ?? [];
  if (strip === undefined) return [];
  const { percentAt } = axisOf(strip);
  return [...strip.matchAll(CIRCLE)].map(([circle], nth) => {
    const numbers: Record<string, number> = { "place in the source": nth };
    for (const [, name = "", value = ""] of circle.matchAll(/([\w-]+)="([^"]*)"/g)) {
      const [number] = /\d+(\.\d+)?/.exec(value) ?? [];
      if (number !== undefined) numbers[name] = Number(number);
    }
    return { numbers, percent: percentAt(numbers["cx"] ?? NaN) };
  });
}

/** The dots that the rows of a page's tables give in words, "2 at 54 %", by the label of the row. */
function rowsOf(page: string): Map<string, Dot[]> {
  const rows = [...page.matchAll(/<th [^>]*scope="row"[^]*?<\/tr>/g)].map(([row]) => {
    const [label = "", ...cells] = row.split("</th>");
    const percents = [...cells.join(" ").matchAll(/(\d+) at (\d+)\s%/g)].flatMap(([, times, at]) =>
      Array.from({ length: Number(times) }, () => Number(at)),
    );
    const dots = percents.map((percent, nth): Dot => ({
      numbers: { "place in the source": nth, percent },
      percent,
    }));
    return [label.slice(label.lastIndexOf(">") + 1), dots] as const;
  });
  return new Map(rows);
}

/** A simulated cluster. @param first the kind of cell that its strip is of, counted round: the others follow in the rows */
export function clusterOf(first: number, random: () => number): { found: CollectedAnswers; peers: Peer[] } {
  const peers = Array.from({ length: PRACTICES }, (_, nth): Peer => {
    const size = Math.exp(Math.log(8000) + 0.5 * normal(random));
    const lists = TABLE.map((_, position) => {
      const { people } = kindAt(position, first);
      return Math.round(size * people * (people === 1 ? 1 : Math.exp(0.15 * normal(random))));
    });
    const released = TABLE.map((_, position) =>
      LABELS[position] === null
        ? WITHHELD
        : answeredOf(kindAt(position, first), lists[position] ?? 0, random).cell,
    );
    return {
      lists,
      member: { ...member(nth, ratio(0, 0)), released, signature: Buffer.from(`${random()}`) },
    };
  });
  const members = peers.map((peer) => peer.member);
  return { found: closed({ group: GROUP, query: QUERY, date: DATE, members, joiners: [] }), peers };
}

function kindAt(position: number, first: number): (typeof CELLS)[number] {
  const nth = LABELS.slice(0, position).filter((label) => label !== null).length;
  return CELLS[(nth + first) % CELLS.length] as (typeof CELLS)[number];
}

function placeIn({ member: { released, signature } }: Peer, position: number): number | null {
  const place = placeOf(released![position]!, lotsOf(signature!, GROUP, position));
  return typeof place === "number" ? place : null;
}

/** A way to give dots to practices. @returns for each dot the practice that it is given to */
type Way = (dots: readonly Dot[], peers: readonly Peer[], position: number) => (Peer | undefined)[];

/** Orders of practices that an attacker knows. */
const ORDERS: Readonly<Record<string, (peer: Peer, position: number, nth: number) => number>> = {
  "list size": ({ lists }, position) => lists[position] ?? 0,
  "list size, falling": ({ lists }, position) => -(lists[position] ?? 0),
  "the hub's order": (_peer, _position, nth) => nth,
};

/** By one number of the dots, from low to high, in one order of the practices. */
function ranked(number: string, order: string): Way {
  return (dots, peers, position) => {
    const places = dots
      .map((_, i) => i)
      .sort((a, b) => dots[a]!.numbers[number]! - dots[b]!.numbers[number]!);
    const by = ORDERS[order]!;
    const keys = new Map(peers.map((peer, nth) => [peer, by(peer, position, nth)]));
    const inOrder = [...peers].sort((a, b) => keys.get(a)! - keys.get(b)!);
    const given: (Peer | undefined)[] = [];
    places.forEach((dot, rank) => (given[dot] = inOrder[rank]));
    return given;
  };
}

/**
 * By which shares a practice can have: its rounded number of people is known, and what it counts of them is a whole number of
 * fives. The nearest pairs go together first.
 */
const bySteps: Way = (dots, peers, position) => {
  const pairs = dots.flatMap(({ percent }, dot) =>
    peers.map((peer) => {
      const fives = Math.round((peer.lists[position] ?? 0) / 5);
      const counted = (percent / 100) * fives;
      return { dot, peer, off: fives === 0 ? Infinity : Math.abs(counted - Math.round(counted)) / fives };
    }),
  );
  const given: (Peer | undefined)[] = [];
  const taken = new Set<Peer>();
  // Of practices that all can have a share, the one with the fewest shares says the most.
  const few = (peer: Peer): number => peer.lists[position] ?? 0;
  const near = (off: number): number => Math.round(off * 2000);
  for (const { dot, peer } of pairs.sort((a, b) => near(a.off) - near(b.off) || few(a.peer) - few(b.peer)))
    if (given[dot] === undefined && !taken.has(peer)) {
      given[dot] = peer;
      taken.add(peer);
    }
  return given;
};

/** Reads the pages of clusters in every way; with a rule away, of so few that an attacker's success is plain. */
export function readPages(without: Without | null = null): Read[] {
  const random = seeded(101);
  const sums = new Map<string, { tried: number; right: number; chance: number }>();
  for (let nth = 0; nth < (without ? FEW : CLUSTERS); nth++) {
    const { found, peers } = clusterOf(nth, random);
    const kept = modelOf(found);
    const model = without?.model?.(kept, peers) ?? kept;
    const pages = pagesOf(model);
    for (const page of Object.values(pages)) {
      const dots = dotsOf(page);
      const shown = without?.dot ? dotsOf(redrawn(page, peers, without.dot)) : dots;
      score(sums, "strips", shown, placesOf(dots), peers, 0);
    }
    const rows = rowsOf(pages["question"] ?? "");
    LABELS.forEach((label, position) => {
      const row = rows.get(label ?? "") ?? [];
      score(sums, "rows", row, placesOf(row), peers, position);
    });
  }
  return [...sums].map(([by, { tried, right, chance }]) => ({
    ...{ by, tried, right: right / tried, chance: chance / tried },
  }));
}

function placesOf(dots: readonly Dot[]): number[] {
  return dots.map(({ percent }) => Math.round(percent));
}

function score(
  sums: Map<string, { tried: number; right: number; chance: number }>,
  where: "strips" | "rows",
  dots: readonly Dot[],
  truth: readonly number[],
  all: readonly Peer[],
  position: number,
): void {
  const peers = all.filter((peer) => placeIn(peer, position) !== null); // at most what an attacker may know
  if (dots.length === 0 || dots.length !== peers.length) return;
  const ways: [string, Way][] = [["the steps of a share", bySteps]];
  for (const number of Object.keys(dots[0]!.numbers))
    for (const order of Object.keys(ORDERS)) ways.push([`${number}, by ${order}`, ranked(number, order)]);
  const places = peers.map((peer) => placeIn(peer, position));
  for (const [what, way] of ways) {
    const by = `${what}, in ${where}`;
    const sum = sums.get(by) ?? { tried: 0, right: 0, chance: 0 };
    sums.set(by, sum);
    way(dots, peers, position).forEach((peer, i) => {
      if (!peer) return;
      const at = truth[i];
      sum.tried++;
      if (placeIn(peer, position) === at) sum.right++;
      sum.chance += places.filter((place) => place === at).length / places.length;
    });
  }
}

/** A page whose dots are drawn otherwise. The dots stand from low to high, and so do the practices whose they are. */
function redrawn(page: string, peers: readonly Peer[], dot: NonNullable<Without["dot"]>): string {
  const owners = peers
    .map((peer, nth) => ({ peer, nth, place: placeIn(peer, 0) }))
    .filter(({ place }) => place !== null)
    .sort((a, b) => a.place! - b.place!);
  return page.replace(STRIP, (strip) => {
    const { xAt } = axisOf(strip);
    const left = [...owners];
    return strip.replaceAll(CIRCLE, (circle) => {
      const owner = left.shift();
      return owner ? dot(circle, owner, xAt) : circle;
    });
  });
}

/** What a page would say with one rule away. */
export const WITHOUT: Readonly<Record<string, Without>> = {
  "the order of dots that says nothing": {
    model: (model, peers) => ({
      ...model,
      cells: model.cells.map((cell) => ({
        ...cell,
        dots:
          typeof cell.dots === "string"
            ? cell.dots
            : peers.flatMap((peer) => placeIn(peer, cell.position) ?? []),
      })),
    }),
  },
  "whole per cents": {
    dot: (circle, { peer: { member } }, xAt) => {
      const { numerator, denominator } = member.released![0]!;
      if (numerator === "withheld" || denominator === "withheld") return circle;
      const x = xAt((100 * numerator.value) / denominator.value);
      return circle.replace(/cx="[^"]*"/, `cx="${Math.round(10 * x) / 10}"`);
    },
  },
  "dots of one size": {
    dot: (circle, { peer }) => circle.replace(/ r="[^"]*"/, ` r="${Math.sqrt(peer.lists[0] ?? 0) / 10}"`),
  },
  "dots without a name": {
    dot: (circle, { nth }) => circle.replace("<circle", `<circle id="dot-${nth}"`),
  },
};
