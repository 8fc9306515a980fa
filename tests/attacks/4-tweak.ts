/** Asks the same thing again with one code more: as another version, and under another name. */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf } from "../../packages/disclosure/test/population.js";
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

export function tweak(guards: Guards, counts: Choice = constant): Attack {
  const tries = sizes(800).flatMap((size) => {
    const random = seeded(7);
    const [ofVersions, ofNames] = [memoryHistory(), memoryHistory()];
    let people = practice(size, random);
    return Array.from({ length: quarters(1, counts) }, (_, quarter) => {
      if (quarter > 0) people = quarterLater(people, random);
      const isCounted = countedWhere(counts(quarter));
      const tweaked = (name: (n: number) => { query: string; version: string }): UndecidedTable[] =>
        Array.from({ length: 8 }, (_, n) =>
          tableOf(people, {
            ...name(n),
            date: nextQuarter(quarter),
            splits: [["sex"], ["age_band"]],
            denominator: (person) => person.age >= 17 && isCounted(person),
            numerator: (person) => (person.lot[0] ?? 0) < 0.3 + (2.4 * n) / size,
          }),
        );
      const versions = tweaked((n) => ({ query: "q", version: `${n}` }));
      const names = tweaked((n) => ({ query: `q-${n}`, version: "1" }));
      return [
        pairExposures(leftWith(decided(guards, versions, ofVersions))),
        pairExposures(leftWith(decided(guards, names, ofNames))),
      ];
    }).flat();
  });
  const knows = "exact counts within a query and its versions, released values across queries";
  return together("tweak", knows, tries);
}
