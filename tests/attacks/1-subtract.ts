/** Adds and subtracts up to four of one query's counts, in every way there is, and looks for a small group. */
import { memoryHistory, type MemoryHistory } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { constant, countedWhere, type Choice } from "./choice.js";
import {
  decided,
  isLong,
  leftWith,
  quarterLater,
  quarters,
  together,
  type Attack,
  type Guards,
} from "./guard.js";
import { smallGroups } from "./groups.js";

export function subtract(guards: Guards, counts: Choice = constant): Attack {
  const tries: Pick<Attack, "tried" | "exposures">[] = [];
  for (let seed = 1; seed <= (isLong ? 5 : 2); seed++) {
    const random = seeded(seed);
    const history = memoryHistory();
    let people = practice(300, random);
    for (let n = 0; n < quarters(1, counts); n++) {
      tries.push(bruteForce(people, nextQuarter(n), guards, history, countedWhere(counts(n))));
      people = quarterLater(people, random);
    }
  }
  return together("subtract", "exact counts of one query that left", tries);
}

function bruteForce(
  people: readonly Person[],
  date: string,
  guards: Guards,
  history: MemoryHistory,
  isCounted: (person: Person) => boolean,
): Pick<Attack, "tried" | "exposures"> {
  const asked = tableOf(people, {
    query: "q",
    date,
    splits: [["sex"], ["age_band"], ["deprivation_fifth"], ["sex", "age_band"]],
    denominator: isCounted,
    numerator: (person) => (person.lot[0] ?? 0) < 0.4,
  });
  // A sum of one random weight a person names a multiset of people: equal sums are equal multisets.
  const random = seeded(1000);
  const weights = people.map(() => Math.floor(random() * 2 ** 40));
  const sum = (set: ReadonlySet<number>): number =>
    [...set].reduce((all, person) => all + (weights[person] ?? 0), 0);
  const wanted = new Set(smallGroups(asked).map(({ people: group }) => sum(group)));
  const sums = [...new Set(leftWith(decided(guards, [asked], history)).map((left) => sum(left.people)))];
  const found = new Set<number>();
  let tried = 0;
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
  return { tried, exposures: found.size };
}
