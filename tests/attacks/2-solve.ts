/** Bounds every small group by linear programs over all that left at a date. */
import { cell, nextQuarter, table, type Span } from "../../packages/disclosure/test/tables.js";
import { practice, seeded, tableOf, type Person } from "../../packages/disclosure/test/population.js";
import { memoryHistory, type UndecidedTable } from "@cairn/disclosure";
import { constant, countedWhere, type Choice } from "./choice.js";
import {
  decided,
  leftWith,
  quarterLater,
  quarters,
  sizes,
  SMALL,
  solver,
  together,
  type Attack,
  type Guards,
  type Left,
} from "./guard.js";
import { smallGroups, type Group } from "./groups.js";

export function solve(guards: Guards, counts: Choice = constant): Attack {
  const tries = [boundAll(guards, planned())];
  for (const size of sizes(500)) {
    const random = seeded(1);
    const history = memoryHistory();
    let people = practice(size, random);
    for (let n = 0; n < quarters(1, counts); n++) {
      tries.push(boundAll(guards, surveyed(people, nextQuarter(n), countedWhere(counts(n))), history));
      people = quarterLater(people, random);
    }
  }
  return together("solve", "released values of all queries at a date", tries);
}

/** Queries chosen so that each is harmless and all of them pin two people (see G3 in the guard's own tests). */
function planned(): UndecidedTable[] {
  const [two, P, G, H]: [Span, Span, Span, Span] = [
    [0, 2],
    [2, 103],
    [103, 201],
    [201, 299],
  ];
  const others = [[P], [two, P], [G], [H]].map((set, i) =>
    table([cell({}, set, [])], { query: `other-${i}` }),
  );
  const last = table([
    cell({}, [two, P, G, H], [G]),
    cell({ sex: "female" }, [two, G, H], [G]),
    cell({ sex: "male" }, [P], []),
    cell({ deprivation_fifth: "1" }, [two], []),
    cell({ deprivation_fifth: "2" }, [P], []),
    cell({ deprivation_fifth: "3" }, [G, H], [G]),
  ]);
  return [...others, last];
}

function surveyed(
  people: readonly Person[],
  date: string,
  isCounted: (person: Person) => boolean,
): UndecidedTable[] {
  return [0.3, 0.5].map((share, nth) =>
    tableOf(people, {
      query: `q${nth}`,
      date,
      splits: [["sex"], ["age_band"], ["deprivation_fifth"]],
      denominator: (person) => isCounted(person) && (person.lot[2] ?? 0) < 0.8,
      numerator: (person) => (person.lot[nth] ?? 0) < share,
    }),
  );
}

function boundAll(
  guards: Guards,
  batch: readonly UndecidedTable[],
  history = memoryHistory(),
): { tried: number; exposures: number } {
  const left = leftWith(decided(guards, batch, history));
  const rowsOf = new Map<number, number[]>();
  left.forEach(({ people }, nth) => {
    for (const person of people) rowsOf.set(person, [...(rowsOf.get(person) ?? []), nth]);
  });
  let tried = 0;
  let exposures = 0;
  for (const asked of batch) {
    for (const group of smallGroups(asked)) {
      tried++;
      const [low, high] = bounds(group, left, rowsOf);
      if (low >= 1 - 1e-6 && high <= SMALL - 1 + 1e-6) exposures++;
    }
  }
  return { tried, exposures };
}

/** The least and the most people that the group can have, given every released value: one unknown per kind of person. */
function bounds(
  group: Group,
  left: readonly Left[],
  rowsOf: ReadonlyMap<number, readonly number[]>,
): [number, number] {
  const kinds = new Map<string, { rows: readonly number[]; inside: boolean }>();
  for (const person of new Set([...group.people, ...rowsOf.keys()])) {
    const rows = rowsOf.get(person) ?? [];
    const inside = group.people.has(person);
    kinds.set(`${rows.join()} ${inside}`, { rows, inside });
  }
  const unknowns = [...kinds.values()];
  const sum = (chosen: (kind: { rows: readonly number[]; inside: boolean }) => boolean): string =>
    unknowns.flatMap((kind, nth) => (chosen(kind) ? [`\n + x${nth}`] : [])).join("");
  const rows = left.flatMap(({ low, high }, nth) => {
    const text = sum((kind) => kind.rows.includes(nth));
    return [` a${nth}: ${text} >= ${low}`, ` b${nth}: ${text} <= ${high}`];
  });
  const best = (goal: string): number => {
    const result = solver.solve(
      `${goal}\n goal: ${sum((kind) => kind.inside)}\nSubject To\n${rows.join("\n")}\nEnd\n`,
      { output_flag: false },
    );
    return result.Status === "Optimal" ? result.ObjectiveValue : goal === "Minimize" ? 0 : Infinity;
  };
  const most = best("Maximize");
  return most > SMALL - 1 + 1e-6 ? [0, most] : [best("Minimize"), most];
}
