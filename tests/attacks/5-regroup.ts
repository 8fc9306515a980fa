/** Practices join and leave groups, and one is in several: subtracts every figure of a cell and date from every other. */
import { exactly } from "../../packages/statistics/src/index.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { ALL_RULES, decideFigures } from "../../packages/comparisons/src/decide-figures.js";
import type { Family, ShownSum } from "../../packages/comparisons/src/family.js";
import { together, type Attack } from "./guard.js";

const PRACTICES = 9;
const populations = { denominator: "people on a register", numerator: "those reached" };

/** @param looks whether a figure is held against those of other groups, as the hub does */
export function regroup(looks: boolean): Attack {
  const random = seeded(15);
  const tries = Array.from({ length: 100 }, () => {
    const shown: ShownSum[] = [];
    const sets: (readonly string[])[] = [];
    for (let group = 0; group < 6; group++) {
      const members = Array.from({ length: PRACTICES }, (_, i) => `practice-${i}`).filter(
        () => random() < 0.8,
      );
      const released = members.map((practice) => ({
        practice,
        denominator: exactly(500),
        numerator: random() < 0.1 ? null : exactly(250),
      }));
      const family: Family = {
        date: "2025-03-31",
        populations,
        followsListSizes: false,
        members: members.length,
        cells: [{}],
        released: [released],
      };
      const rules = { ...ALL_RULES, sets: looks, combinations: looks };
      const [figure] = decideFigures(family, looks ? shown : [], [], rules);
      if (!figure?.numbers) continue;
      sets.push(figure.contributors);
      const at = { date: family.date, cell: {} };
      shown.push({ population: populations.denominator, ...at, practices: figure.contributors });
      shown.push({ population: populations.numerator, ...at, practices: figure.numerators });
    }
    const pairs = sets.flatMap((one, nth) => sets.slice(0, nth).map((other) => apart(one, other)));
    return { tried: pairs.length, exposures: pairs.filter((n) => n === 1 || n === 2).length };
  });
  return together("regroup", "the figures of every group for a query, date and cell", tries);
}

function apart(one: readonly string[], other: readonly string[]): number {
  return one.filter((x) => !other.includes(x)).length + other.filter((x) => !one.includes(x)).length;
}
