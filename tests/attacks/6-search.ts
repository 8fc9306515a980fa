/** Asks random questions of one name, version after version, and looks for two that differ by a few people. */
import type { Asked } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { decided, isLong, leftWith, type Attack, type Guards } from "./guard.js";
import { pairExposures } from "./groups.js";

export function search(guards: Guards): Attack {
  const random = seeded(66);
  const people = practice(isLong ? 3000 : 500, random);
  const batch = Array.from({ length: isLong ? 150 : 40 }, (_, n): Asked =>
    tableOf(people, {
      query: "search",
      version: `${n}`,
      splits: n % 3 === 0 ? [["sex"]] : [["age_band"]],
      denominator: condition(random),
      numerator: condition(random),
    }),
  );
  const { tried, exposures } = pairExposures(leftWith(decided(guards, batch)));
  return { name: "search", knows: "exact counts of a query and its versions that left", tried, exposures };
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
