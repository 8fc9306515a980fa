/** Adds and subtracts up to four of one query's counts, in every way there is, and looks for a small group. */
import { practice, seeded, tableOf, type Question } from "../../packages/disclosure/test/population.js";
import { decided, isLong, leftWith, type Attack, type Guards } from "./guard.js";
import { smallGroups } from "./groups.js";

export function subtract(guards: Guards): Attack {
  let tried = 0;
  let exposures = 0;
  for (let seed = 1; seed <= (isLong ? 5 : 2); seed++) {
    const people = practice(300, seeded(seed));
    const question: Question = {
      query: "q",
      splits: [["sex"], ["age_band"], ["deprivation_fifth"], ["sex", "age_band"]],
      denominator: () => true,
      numerator: (person) => (person.lot[0] ?? 0) < 0.4,
    };
    const asked = tableOf(people, question);
    // A sum of one random weight a person names a multiset of people: equal sums are equal multisets.
    const random = seeded(seed + 1000);
    const weights = people.map(() => Math.floor(random() * 2 ** 40));
    const sum = (set: ReadonlySet<number>): number =>
      [...set].reduce((all, person) => all + (weights[person] ?? 0), 0);
    const wanted = new Set(smallGroups(asked).map(({ people: group }) => sum(group)));
    const sums = [...new Set(leftWith(decided(guards, [asked])).map((left) => sum(left.people)))];
    const found = new Set<number>();
    const go = (from: number, so: number, depth: number): void => {
      for (let i = from; i < sums.length; i++) {
        for (const next of [so + (sums[i] ?? 0), so - (sums[i] ?? 0)]) {
          tried++;
          if (wanted.has(Math.abs(next))) found.add(Math.abs(next));
          if (depth < 4) go(i + 1, next, depth + 1);
        }
      }
    };
    go(0, 0, 1);
    exposures += found.size;
  }
  return { name: "subtract", knows: "exact counts of one query that left", tried, exposures };
}
