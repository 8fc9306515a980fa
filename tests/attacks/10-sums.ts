/**
 * Adds and subtracts the sums that one page, several groups, two queries of one denominator and two dates show.
 *
 * Knows every sum that is shown, of which practices each is, and that a total is its parts together. Looks for a
 * number of one or two practices: two sums whose practices differ by one or two; total minus the parts that a page
 * shows; and, solving for what each practice has in each cell, any combination whatever. Written without the hub's
 * code but for the deciding itself.
 */
import { ageBandLabels, type Cell } from "@cairn/query-library";
import { intervalOf, policyNamed } from "@cairn/disclosure";
import type { Interval } from "../../packages/statistics/src/index.js";
import { roundCount } from "../../packages/disclosure/src/policy.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { decideFigures, type Rules } from "../../packages/comparisons/src/decide-figures.js";
import type { ShownSum } from "../../packages/comparisons/src/family.js";
import type { Contribution, Figure } from "../../packages/comparisons/src/figure.js";
import { together, isLong, type Attack } from "./guard.js";

const policy = policyNamed("k8-r5");
const SEXES = ["female", "male", "other", "unknown"];
const BANDS = [...ageBandLabels([18, 65]), "unknown"];
const CELLS: readonly Cell[] = [
  {},
  ...SEXES.map((sex) => ({ sex })),
  ...BANDS.map((age_band) => ({ age_band })),
];
const GROUPS: readonly (readonly number[])[] = [
  [0, 1, 2, 3, 4, 5, 6, 7],
  [0, 1, 2, 3, 4, 5, 6],
  [8, 9, 10, 11, 12],
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  [0, 1, 2, 3, 8, 9, 10, 11, 14],
];
const QUERIES = ["reached", "reviewed"];
const DATES = ["2024-12-31", "2025-03-31"];

/** One sum that is shown, over one row of unknowns: `who` has `of` in `cell`. */
interface Seen {
  readonly of: string;
  readonly page: string;
  readonly date: string;
  readonly cell: Cell;
  readonly who: ReadonlySet<string>;
  /** It is not said as a sum: the width of one tells it. */
  readonly between: boolean;
}

/** @param rules those that the hub keeps */
export function sums(rules: Rules): Attack {
  const random = seeded(512);
  const tries = Array.from({ length: isLong ? 200 : 1 }, () => attack(shown(rules, random)));
  return together("sums", "every sum of five groups, two queries and two dates, and who is in it", tries);
}

function attack(seen: readonly Seen[]): Pick<Attack, "tried" | "exposures"> {
  let tried = 0;
  let exposures = 0;
  const score = (found: boolean): void => {
    tried++;
    if (found) exposures++;
  };
  seen.forEach((one, i) => {
    for (const other of seen.slice(0, i)) {
      if (one.between || other.between) continue;
      const together = one.of === other.of && key(one.cell) === key(other.cell);
      if (together || one.page === other.page) score(isFew(apart(one.who, other.who)));
    }
  });
  for (const page of new Set(seen.map((one) => one.page))) {
    for (const of of new Set(seen.map((one) => one.of))) {
      const here = seen.filter((one) => one.page === page && one.of === of && !one.between);
      const total = here.find((one) => key(one.cell) === "{}");
      for (const split of ["sex", "age_band"]) {
        const parts = here.filter((one) => split in one.cell);
        const all = (split === "sex" ? SEXES : BANDS).length;
        if (!total || parts.length < all) continue;
        score(isFew(new Set(parts.flatMap(({ who }) => [...apart(total.who, who)]))));
      }
    }
  }
  for (const of of new Set(seen.map((one) => one.of))) {
    const rows = distinct(seen.filter((one) => one.of === of));
    const practices = [...new Set(rows.flatMap(({ who }) => [...who]))];
    for (const a of practices) for (const b of practices) if (a <= b) score(solves(rows, practices, a, b));
  }
  return { tried, exposures };
}

/** Practices that are in one of the two and not in both. */
function apart(one: ReadonlySet<string>, other: ReadonlySet<string>): Set<string> {
  return new Set([...one, ...other].filter((practice) => one.has(practice) !== other.has(practice)));
}

function isFew({ size }: ReadonlySet<string>): boolean {
  return size === 1 || size === 2;
}

/**
 * Whether some combination of the rows is about these two practices alone. Unknowns are what each practice has at
 * each place of sex and age (those that stand in the same rows as one); rows are put into echelon form with the two
 * practices' unknowns last, and one that has nothing before them is such a combination. In floating point, with the
 * largest pivot.
 */
function solves(rows: readonly Seen[], practices: readonly string[], a: string, b: string): boolean {
  const others = columns(
    rows,
    practices.filter((one) => one !== a && one !== b),
  );
  const own = columns(rows, [a, b]);
  const left = rows.map((_, i) => [...others, ...own].map((column) => Number(column[i])));
  for (let column = 0; column < others.length && left.length > 0; column++) {
    let pivot = 0;
    left.forEach((row, i) => {
      if (Math.abs(row[column]!) > Math.abs(left[pivot]![column]!)) pivot = i;
    });
    if (Math.abs(left[pivot]![column]!) < 1e-7) continue;
    const [first] = left.splice(pivot, 1);
    for (const row of left) {
      const times = row[column]! / first![column]!;
      if (times !== 0) for (let i = column; i < row.length; i++) row[i]! -= times * first![i]!;
    }
  }
  return left.some((row) => row.some((value) => Math.abs(value) > 1e-7));
}

/** The unknowns of these practices: for each, in which rows it is counted. */
function columns(rows: readonly Seen[], practices: readonly string[]): string[] {
  const places = SEXES.flatMap((sex) => BANDS.map((age_band) => ({ sex, age_band })));
  const all = practices.flatMap((practice) =>
    places.map(({ sex, age_band }) =>
      rows.map(({ who, cell }) => (who.has(practice) && fits(cell, sex, age_band) ? "1" : "0")).join(""),
    ),
  );
  return [...new Set(all)];
}

function distinct(rows: readonly Seen[]): Seen[] {
  return [...new Map(rows.map((row) => [`${key(row.cell)} ${[...row.who].sort().join()}`, row])).values()];
}

function key(cell: Cell): string {
  return JSON.stringify(cell);
}

/** What the hub shows, one collection after the other. */
function shown(rules: Rules, random: () => number): Seen[] {
  const seen: Seen[] = [];
  const before: ShownSum[] = [];
  for (const date of DATES) {
    const released = new Map<string, readonly Contribution[]>();
    const of = (practice: number, query: string): readonly Contribution[] => {
      const at = `${practice} ${query}`;
      const denominators = released.get(`${practice}`) ?? table(`practice-${practice}`, random);
      released.set(`${practice}`, denominators);
      const made = released.get(at) ?? numeratorsOf(denominators, random);
      released.set(at, made);
      return made;
    };
    for (const group of GROUPS) {
      const there = group.filter(() => random() > 0.03);
      for (const query of QUERIES) {
        const tables = there.map((practice) => of(practice, query));
        const family = {
          date,
          populations: { denominator: "on the register", numerator: query },
          followsListSizes: false,
          members: group.length,
          cells: CELLS,
          released: CELLS.map((_, position) => tables.map((cells) => cells[position]!)),
        };
        const figures = decideFigures(family, [...before], [], rules);
        figures.forEach((figure, position) => {
          const cell = CELLS[position]!;
          for (const one of sumsIn(figure)) {
            const of = one.side === "numerator" ? query : "on the register";
            before.push({ population: of, date, cell, practices: one.who });
            seen.push({
              ...one,
              of,
              page: `${group.join()} ${query} ${date}`,
              date,
              cell,
              who: new Set(one.who),
            });
          }
        });
      }
    }
  }
  return seen;
}

/** Both sums; and by how much the numerator is wider than rounding makes it, which is a sum of denominators. */
function sumsIn({ numbers, contributors, numerators }: Figure): {
  side: string;
  who: readonly string[];
  between: boolean;
}[] {
  if (!numbers) return [];
  const withheld = contributors.filter((one) => !numerators.includes(one));
  return [
    { side: "denominator", who: contributors, between: false },
    { side: "numerator", who: numerators, between: false },
    ...(withheld.length > 0 ? [{ side: "denominator", who: withheld, between: true }] : []),
  ];
}

/** A practice's denominators: small ones withheld, and now and then a larger one, as G1, G2 and G5 do. */
function table(practice: string, random: () => number): Contribution[] {
  const size = 150 * Math.exp(random() * 2);
  const counts = SEXES.map((sex) =>
    BANDS.map((band) =>
      Math.round(
        size * (sex === "unknown" ? 0.003 : sex === "other" ? 0.02 : 1) * (band === "unknown" ? 0 : random()),
      ),
    ),
  );
  return CELLS.map((cell) => {
    const people = counts
      .flatMap((row, s) => row.filter((_, b) => fits(cell, SEXES[s]!, BANDS[b]!)))
      .reduce((all, one) => all + one, 0);
    const denominator = random() < 0.05 ? null : released(people);
    return { practice, denominator, numerator: null };
  });
}

function numeratorsOf(denominators: readonly Contribution[], random: () => number): Contribution[] {
  const share = 0.2 + 0.5 * random();
  return denominators.map((one) => {
    const most = one.denominator?.high ?? 0;
    const numerator = one.denominator === null || random() < 0.03 ? null : released(Math.floor(most * share));
    return { ...one, numerator };
  });
}

function fits(cell: Cell, sex: string, age: string): boolean {
  return (cell["sex"] ?? sex) === sex && (cell["age_band"] ?? age) === age;
}

function released(count: number): Interval | null {
  return count > 0 && count < policy.k ? null : intervalOf(policy, roundCount(policy, count));
}

/**
 * One practice has most of a part, whose sum is therefore not shown; total minus the other parts, as intervals, is
 * taken for it. Exposed where that tells the part to within half of itself.
 */
export function dominance(rules: Rules): Attack {
  const random = seeded(513);
  const tries = Array.from({ length: 50 }, () => {
    const practices = Array.from({ length: 8 }, (_, nth) => {
      const size = 4000 * Math.exp(random());
      const parts = [0.6, nth === 0 ? 0.3 : 0.003, 0.05, 0.03].map((share) => Math.round(size * share));
      const counts = [parts.reduce((a, b) => a + b, 0), ...parts];
      return counts.map((count) => ({
        practice: `practice-${nth}`,
        denominator: released(count),
        numerator: released(Math.floor(count / 2)),
      }));
    });
    const family = {
      date: DATES[0]!,
      populations: { denominator: "everyone", numerator: "reached" },
      followsListSizes: false,
      members: practices.length,
      cells: [{}, ...["white", "asian", "black", "other"].map((ethnic_group) => ({ ethnic_group }))],
      released: [0, 1, 2, 3, 4].map((position) => practices.map((cells) => cells[position]!)),
    };
    const [all, ...parts] = decideFigures(family, [], [], rules);
    const unseen = parts.filter((part) => !part.numbers);
    if (!all?.numbers || unseen.length !== 1 || unseen[0]?.state !== "dominated")
      return { tried: 1, exposures: 0 };
    const others = parts.flatMap(({ numbers }) => (numbers ? [numbers.denominator] : []));
    const low = all.numbers.denominator.low - others.reduce((sum, { high }) => sum + high, 0);
    const high = all.numbers.denominator.high - others.reduce((sum, { low }) => sum + low, 0);
    return { tried: 1, exposures: low > 0 && high - low < low ? 1 : 0 };
  });
  const bands = Array.from({ length: 50 }, () => otherBands(rules, random));
  return together("dominance", "the total, and the parts that one table or two show", [...tries, ...bands]);
}

/** The same of two tables with other bands: the parts that one does not show are taken from the other. */
function otherBands(rules: Rules, random: () => number): Pick<Attack, "tried" | "exposures"> {
  const shown = new Map<string, Interval>();
  const sizes = Array.from({ length: 8 }, () => 4000 * Math.exp(random()));
  const shares: Record<string, number> = {
    "0-17": 0.003,
    "18-39": 0.2,
    "40-64": 0.3,
    "18-64": 0.5,
    "65+": 0.4,
  };
  const before: ShownSum[] = [];
  const others: Cell[] = [];
  for (const bands of [
    ["0-17", "18-39", "40-64", "65+"],
    ["0-17", "18-64", "65+"],
  ]) {
    const cells: Cell[] = [{}, ...bands.map((age_band) => ({ age_band }))];
    const countOf = (nth: number, band: string): number =>
      Math.round(sizes[nth]! * (band === "0-17" && nth === 0 ? 0.3 : shares[band]!));
    const figures = decideFigures(
      {
        date: DATES[0]!,
        populations: { denominator: "everyone", numerator: "reached" },
        followsListSizes: false,
        members: sizes.length,
        cells,
        released: cells.map(({ age_band }) =>
          sizes.map((_, nth) => {
            const parts = age_band ? [age_band] : ["0-17", "18-39", "40-64", "65+"];
            const count = parts.reduce((all, band) => all + countOf(nth, band), 0);
            const half = released(Math.floor(count / 2));
            return { practice: `practice-${nth}`, denominator: released(count), numerator: half };
          }),
        ),
      },
      before,
      others,
      rules,
    );
    figures.forEach(({ numbers, contributors, numerators }, position) => {
      if (!numbers) return;
      const cell = cells[position]!;
      shown.set(cell["age_band"] ?? "all", numbers.denominator);
      before.push({ population: "everyone", date: DATES[0]!, cell, practices: contributors });
      before.push({ population: "reached", date: DATES[0]!, cell, practices: numerators });
    });
    others.push(...cells);
  }
  const [all, adults, old] = ["all", "18-64", "65+"].map((band) => shown.get(band));
  if (!all || !adults || !old) return { tried: 1, exposures: 0 };
  const low = all.low - adults.high - old.high;
  return { tried: 1, exposures: low > 0 && all.high - adults.low - old.low < 2 * low ? 1 : 0 };
}
