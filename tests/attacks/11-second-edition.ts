/** Asks again in a later version with other bands, and puts both together: for small groups, and for what G1 withheld. */
import { memoryHistory, type UndecidedTable, type DecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { Algebra } from "./algebra.js";
import {
  decided,
  leftWith,
  peopleOf,
  quarterLater,
  quarters,
  sizes,
  together,
  type Attack,
  type Guards,
} from "./guard.js";
import { smallGroups } from "./groups.js";

export function secondEdition(guards: Guards): Attack {
  const tries = sizes(300).flatMap((size) => [1, 2, 3, 4].flatMap((seed) => askAgain(size, seed, guards)));
  return together("second edition", "exact counts of a query and its versions that left", tries);
}

const EDITIONS = [
  { bands: [17, 40, 65, 80], fine: true },
  { bands: [20, 50, 65, 85], fine: false },
  { bands: [17, 50, 75, 80], fine: false },
];

function askAgain(size: number, seed: number, guards: Guards): Pick<Attack, "tried" | "exposures">[] {
  const random = seeded(40 + seed);
  const history = memoryHistory();
  let people = practice(size, random);
  return Array.from({ length: quarters(2) }, (_, n) => {
    if (n > 0) people = quarterLater(people, random);
    const editions = EDITIONS.map(({ bands, fine }, nth): UndecidedTable =>
      tableOf(
        people.map((person) => banded(person, bands)),
        {
          query: "q",
          version: `${nth}`,
          date: nextQuarter(n),
          splits: [["age_band"], ["sex"], ...(fine ? [["sex", "age_band"] as const] : [])],
          denominator: (person) => (person.lot[0] ?? 0) < 0.8,
          numerator: (person) => (person.lot[1] ?? 0) < 0.5,
        },
      ),
    );
    return score(decided(guards, editions, history));
  });
}

/** The same person with the bands of an edition, under the names of the first: what a name means is the query's own. */
function banded(person: Person, from: readonly number[]): Person {
  const names = ["0-16", "17-39", "40-64", "65-79", "80+"];
  const nth = from.filter((age) => person.age >= age).length;
  return { ...person, at: { ...person.at, age_band: names[nth] ?? "80+" } };
}

function score(tables: readonly DecidedTable[]): Pick<Attack, "tried" | "exposures"> {
  const left = leftWith(tables).map(({ people }) => people);
  const groups = tables.flatMap(({ table }) => smallGroups(table).map(({ people }) => people));
  const kept = tables.flatMap(({ table, reasons }) =>
    reasons.flatMap(({ denominator, numerator }, i) => [
      ...(denominator?.startsWith("g1") ? [peopleOf(table.cells[i]!.denominatorSet)] : []),
      ...(numerator?.startsWith("g1") ? [peopleOf(table.cells[i]!.numeratorSet)] : []),
    ]),
  );
  const asked = [...groups, ...kept];
  const algebra = new Algebra(left, asked);
  return { tried: asked.length, exposures: asked.filter((set) => algebra.gives(set)).length };
}
