/** The guard as attackers meet it, with the door that lets a test take one guard away. */
import { memoryHistory, policyNamed, type UndecidedTable, type DecidedTable } from "@cairn/disclosure";
import { decideWith } from "../../packages/disclosure/src/decide.js";
import type { Guards } from "../../packages/disclosure/src/guards.js";
import { practice, type Person } from "../../packages/disclosure/test/population.js";
import { solver } from "../../packages/disclosure/test/solver.js";
import { constant, type Choice } from "./choice.js";

export { ALL_GUARDS, type Guards } from "../../packages/disclosure/src/guards.js";
export { solver };
export const policy = policyNamed("k8-r5");
/** Groups of 1 to SMALL-1 people are what nobody may see. */
export const SMALL = policy.k;
export const isLong = Boolean(process.env["CAIRN_LONG"]);

/** Practices that an attack is tried on: of the sizes of the design, or of one that CI has time for. */
export const sizes = (inShort: number): readonly number[] => (isLong ? [3000, 10_000] : [inShort]);
/** How many quarters it watches: two or more where the choice changes between them. */
export function quarters(inShort: number, counts: Choice = constant): number {
  if (isLong) return 24;
  return counts === constant ? inShort : Math.max(2, inShort);
}

/** The same practice a quarter later: 3 in 100 have left, and others have come. */
export function quarterLater(people: readonly Person[], random: () => number): Person[] {
  const joined = practice(people.length, random);
  return people.map((person, key) => (random() < 0.03 ? joined[key]! : person));
}

/** What an attack came to. */
export interface Attack {
  readonly name: string;
  readonly knows: string;
  readonly tried: number;
  readonly exposures: number;
}

export function decided(
  guards: Guards,
  batch: readonly UndecidedTable[],
  history = memoryHistory(),
): readonly DecidedTable[] {
  const decision = decideWith(guards, batch, history, policy, { solver });
  history.append(decision.entries);
  return decision.tables;
}

/** Several tries of one attack as one. */
export function together(
  name: string,
  knows: string,
  tries: readonly Pick<Attack, "tried" | "exposures">[],
): Attack {
  const sum = (of: "tried" | "exposures"): number => tries.reduce((all, one) => all + one[of], 0);
  return { name, knows, tried: sum("tried"), exposures: sum("exposures") };
}

/** A count that left, with the people behind it. */
export interface Left {
  readonly query: string;
  readonly name: string;
  readonly people: ReadonlySet<number>;
  readonly low: number;
  readonly high: number;
}

/** Everything that left with these tables. Empty sets say nothing of anyone. */
export function leftWith(tables: readonly DecidedTable[]): Left[] {
  return tables.flatMap(({ table, released }) => {
    const codes = released.codes();
    return table.cells.flatMap((cell, i) =>
      (["denominator", "numerator"] as const).flatMap((side) => {
        const value = (codes[side][i] ?? 0) - 1;
        const people = peopleOf(side === "denominator" ? cell.denominatorSet : cell.numeratorSet);
        if (value < 0 || people.size === 0) return [];
        const name = `${table.query}@${table.version} ${JSON.stringify(cell.split)} ${side}`;
        // k8-r5, said again: 8 to 12 are 10, and so on
        return [{ query: table.query, name, people, low: Math.max(SMALL, value - 2), high: value + 2 }];
      }),
    );
  });
}

export function peopleOf(set: Uint32Array): Set<number> {
  const people = new Set<number>();
  for (let key = 0; key < set.length * 32; key++)
    if (((set[key >> 5] ?? 0) >>> (key & 31)) & 1) people.add(key);
  return people;
}
