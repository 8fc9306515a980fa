/**
 * Names who did not contribute, who left between two quarters, who joined, and who is in one of two groups, by public
 * list sizes, over 500 clusters.
 *
 * Knows how many people of each age every practice has and who the members are; sees the sums that are shown;
 * and gives the practice whose list fits what is missing best. Where several fit, it guesses among them.
 */
import type { Cell } from "@cairn/query-library";
import { interval } from "../../packages/statistics/src/index.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { decideFigures, type Rules } from "../../packages/comparisons/src/decide-figures.js";
import { unitOf, type Family, type ShownSum } from "../../packages/comparisons/src/family.js";
import type { Figure } from "../../packages/comparisons/src/figure.js";
import { isLong } from "./guard.js";

const CLUSTERS = isLong ? 500 : 200;
const PRACTICES = 8;
const CELLS: readonly Cell[] = [{}, { age_band: "0-64" }, { age_band: "65+" }, { age_band: "unknown" }];
const SHARES = [1, 0.8, 0.2, 0];

/** Shares of clusters, 0 to 1: named rightly, and rightly by guessing. */
export interface Named {
  readonly tried: number;
  readonly right: number;
  readonly chance: number;
}

/** What the hub shows of one collection after the other, of so many people in each cell and practice. */
class Pages {
  readonly #before: ShownSum[] = [];
  readonly #rules: Rules;
  readonly #everybody: boolean;

  constructor(rules: Rules, everybody: boolean) {
    this.#rules = rules;
    this.#everybody = everybody;
  }

  /**
   * @param lists by practice, then cell
   * @param counting those that count people who opted out
   * @returns the middle of each denominator that is shown, else null
   */
  show(
    date: string,
    query: string,
    members: readonly number[],
    there: readonly number[],
    lists: Lists,
    counting: readonly number[] = [],
  ): (number | null)[] {
    const family: Family = {
      date,
      populations: { denominator: this.#everybody ? "everybody" : "a register", numerator: query },
      followsListSizes: this.#everybody,
      members: members.length,
      cells: CELLS,
      released: CELLS.map((_, cell) =>
        there.map((nth) => {
          const people = lists[nth]![cell]!;
          const [whole, part] = [rounded(people), rounded(Math.floor(people / 2))];
          const practice = unitOf(`practice-${nth}`, counting.includes(nth));
          return { practice, denominator: whole, numerator: part };
        }),
      ),
    };
    const figures = decideFigures(family, [...this.#before], [], this.#rules);
    figures.forEach((figure, position) => {
      if (!figure.numbers) return;
      const at = { date, cell: CELLS[position]! };
      this.#before.push({
        population: family.populations.denominator,
        ...at,
        practices: figure.contributors,
      });
      this.#before.push({ population: family.populations.numerator, ...at, practices: figure.numerators });
    });
    return figures.map(middle);
  }
}

type Lists = readonly (readonly number[])[];

/** One member of eight did not contribute to a count of everybody. */
export function whoIsMissing(rules: Rules): Named {
  return named(91, (random, sizes, who) => {
    const pages = new Pages(rules, true);
    const members = all(sizes);
    const there = members.filter((nth) => nth !== who);
    const seen = pages.show("2025-03-31", "uptake", members, there, sizes);
    return fits(seen, sizes, (nth, cell) => total(sizes, members, cell) - sizes[nth]![cell]!);
  });
}

/** One of eight left between two quarters; sums of three quarters are on the page. In a quarter lists change by 2 %. */
export function whoLeft(rules: Rules, everybody: boolean): Named {
  return named(92, (random, sizes, who) => {
    const pages = new Pages(rules, everybody);
    const members = all(sizes);
    const rest = members.filter((nth) => nth !== who);
    const register = everybody ? sizes : sizes.map((list) => list.map((n) => Math.round(n * 0.06)));
    const later = (lists: Lists): Lists =>
      lists.map((list) => list.map((n) => Math.round(n * (1 + 0.02 * normal(random)))));
    const first = pages.show("2024-12-31", "reached", members, members, register);
    const second = pages.show("2025-03-31", "reached", rest, rest, later(register));
    const third = pages.show("2025-06-30", "reached", rest, rest, later(register));
    const gone = first.map((n, cell) => {
      const after = second[cell] ?? third[cell] ?? null;
      return n === null || after === null ? null : n - after;
    });
    return fits(gone, register, (nth, cell) => register[nth]![cell]!);
  });
}

/**
 * One of eight joined. Of the older date too few had come before, so that its figures are made with the joiner, after
 * those of the later date were made without.
 */
export function whoJoined(rules: Rules, everybody: boolean): Named {
  return named(94, (random, sizes, who) => {
    const pages = new Pages(rules, everybody);
    const members = all(sizes);
    const rest = members.filter((nth) => nth !== who);
    const register = everybody ? sizes : sizes.map((list) => list.map((n) => Math.round(n * 0.06)));
    const older = register.map((list) => list.map((n) => Math.round(n * (1 + 0.02 * normal(random)))));
    const without = pages.show("2025-06-30", "reached", rest, rest, register);
    const withThem = pages.show("2025-03-31", "reached", members, members, older);
    const come = withThem.map((n, cell) =>
      n === null || without[cell] === null ? null : n - without[cell]!,
    );
    return fits(come, register, (nth, cell) => register[nth]![cell]!);
  });
}

/** Two groups that differ by one practice, asked through two queries of one denominator. */
export function whoIsInOne(rules: Rules): Named {
  return named(93, (random, sizes, who) => {
    const pages = new Pages(rules, false);
    const members = all(sizes);
    const rest = members.filter((nth) => nth !== who);
    const one = pages.show("2025-03-31", "reached", members, members, sizes);
    const other = pages.show("2025-03-31", "reviewed", rest, rest, sizes);
    const between = one.map((n, cell) => (n === null || other[cell] === null ? null : n - other[cell]!));
    return fits(between, sizes, (nth, cell) => sizes[nth]![cell]!);
  });
}

/**
 * One of eight counts people who opted out at the first of two quarters, and leaves them out at the next; the others leave
 * them out at both. The page says that one did; what the sums lose is near to what so many of its people are.
 */
export function whoChangedChoice(rules: Rules, everybody: boolean): Named {
  return named(95, (random, sizes, who) => {
    const pages = new Pages(rules, everybody);
    const members = all(sizes);
    const register = everybody ? sizes : sizes.map((list) => list.map((n) => Math.round(n * 0.06)));
    const shares = optedOutShares(random);
    const leaveOut = (lists: Lists, except: number): Lists =>
      lists.map((list, nth) =>
        list.map((n) => Math.round(n * (nth === except ? 1 : 1 - (shares[nth] ?? 0)))),
      );
    const later = register.map((list) => list.map((n) => Math.round(n * (1 + 0.02 * normal(random)))));
    const first = pages.show("2025-03-31", "reached", members, members, leaveOut(register, who), [who]);
    const second = pages.show("2025-06-30", "reached", members, members, leaveOut(later, -1));
    const lost = first.map((n, cell) => {
      const after = second[cell] ?? null;
      return n === null || after === null ? null : n - after;
    });
    return fits(lost, register, (nth, cell) => OPTED_OUT * register[nth]![cell]!);
  });
}

/** One of eight counts people who opted out, as the page says: public list sizes say how many of the others' are not there. */
export function whoCountsOptedOut(rules: Rules): Named {
  return named(96, (random, sizes, who) => {
    const members = all(sizes);
    const shares = optedOutShares(random);
    const counted = sizes.map((list, nth) =>
      list.map((n) => Math.round(n * (nth === who ? 1 : 1 - (shares[nth] ?? 0)))),
    );
    const seen = new Pages(rules, true).show("2025-03-31", "uptake", members, members, counted, [who]);
    return fits(seen, sizes, (nth, cell) => {
      const everyone = total(sizes, members, cell);
      return everyone - OPTED_OUT * (everyone - sizes[nth]![cell]!);
    });
  });
}

/** The usual share of people who opted out, of a list; practices have about half of it to twice as many. */
const OPTED_OUT = 0.055;

function optedOutShares(random: () => number): number[] {
  return Array.from({ length: PRACTICES }, () => Math.min(0.5, OPTED_OUT * Math.exp(0.4 * normal(random))));
}

/** @returns the practices that fit best */
type Try = (random: () => number, sizes: Lists, who: number) => readonly number[];

function named(seed: number, attempt: Try): Named {
  const random = seeded(seed);
  let right = 0;
  for (let nth = 0; nth < CLUSTERS; nth++) {
    const sizes = Array.from({ length: PRACTICES }, () => {
      const people = Math.exp(Math.log(8000) + 0.5 * normal(random));
      const older = 0.2 * Math.exp(0.15 * normal(random));
      return [people, people * (1 - older), people * older, 0].map(Math.round);
    });
    const who = Math.floor(random() * PRACTICES);
    const fit = attempt(random, sizes, who);
    if (fit.includes(who)) right += 1 / fit.length;
  }
  return { tried: CLUSTERS, right: right / CLUSTERS, chance: 1 / PRACTICES };
}

/** The practices for which what is seen is nearest to what it would be; all where nothing is seen. */
function fits(
  seen: readonly (number | null)[],
  sizes: Lists,
  expected: (nth: number, cell: number) => number,
): number[] {
  const off = sizes.map((_, nth) =>
    seen.reduce<number>((sum, n, cell) => {
      if (n === null || SHARES[cell] === 0) return sum;
      return sum + (Math.abs(n - expected(nth, cell)) / (SHARES[cell] ?? 1)) ** 2;
    }, 0),
  );
  return all(sizes).filter((nth) => off[nth] === Math.min(...off));
}

function middle({ numbers }: Figure): number | null {
  return numbers ? (numbers.denominator.low + numbers.denominator.high) / 2 : null;
}

function rounded(count: number): ReturnType<typeof interval> {
  const value = Math.round(count / 5) * 5;
  return value === 0 ? interval(0, 0) : interval(value - 2, value + 2);
}

function all(sizes: Lists): number[] {
  return sizes.map((_, nth) => nth);
}

function total(sizes: Lists, members: readonly number[], cell: number): number {
  return members.reduce((sum, nth) => sum + sizes[nth]![cell]!, 0);
}

/** Standard normal (Box and Muller 1958). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
