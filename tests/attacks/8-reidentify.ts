/**
 * Names the peers of a page by their public list sizes, over 250 clusters, in a long run 500.
 *
 * Knows how many people of each age and sex every practice of the cluster has, how common the register is, how
 * practices spread about their middle, the policy and how a page is made; sees what the page shows of peers, cell
 * by cell; and gives each thing shown to one practice so that all of it together is likeliest. It names a
 * practice where that is the practice's, and by chance it would name one of so many that show the same.
 */
import { intervalOf, policyNamed } from "@cairn/disclosure";
import { roundCount } from "../../packages/disclosure/src/policy.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import type {
  CollectedAnswers,
  Member,
  MemberCell,
  Value,
} from "../../packages/comparisons/src/collected.js";
import { cellOf } from "../../packages/comparisons/src/document-cell.js";
import { lotsOf, placeOf } from "../../packages/comparisons/src/strip.js";
import { isLong } from "./guard.js";

const CLUSTERS = isLong ? 500 : 250;
const PRACTICES = 8;
const IMAGINED = isLong ? 1000 : 100; // practices of a size that the attacker thinks through, for each cell
const policy = policyNamed("k8-r5");

/** Cells by their share of a list, the usual share in the numerator, and of these people those on the register. */
export const CELLS = [
  { name: "everyone", people: 1, reached: 0.55, register: 1 },
  { name: "65-79", people: 0.13, reached: 0.7, register: 1 },
  { name: "80+", people: 0.05, reached: 0.75, register: 1 },
  { name: "80+, male", people: 0.02, reached: 0.75, register: 1 },
  { name: "on a register", people: 1, reached: 0.7, register: 0.06 },
  { name: "on a register, 80+", people: 0.05, reached: 0.7, register: 0.24 },
  { name: "a few of everyone", people: 1, reached: 0.05, register: 1 },
  { name: "a few of 80+", people: 0.05, reached: 0.1, register: 1 },
] as const;
type Cell = (typeof CELLS)[number];

/** What is said of one peer in one cell, as a text; by lot where the page draws. */
type Shows = (cell: MemberCell, lots: readonly [number, number]) => string;

export const WAYS = {
  page: (cell, lots) => `${placeOf(cell, lots)}`,
  "the middle of its numbers": (cell) =>
    ofBoth(cell, (n, d) => (d.value === 0 ? "nobody" : `${Math.round((100 * n.value) / d.value)}`)),
  "the width of its interval": (cell) =>
    ofBoth(
      cell,
      (n, d) => `${Math.round(1000 * (n.high / Math.max(1, d.low) - n.low / Math.max(1, d.high)))}`,
    ),
  "its denominator": ({ denominator }) => (denominator === "withheld" ? "withheld" : `${denominator.value}`),
} satisfies Record<string, Shows>;

function ofBoth(
  { numerator, denominator }: MemberCell,
  words: (n: Exclude<Value, "withheld">, d: Exclude<Value, "withheld">) => string,
): string {
  return numerator === "withheld" || denominator === "withheld" ? "withheld" : words(numerator, denominator);
}

interface Named {
  readonly tried: number;
  /** Shares of what was shown, 0 to 1: given to the right practice, and expected of one who knows no sizes. */
  readonly right: number;
  readonly chance: number;
  /** The same difference for the cell in which it is largest. */
  readonly most: { readonly cell: string; readonly above: number };
}

/** @param leftOut share of its people that a practice leaves out which does not count those who opted out: about half of them do not */
export function reidentify(shows: Shows, leftOut = 0): Named {
  const random = seeded(88);
  const found = CELLS.map((cell) => ({ cell: cell.name, tried: 0, right: 0, chance: 0 }));
  for (let nth = 0; nth < CLUSTERS; nth++) {
    const sizes = Array.from({ length: PRACTICES }, () => Math.exp(Math.log(8000) + 0.5 * normal(random)));
    const lists = CELLS.map(({ people }) =>
      sizes.map((size) => Math.round(size * people * (people === 1 ? 1 : Math.exp(0.15 * normal(random))))),
    );
    const counted = sizes.map(() => (leftOut > 0 && random() < 0.5 ? 1 - leftOut : 1));
    const counts = lists.map((list) => list.map((people, i) => Math.round(people * counted[i]!)));
    const cluster = collect(nth, counts, random);
    CELLS.forEach((cell, position) => {
      const truth = cluster.members.map(({ released, signature }) =>
        shows(released![position]!, lotsOf(signature!, "", position)),
      );
      const seen = shows === WAYS.page ? onThePage(cluster, position) : [...truth].sort();
      const imagined = lists[position]!.map((people) => {
        const times = new Map<string, number>();
        for (let i = 0; i < IMAGINED; i++) {
          const words = shows(answered(cell, people, random), [random(), random()]);
          times.set(words, (times.get(words) ?? 0) + 1);
        }
        return times;
      });
      const likely = seen.map((words) =>
        imagined.map((times) => Math.log(((times.get(words) ?? 0) + 0.3) / IMAGINED)),
      );
      const sum = found[position]!;
      likeliest(likely).forEach((practice, i) => {
        sum.tried++;
        if (truth[practice] === seen[i]) sum.right++;
        sum.chance += truth.filter((words) => words === seen[i]).length / PRACTICES;
      });
    });
  }
  const all = (of: "tried" | "right" | "chance"): number => found.reduce((sum, each) => sum + each[of], 0);
  const most = found
    .filter(({ tried }) => tried > 0)
    .map(({ cell, tried, right, chance }) => ({ cell, above: (right - chance) / tried }))
    .reduce((a, b) => (b.above > a.above ? b : a));
  return {
    tried: all("tried"),
    right: all("right") / all("tried"),
    chance: all("chance") / all("tried"),
    most,
  };
}

/** What the document that the hub makes shows of the members: nothing where it shows only how many withheld. */
function onThePage(cluster: CollectedAnswers, position: number): string[] {
  const { dots, practices } = cellOf(cluster, position);
  if (typeof dots === "string" || !practices) return [];
  const those = (words: string, times: number): string[] => Array.from({ length: times }, () => words);
  return [
    ...dots.map(String),
    ...those("withheld", practices.withheld),
    ...those("no people", practices.no_people),
    ...those("cannot tell", practices.cannot_tell),
  ];
}

/** A closed collection of these practices, with `lists[cell][practice]` people. */
function collect(id: number, lists: readonly (readonly number[])[], random: () => number): CollectedAnswers {
  const members = Array.from({ length: PRACTICES }, (_, nth): Member => ({
    practice: `${id}-${nth}`,
    name: "",
    state: "released",
    released: CELLS.map((cell, position) => answered(cell, lists[position]![nth]!, random)),
    receivedAt: 0,
    recordBasis: null,
    corrected: false,
    signature: Buffer.from(`${random()} ${random()}`),
  }));
  return {
    id,
    group: "",
    members,
    closedAt: 1,
    shown: "all",
    cells: [],
    figures: new Map(),
  } as unknown as CollectedAnswers;
}

/** What a practice with so many people of this age and sex releases: G0 under k8-r5. */
function answered(cell: Cell, people: number, random: () => number): MemberCell {
  return answeredOf(cell, people, random).cell;
}

/** The same, with the share that its numerator is drawn by. @param known the share; else one of those that practices have */
export function answeredOf(
  { register, reached }: Cell,
  people: number,
  random: () => number,
  known?: number,
): { readonly cell: MemberCell; readonly share: number } {
  const logit = Math.log(reached / (1 - reached)) + 0.35 * normal(random);
  const share = known ?? 1 / (1 + Math.exp(-logit));
  const denominator =
    register === 1 ? people : drawn(people, register * Math.exp(0.15 * normal(random)), random);
  const numerator = drawn(denominator, share, random);
  const rest = denominator - numerator;
  const whole = released(denominator);
  const isSmall = rest > 0 && rest < policy.k;
  return {
    cell: {
      denominator: whole,
      numerator: whole === "withheld" || isSmall ? "withheld" : released(numerator),
    },
    share,
  };
}

function released(count: number): Value {
  if (count > 0 && count < policy.k) return "withheld";
  return intervalOf(policy, roundCount(policy, count))!;
}

/** Who gets what so that the sum of `likely[shown][practice]` is as large as swaps make it, from several starts. */
function likeliest(likely: readonly (readonly number[])[]): number[] {
  const at = (shown: number, practice: number | undefined): number => likely[shown]?.[practice ?? 0] ?? 0;
  let best: { all: number[]; sum: number } = { all: [], sum: -Infinity };
  for (let start = 0; start < Math.min(4, likely.length); start++) {
    const all = likely.map((_, i) => (i * (start + 1) + start) % PRACTICES);
    const given = new Set(all).size === all.length ? all : likely.map((_, i) => i);
    const spare = Array.from({ length: PRACTICES }, (_, i) => i).filter((i) => !given.includes(i));
    for (let better = true; better;) {
      better = false;
      for (let i = 0; i < given.length; i++) {
        for (let j = i + 1; j < given.length; j++) {
          const gain = at(i, given[j]) + at(j, given[i]) - at(i, given[i]) - at(j, given[j]);
          if (gain <= 1e-9) continue;
          [given[i], given[j]] = [given[j]!, given[i]!];
          better = true;
        }
        for (let j = 0; j < spare.length; j++) {
          if (at(i, spare[j]) - at(i, given[i]) <= 1e-9) continue;
          [given[i], spare[j]] = [spare[j]!, given[i]!];
          better = true;
        }
      }
    }
    const sum = given.reduce((total, practice, i) => total + at(i, practice), 0);
    if (sum > best.sum) best = { all: given, sum };
  }
  return best.all;
}

function drawn(people: number, share: number, random: () => number): number {
  if (people < 60) return Array.from({ length: people }).filter(() => random() < share).length;
  const spread = Math.sqrt(people * share * Math.max(0, 1 - share));
  return Math.min(people, Math.max(0, Math.round(people * share + spread * normal(random))));
}

/** Standard normal (Box and Muller 1958). */
export function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
