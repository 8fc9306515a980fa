/**
 * Looks for two views of one date, one that counts people who opted out and one that leaves them out: their difference is
 * who opted out. It knows a practice that chooses otherwise between dates, and asks for each date again by the other choice.
 */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { changing, countedWhere, hasOptedOut } from "./choice.js";
import {
  decided,
  leftWith,
  quarterLater,
  quarters,
  sizes,
  together,
  type Attack,
  type Guards,
  type Left,
} from "./guard.js";

type Tries = Pick<Attack, "tried" | "exposures">;

/** @param isOneBasis whether all of one date counts them, or leaves them out, as a practice does; else its queries differ */
export function optOuts(guards: Guards, isOneBasis = true): Attack {
  const tries = sizes(400).flatMap((size) => watch(size, guards, isOneBasis));
  return together("opt-outs", "what left over dates between which the practice chose otherwise", tries);
}

function watch(size: number, guards: Guards, isOneBasis: boolean): Tries[] {
  const random = seeded(12);
  const history = memoryHistory();
  let people = practice(size, random);
  return Array.from({ length: quarters(4) }, (_, n) => {
    if (n > 0) people = quarterLater(people, random);
    const date = nextQuarter(n);
    const left = decided(guards, views(people, date, changing(n), isOneBasis), history);
    const again = decided(guards, views(people, date, !changing(n), isOneBasis), history);
    const optedOut = new Set(people.flatMap((person, key) => (hasOptedOut(person) ? [key] : [])));
    return [
      differences(leftWith(left), optedOut),
      { tried: again.length, exposures: codesOf(again) === codesOf(left) ? 0 : 1 },
    ];
  }).flat();
}

/** A query with an edition that asks for a little more, and another query of the same people. */
function views(
  people: readonly Person[],
  date: string,
  counts: boolean,
  isOneBasis: boolean,
): UndecidedTable[] {
  const asked = (query: string, version: string, share: number, isCounted: boolean): UndecidedTable =>
    tableOf(people, {
      ...{ query, version, date },
      splits: [["sex"], ["age_band"]],
      denominator: countedWhere(isCounted),
      numerator: (person) => (person.lot[0] ?? 0) < share,
    });
  return [
    asked("q", "1", 0.3, counts),
    asked("other", "1", 0.5, isOneBasis ? counts : !counts),
    asked("q", "2", 0.3 + 2.4 / people.length, counts),
  ];
}

/** Pairs of what left at one date of which one holds the other, and beside it people who opted out and nobody else. */
function differences(left: readonly Left[], optedOut: ReadonlySet<number>): Tries {
  let [tried, exposures] = [0, 0];
  for (const more of left)
    for (const less of left) {
      if (more.people.size <= less.people.size) continue;
      tried++;
      const rest = [...more.people].filter((person) => !less.people.has(person));
      const holds = rest.length === more.people.size - less.people.size;
      if (holds && rest.every((person) => optedOut.has(person))) exposures++;
    }
  return { tried, exposures };
}

function codesOf(tables: ReturnType<typeof decided>): string {
  return JSON.stringify(tables.map(({ released }) => released.codes()));
}
