/** Asks the same thing again with one code more: as another version, and under another name. */
import type { Asked } from "@cairn/disclosure";
import { practice, seeded, tableOf } from "../../packages/disclosure/test/population.js";
import { decided, isLong, leftWith, type Attack, type Guards } from "./guard.js";
import { pairExposures } from "./groups.js";

export function tweak(guards: Guards): Attack {
  const people = practice(isLong ? 3000 : 800, seeded(7));
  const tweaked = (name: (n: number) => { query: string; version: string }): Asked[] =>
    Array.from({ length: isLong ? 24 : 8 }, (_, n) =>
      tableOf(people, {
        ...name(n),
        splits: [["sex"], ["age_band"]],
        denominator: (person) => person.age >= 17,
        numerator: (person) => (person.lot[0] ?? 0) < 0.3 + 0.003 * n,
      }),
    );
  const versions = tweaked((n) => ({ query: "q", version: `${n}` }));
  const names = tweaked((n) => ({ query: `q-${n}`, version: "1" }));
  const attacks = [versions, names].map((batch) => pairExposures(leftWith(decided(guards, batch))));
  return {
    name: "tweak",
    knows: "exact counts within a query and its versions, released values across queries",
    tried: attacks.reduce((all, { tried }) => all + tried, 0),
    exposures: attacks.reduce((all, { exposures }) => all + exposures, 0),
  };
}
