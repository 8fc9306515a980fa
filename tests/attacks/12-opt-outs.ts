/**
 * Watches a practice that counts people who opted out at one date and leaves them out at the next: subtracts, solves,
 * tweaks, waits and polls as the others do, and looks for two views of one date whose difference is who opted out.
 */
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { bruteForce } from "./1-subtract.js";
import { boundAll } from "./2-solve.js";
import {
  decided,
  isLong,
  leftWith,
  peopleOf,
  quarterLater,
  quarters,
  sizes,
  together,
  type Attack,
  type Guards,
  type Left,
} from "./guard.js";
import { pairExposures } from "./groups.js";

type Tries = Pick<Attack, "tried" | "exposures">;

const hasOptedOut = ({ lot }: Person): boolean => (lot[50] ?? 1) < 0.06;

/** @param isOneBasis whether all of one date counts them, or leaves them out, as a practice does; else its queries differ */
export function optOuts(guards: Guards, isOneBasis = true): Attack {
  const tries = sizes(400).flatMap((size) => watch(size, guards, isOneBasis));
  return together("opt-outs", "what left over dates between which the practice chose otherwise", tries);
}

function watch(size: number, guards: Guards, isOneBasis: boolean): Tries[] {
  const random = seeded(12);
  const [history, alone] = [memoryHistory(), memoryHistory()];
  const last = new Map<number, ReadonlySet<number>>();
  let people = practice(size, random);
  return Array.from({ length: quarters(4) }, (_, n) => {
    if (n > 0) people = quarterLater(people, random);
    const date = nextQuarter(n);
    const counts = n % 2 === 1;
    const batch = views(people, date, counts, isOneBasis);
    const left = decided(guards, batch, history);
    const again = decided(guards, views(people, date, !counts, isOneBasis), history);
    const optedOut = new Set(people.flatMap((person, key) => (hasOptedOut(person) ? [key] : [])));
    const isCounted = (person: Person): boolean => counts || !hasOptedOut(person);
    return [
      pairExposures(leftWith(left)),
      differences(leftWith(left), optedOut),
      { tried: again.length, exposures: codesOf(again) === codesOf(left) ? 0 : 1 },
      strictChanges(strictOf(people, date, isCounted), guards, history, last),
      ...(n === 1 ? [boundAll(guards, batch.slice(0, 2))] : []),
      ...(isLong ? [bruteForce(people.slice(0, 300), date, guards, alone, isCounted)] : []),
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
      denominator: (person) => isCounted || !hasOptedOut(person),
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

function strictOf(
  people: readonly Person[],
  date: string,
  isCounted: (person: Person) => boolean,
): UndecidedTable {
  const table = tableOf(people, {
    ...{ query: "strict", date },
    splits: [["sex"], ["age_band"]],
    denominator: isCounted,
    numerator: (person) => (person.lot[0] ?? 0) < 0.15,
  });
  return { ...table, temporal: "strict" };
}

/** Changes of 1 to 7 people between two values of a strict query that were both made anew. */
function strictChanges(
  table: UndecidedTable,
  guards: Guards,
  history: ReturnType<typeof memoryHistory>,
  last: Map<number, ReadonlySet<number>>,
): Tries {
  const codes = decided(guards, [table], history)[0]?.released.codes();
  let [tried, exposures] = [0, 0];
  table.cells.forEach(({ denominatorSet }, i) => {
    if (!codes || codes.denominator[i] === 0 || (codes.carried[i] ?? 0) > 0) return;
    const [now, before] = [peopleOf(denominatorSet), last.get(i)];
    const change = before === undefined ? 0 : Math.abs(now.size - before.size);
    tried++;
    if (change >= 1 && change <= 7) exposures++;
    last.set(i, now);
  });
  return { tried, exposures };
}

function codesOf(tables: ReturnType<typeof decided>): string {
  return JSON.stringify(tables.map(({ released }) => released.codes()));
}
