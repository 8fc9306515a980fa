/**
 * G3, the values as rounded: bounds instead of equations.
 *
 * Released values are intervals, and many intervals together can pin a small target even where no equation
 * does. A target is pinned if every table that the released values allow gives it 1 to k-1 people. So a target
 * is cleared by one single table that an outsider cannot tell from the true one and in which it is empty, or
 * not small. Cheap neighbours of the true table are tried first: the target's people gone, or
 * people added to it. What no neighbour clears goes to linear programs (highs): one whose
 * optimum clears many at once, then the least and the most of each target that is left. If that pins a target
 * something more is withheld, of what the bound leans on the count that was published last.
 *
 * Atoms that are empty in truth are left out, and intervals of other queries at this date are taken as known:
 * both give the outsider more than he has. Fractions are allowed, which gives him less; reasoning with whole
 * numbers beyond these bounds is not promised against. Sums are not counts of people and are left to G1 and G2.
 *
 * Where the programs of a batch are used up, what is not shown safe is made coarser: the finest split goes first,
 * whole, then the next, until neighbours clear every target that is left. The total goes last.
 */
import type { AtomSet } from "./atoms.js";
import { candidates, withhold, type Count, type Family, type FamilyCell } from "./family.js";
import { optimum, type Constraint, type LpSolver } from "./linear-program.js";
import { intervalOf, roundCount, smallBelow, type Policy } from "./policy.js";
import type { Published } from "./publish.js";
import { clearedByNeighbour } from "./neighbours.js";

/** Linear programs that one batch may take; past them the table becomes coarser. About 80 s of CPU at 8,000 patients. */
export const LP_BUDGET = 2000;

export interface Budget {
  programs: number;
}

/** @returns how many targets a neighbour left open, and so went to linear programs. */
export function g3(
  family: Family,
  published: Published,
  policy: Policy,
  solver: LpSolver | null,
  budget: Budget,
): number {
  if (family.asked.unit !== "people") return 0;
  const state = new Bounds(family, published, policy, solver, budget);
  const open = published.targets.filter(
    (target) => !clearedByNeighbour(target, state.constraints, published.atoms.sizes, smallBelow(policy)),
  );
  const unknown = state.clearTogether(open).filter((target) => {
    let seen = state.bound(target);
    while (seen === "pinned" && state.withholdFor(target)) seen = state.bound(target);
    return seen === "unknown";
  });
  state.coarsen(unknown, published.atoms.sizes);
  return open.length;
}

interface Known extends Constraint {
  /** null for what another query released: it cannot be taken back. */
  readonly count: Count | null;
}

class Bounds {
  readonly #family: Family;
  readonly #atoms: number;
  readonly #small: number;
  readonly #solver: LpSolver | null;
  readonly #budget: Budget;
  #known: Known[];
  #leansOn: readonly Known[] = [];

  constructor(family: Family, published: Published, policy: Policy, solver: LpSolver | null, budget: Budget) {
    this.#family = family;
    this.#atoms = published.atoms.sizes.length;
    this.#small = smallBelow(policy);
    this.#solver = solver;
    this.#budget = budget;
    const own = candidates(family).flatMap((count): Known[] => {
      const atoms = published.atoms.unionOf(count.people);
      const value = intervalOf(policy, roundCount(policy, count.sum));
      return atoms && value ? [{ atoms, low: value.low, high: value.high, count }] : [];
    });
    const others = published.known.flatMap(({ set, atoms }): Known[] =>
      set.value ? [{ atoms, low: set.value.low, high: set.value.high, count: null }] : [],
    );
    this.#known = [...others, ...own];
  }

  get constraints(): readonly Constraint[] {
    return this.#known;
  }

  /** Targets that tables with as many, then as few, people in all of them together as can be do not clear. */
  clearTogether(targets: readonly AtomSet[]): AtomSet[] {
    let open = [...targets];
    for (const goal of ["Maximize", "Minimize"] as const) {
      for (let before = Infinity; open.length > 1 && open.length < before;) {
        before = open.length;
        const weights = new Map<number, number>();
        for (const target of open) for (const atom of target) weights.set(atom, 1);
        const best = this.#solve(goal, weights);
        if (!best) break;
        open = open.filter(
          (target) => !this.#isCleared(target.reduce((sum, atom) => sum + (best.people[atom] ?? 0), 0)),
        );
      }
    }
    return open;
  }

  /** Whether the target has 1 to small-1 people in every table that the released values allow. */
  bound(target: AtomSet): "cleared" | "pinned" | "unknown" {
    const weights = new Map([...target].map((atom) => [atom, 1]));
    const most = this.#solve("Maximize", weights);
    if (most && this.#isCleared(most.objective)) return "cleared";
    const least = this.#solve("Minimize", weights);
    if (least && this.#isCleared(least.objective)) return "cleared";
    if (!most || !least) return "unknown";
    const leaning = new Set([...most.leansOn, ...least.leansOn]);
    this.#leansOn = this.#known.filter((_, nth) => leaning.has(nth));
    return "pinned";
  }

  /** Takes back the last published count that the bounds lean on. @returns whether there was one. */
  withholdFor(target: AtomSet): boolean {
    const own = (known: readonly Known[]): Known[] => known.filter(({ count }) => count !== null);
    const touching = own(this.#known).filter(({ atoms }) => atoms.some((atom) => target.includes(atom)));
    const last = own(this.#leansOn).at(-1) ?? touching.at(-1) ?? own(this.#known).at(-1);
    if (!last?.count) return false;
    this.#withhold([last.count]);
    return true;
  }

  /** Withholds the finest split that is left, and the next, until neighbours clear every target. */
  coarsen(targets: readonly AtomSet[], sizes: Int32Array): void {
    const stillOpen = (target: AtomSet): boolean =>
      !clearedByNeighbour(target, this.#known, sizes, this.#small);
    for (let open = targets.filter(stillOpen); open.length > 0; open = open.filter(stillOpen)) {
      const finest = this.#finestSplit();
      if (finest.length === 0) return;
      this.#withhold(finest);
    }
  }

  /** Counts of the split with the most keys; of several such, of the last in the table. */
  #finestSplit(): Count[] {
    const counts = this.#known.flatMap(({ count }) => count ?? []);
    const cellOf = (count: Count): FamilyCell | undefined => this.#family.cells[count.position];
    const keysOf = (count: Count): string => Object.keys(cellOf(count)?.split ?? {}).join();
    const most = Math.max(...counts.map((count) => cellOf(count)?.keys ?? 0));
    const fine = counts.filter((count) => cellOf(count)?.keys === most);
    const last = fine.reduce<Count | null>((a, b) => (a && a.position > b.position ? a : b), null);
    return last ? fine.filter((count) => keysOf(count) === keysOf(last)) : [];
  }

  #withhold(counts: readonly Count[]): void {
    for (const count of counts) withhold(this.#family, count, "g3-bounds");
    this.#known = this.#known.filter(({ count }) => count === null || count.reason === null);
  }

  #isCleared(people: number): boolean {
    return people <= 1e-6 || people >= this.#small - 1e-6;
  }

  #solve(goal: "Maximize" | "Minimize", weights: ReadonlyMap<number, number>): ReturnType<typeof optimum> {
    if (!this.#solver || this.#budget.programs <= 0) return null;
    this.#budget.programs--;
    return optimum(this.#solver, goal, weights, this.#known, this.#atoms);
  }
}
