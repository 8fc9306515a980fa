/** Asks random questions of one name, version after version, and looks for two that differ by a few people. */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { constant, countedWhere, type Choice } from "./choice.js";
import {
  decided,
  leftWith,
  quarterLater,
  quarters,
  sizes,
  together,
  type Attack,
  type Guards,
} from "./guard.js";
import { pairExposures } from "./groups.js";

export function search(guards: Guards, counts: Choice = constant): Attack {
  const tries = sizes(counts === constant ? 500 : 200).flatMap((size) => {
    const random = seeded(66);
    const history = memoryHistory();
    let people = practice(size, random);
    return Array.from({ length: quarters(1, counts) }, (_, quarter) => {
      if (quarter > 0) people = quarterLater(people, random);
      const isCounted = countedWhere(counts(quarter));
      const batch = Array.from({ length: 40 }, (_, n): UndecidedTable => {
        const isAskedFor = condition(random);
        return tableOf(people, {
          query: `search-${quarter}`,
          version: `${n}`,
          date: nextQuarter(quarter),
          splits: n % 3 === 0 ? [["sex"]] : [["age_band"]],
          denominator: (person) => isCounted(person) && isAskedFor(person),
          numerator: condition(random),
        });
      });
      return pairExposures(leftWith(decided(guards, batch, history)));
    });
  });
  return together("search", "exact counts of a query and its versions that left", tries);
}

/** A condition as the language makes them: limits of age and of facts, joined by all or any. */
function condition(random: () => number): (person: Person) => boolean {
  const parts = Array.from({ length: 1 + Math.floor(random() * 3) }, (): ((person: Person) => boolean) => {
    const limit = Math.floor(random() * 90);
    const fact = Math.floor(random() * 8);
    const share = 0.1 + 0.8 * random();
    if (random() < 0.4) return (person) => person.age >= limit;
    return (person) => (person.lot[fact] ?? 0) < share;
  });
  return random() < 0.5
    ? (person) => parts.every((part) => part(person))
    : (person) => parts.some((part) => part(person));
}
