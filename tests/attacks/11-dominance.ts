/** Takes sums of items apart: a part of which one person makes more than half, from the total and the other parts. */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import type { ExactCell } from "@cairn/tables";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { Algebra } from "./algebra.js";
import {
  decided,
  peopleOf,
  quarterLater,
  quarters,
  sizes,
  together,
  type Attack,
  type Guards,
} from "./guard.js";

export function dominance(guards: Guards): Attack {
  const tries = sizes(300).flatMap((size) => [1, 2, 3].flatMap((seed) => takeApart(size, seed, guards)));
  return together("dominance", "exact sums of one query and its versions that left", tries);
}

function takeApart(size: number, seed: number, guards: Guards): Pick<Attack, "tried" | "exposures">[] {
  const random = seeded(seed);
  const history = memoryHistory();
  let people = practice(size, random);
  return Array.from({ length: quarters(2) }, (_, n) => {
    if (n > 0) people = quarterLater(people, random);
    const versions = [
      [["sex"], ["age_band"]],
      [["deprivation_fifth"], ["age_band"]],
    ] as const;
    const batch = versions.map((splits, version): UndecidedTable =>
      sums(
        people,
        tableOf(people, {
          query: "issues",
          version: `${version}`,
          date: nextQuarter(n),
          splits,
          denominator: (person) => issuesOf(person) > 0,
          numerator: (person) => (person.lot[1] ?? 0) < 0.6,
        }),
      ),
    );
    return score(batch, guards, history);
  });
}

/** Most people have a few issues; one in fifty has hundreds. */
function issuesOf({ lot }: Person): number {
  return (lot[0] ?? 0) < 0.02 ? 900 : Math.floor(8 * (lot[2] ?? 0));
}

function countedOf(person: Person): number {
  return Math.ceil(issuesOf(person) / 2);
}

/** The same people, counted by what they contribute. */
function sums(people: readonly Person[], asked: UndecidedTable): UndecidedTable {
  const over = (set: Uint32Array, of: (person: Person) => number): { sum: number; largest: number } => {
    const each = [...peopleOf(set)].map((key) => of(people[key] as Person));
    return { sum: each.reduce((a, b) => a + b, 0), largest: Math.max(0, ...each) };
  };
  const cells = asked.cells.map((cell): ExactCell => {
    const whole = over(cell.denominatorSet, issuesOf);
    const part = over(cell.numeratorSet, countedOf);
    return {
      ...cell,
      denominator: whole.sum,
      numerator: part.sum,
      largestDenominator: whole.largest,
      largestNumerator: part.largest,
    };
  });
  return { ...asked, unit: "items", cells };
}

/** A number for each person and half of his issues: the half that can be in a numerator, and the other. */
const counted = (key: number): number => 2 * key;
const other = (key: number): number => 2 * key + 1;

function score(
  batch: readonly UndecidedTable[],
  guards: Guards,
  history = memoryHistory(),
): Pick<Attack, "tried" | "exposures"> {
  const left: Set<number>[] = [];
  const dominated: Set<number>[] = [];
  for (const { table, released } of decided(guards, batch, history)) {
    table.cells.forEach((cell, i) => {
      const shown = released.cells[i]!;
      const whole = new Set([...peopleOf(cell.denominatorSet)].flatMap((key) => [counted(key), other(key)]));
      const part = new Set([...peopleOf(cell.numeratorSet)].map(counted));
      if (2 * cell.largestDenominator > cell.denominator) dominated.push(whole);
      if (2 * cell.largestNumerator > cell.numerator) dominated.push(part);
      if (shown.denominator !== "withheld") left.push(whole);
      if (shown.numerator !== "withheld") left.push(part);
    });
  }
  const asked = dominated.filter((set) => set.size > 0);
  const algebra = new Algebra(left, asked);
  return { tried: asked.length, exposures: asked.filter((set) => algebra.gives(set)).length };
}
