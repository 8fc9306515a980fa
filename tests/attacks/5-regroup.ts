/** Practices join and leave groups, and one is in several: subtracts every figure of a cell and date from every other. */
import { exactly } from "../../packages/statistics/src/index.js";
import { seeded } from "../../packages/disclosure/test/population.js";
import { makeFigure } from "../../packages/hub/src/comparisons/figure.js";
import { together, type Attack } from "./guard.js";

const PRACTICES = 9;

/** @param looks whether a figure is held against those of other groups, as the hub does */
export function regroup(looks: boolean): Attack {
  const random = seeded(15);
  const tries = Array.from({ length: 100 }, () => {
    const shown: string[][] = [];
    for (let group = 0; group < 6; group++) {
      const members = Array.from({ length: PRACTICES }, (_, i) => `practice-${i}`).filter(
        () => random() < 0.8,
      );
      const released = members.map((practice) => ({
        practice,
        denominator: exactly(500),
        numerator: random() < 0.1 ? null : exactly(250),
      }));
      const figure = makeFigure(released, looks ? shown : []);
      if (figure.numbers) shown.push([...figure.contributors]);
    }
    const pairs = shown.flatMap((one, nth) => shown.slice(0, nth).map((other) => apart(one, other)));
    return { tried: pairs.length, exposures: pairs.filter((n) => n === 1 || n === 2).length };
  });
  return together("regroup", "the figures of every group for a query, date and cell", tries);
}

function apart(one: readonly string[], other: readonly string[]): number {
  return one.filter((x) => !other.includes(x)).length + other.filter((x) => !one.includes(x)).length;
}
