/** Bounds every small group by linear programs over all that left at a date. */
import { cell, table, type Span } from "../../packages/disclosure/test/tables.js";
import { practice, seeded, tableOf } from "../../packages/disclosure/test/population.js";
import type { Asked } from "@cairn/disclosure";
import { decided, isLong, leftWith, SMALL, solver, type Attack, type Guards, type Left } from "./guard.js";
import { smallGroups, type Group } from "./groups.js";

export function solve(guards: Guards): Attack {
  const attacks = [boundAll(guards, planned())];
  for (let seed = 1; seed <= (isLong ? 4 : 1); seed++) attacks.push(boundAll(guards, surveyed(seed)));
  const sum = (of: "tried" | "exposures"): number => attacks.reduce((all, attack) => all + attack[of], 0);
  return {
    name: "solve",
    knows: "released values of all queries at a date",
    tried: sum("tried"),
    exposures: sum("exposures"),
  };
}

/** Queries chosen so that each is harmless and all of them pin two people (see G3 in the guard's own tests). */
function planned(): Asked[] {
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

function surveyed(seed: number): Asked[] {
  const people = practice(500, seeded(seed));
  return [0.3, 0.5].map((share, nth) =>
    tableOf(people, {
      query: `q${nth}`,
      splits: [["sex"], ["age_band"], ["deprivation_fifth"]],
      denominator: (person) => (person.lot[2] ?? 0) < 0.8,
      numerator: (person) => (person.lot[nth] ?? 0) < share,
    }),
  );
}

function boundAll(guards: Guards, batch: readonly Asked[]): { tried: number; exposures: number } {
  const left = leftWith(decided(guards, batch));
  let tried = 0;
  let exposures = 0;
  for (const asked of batch) {
    for (const group of smallGroups(asked)) {
      tried++;
      const [low, high] = bounds(group, left);
      if (low >= 1 - 1e-6 && high <= SMALL - 1 + 1e-6) exposures++;
    }
  }
  return { tried, exposures };
}

/** The least and the most people that the group can have, given every released value: one unknown per kind of person. */
function bounds(group: Group, left: readonly Left[]): [number, number] {
  const kinds = new Map<string, { rows: number[]; inside: boolean }>();
  const everyone = new Set([...group.people, ...left.flatMap(({ people }) => [...people])]);
  for (const person of everyone) {
    const rows = left.flatMap(({ people }, nth) => (people.has(person) ? [nth] : []));
    const inside = group.people.has(person);
    kinds.set(`${rows.join()} ${inside}`, { rows, inside });
  }
  const unknowns = [...kinds.values()];
  const sum = (chosen: (kind: { rows: number[]; inside: boolean }) => boolean): string =>
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
