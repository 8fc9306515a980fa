/** Linear programs over atoms: the tables that released values allow, written in the text format of HiGHS. */
import type { AtomSet } from "./atoms.js";
import { at } from "./at.js";

/** The default export of `highs`. The caller of the guard loads it, since loading reads a file. */
export interface LpSolver {
  solve(
    problem: string,
    options?: { readonly output_flag?: boolean },
  ): {
    readonly Status: string;
    readonly ObjectiveValue: number;
    readonly Columns: Readonly<Record<string, { readonly Primal?: number }>>;
    readonly Rows: readonly { readonly Name?: string; readonly Dual?: number }[];
  };
}

/** low <= people of these atoms <= high. */
export interface Constraint {
  readonly atoms: AtomSet;
  readonly low: number;
  readonly high: number;
}

interface Solution {
  readonly objective: number;
  /** People in each atom, in a table that the released values allow. */
  readonly people: Float64Array;
  /** Constraints (by index) that the optimum leans on: without them it could be better. */
  readonly leansOn: readonly number[];
}

/**
 * The best table for `objective` (a weight for each atom), or null where the solver ends without one. Atoms that no
 * constraint and no weight tells apart are one unknown: their people stand with the first of them.
 */
export function optimum(
  solver: LpSolver,
  goal: "Maximize" | "Minimize",
  objective: ReadonlyMap<number, number>,
  constraints: readonly Constraint[],
  atoms: number,
): Solution | null {
  const { kindOf, kindsIn } = kindsFor(constraints, atoms);
  const unknowns = new Map<string, number>(); // by kind and weight, to its first atom
  const ofKind = new Map<number, number[]>();
  for (let atom = 0; atom < atoms; atom++) {
    const kind = at(kindOf, atom);
    const name = `${kind} ${objective.get(atom) ?? 0}`;
    if (unknowns.has(name)) continue;
    unknowns.set(name, atom);
    ofKind.set(kind, [...(ofKind.get(kind) ?? []), atom]);
  }
  const rows: string[] = [];
  const bounds: string[] = [];
  constraints.forEach(({ low, high }, nth) => {
    const kinds = at(kindsIn, nth);
    if (kinds.length === 0) return;
    rows.push(` r${nth}: ${terms(kinds.flatMap((kind) => ofKind.get(kind) ?? []))} - s${nth} = 0`);
    bounds.push(` ${low} <= s${nth} <= ${high}`);
  });
  const weighted = [...unknowns.values()].filter((atom) => objective.has(atom));
  const goalTerms = terms(weighted, (atom) => `${objective.get(atom) ?? 0} `);
  const sections = ["Subject To", ...rows, "Bounds", ...bounds, "End", ""];
  const problem = [goal, ` goal: ${goalTerms}`, ...sections].join("\n");
  const result = solver.solve(problem, { output_flag: false });
  if (result.Status !== "Optimal") return null;
  const people = new Float64Array(atoms);
  for (const [name, column] of Object.entries(result.Columns))
    if (name.startsWith("x")) people[Number(name.slice(1))] = column.Primal ?? 0;
  const leaning = result.Rows.filter((row) => Math.abs(row.Dual ?? 0) > 1e-9);
  const leansOn = [...new Set(leaning.map((row) => Number((row.Name ?? "r-1").slice(1))))];
  return { objective: result.ObjectiveValue, people, leansOn };
}

/** Kinds of atoms: those of one kind are in the same constraints. */
interface Kinds {
  readonly kindOf: Int32Array;
  /** The kinds in each constraint. */
  readonly kindsIn: readonly (readonly number[])[];
}

const known = new WeakMap<readonly Constraint[], Kinds>();

function kindsFor(constraints: readonly Constraint[], atoms: number): Kinds {
  const kinds = known.get(constraints) ?? kindsOf(constraints, atoms);
  known.set(constraints, kinds);
  return kinds;
}

/** Splits all atoms by one constraint after the other. */
function kindsOf(constraints: readonly Constraint[], atoms: number): Kinds {
  const kindOf = new Int32Array(atoms);
  let kinds = 1;
  for (const { atoms: set } of constraints) {
    const within = new Map<number, number>();
    for (const atom of set) {
      const before = at(kindOf, atom);
      const now = within.get(before) ?? kinds++;
      within.set(before, now);
      kindOf[atom] = now;
    }
  }
  const kindsIn = constraints.map(({ atoms: set }) => [...new Set([...set].map((atom) => at(kindOf, atom)))]);
  return { kindOf, kindsIn };
}

/** A sum of terms, broken into short lines: the reader takes no line beyond some hundred characters. */
function terms(atoms: Iterable<number>, weight: (atom: number) => string = () => ""): string {
  let text = "";
  let nth = 0;
  for (const atom of atoms) text += `${nth++ % 12 === 11 ? "\n  " : ""} + ${weight(atom)}x${atom}`;
  return text;
}
