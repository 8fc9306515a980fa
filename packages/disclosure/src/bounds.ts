/**
 * Bounds on a target from released values: linear programs over atoms, and which count to withhold where they leave
 * too narrow a range. For G3 (g3-bounds.ts) and for carried counts (g4-marks.ts).
 */
import type { AtomSet } from "./atoms.js";
import { withhold, type Count, type Family, type FamilyCell } from "./family.js";
import { optimum, type Constraint, type LpSolver } from "./linear-program.js";
import type { Reason } from "./reason.js";
import { at } from "./at.js";

/** Linear programs that one batch may take; past them the table becomes coarser. About 80 s of CPU at 8,000 patients. */
export const LP_BUDGET = 2000;

export interface Budget {
  programs: number;
}

export interface BoundedCount extends Constraint {
  /** The count that can still be withheld for this bound; null where none can, since its value has left already. */
  readonly count: Count | null;
}

/**
 * A group to keep unbounded. It is safe once one table that the constraints allow gives it a safe number of people.
 */
export interface BoundedTarget {
  readonly atoms: AtomSet;
  isSafe(people: number): boolean;
}

export class Bounds {
  readonly #family: Family;
  readonly #atoms: number;
  readonly #reason: Reason;
  readonly #solver: LpSolver | null;
  readonly #budget: Budget;
  #known: readonly BoundedCount[];
  #leansOn: readonly BoundedCount[] = [];

  /** @param reason for which counts are withheld. */
  constructor(
    family: Family,
    atoms: number,
    known: readonly BoundedCount[],
    reason: Reason,
    solver: LpSolver | null,
    budget: Budget,
  ) {
    this.#family = family;
    this.#atoms = atoms;
    this.#known = known;
    this.#reason = reason;
    this.#solver = solver;
    this.#budget = budget;
  }

  get constraints(): readonly Constraint[] {
    return this.#known;
  }

  /**
   * Withholds counts until each target has a safe table. Targets for which no program is left are open until `isOpen`
   * says no.
   */
  protect<T extends BoundedTarget>(targets: readonly T[], isOpen: (target: T) => boolean): void {
    const unknown = this.#clearTogether(targets).filter((target) => {
      let seen = this.#bound(target);
      while (seen === "pinned" && this.#withholdFor(target)) seen = this.#bound(target);
      return seen === "unknown";
    });
    this.#coarsen(unknown, isOpen);
  }

  /**
   * @returns the targets that are safe neither in the table with the most people in all of them together nor in the
   * one with the fewest.
   */
  #clearTogether<T extends BoundedTarget>(targets: readonly T[]): T[] {
    let open = [...targets];
    for (const goal of ["Maximize", "Minimize"] as const) {
      for (let before = Infinity; open.length > 1 && open.length < before;) {
        before = open.length;
        const weights = new Map<number, number>();
        for (const { atoms } of open) for (const atom of atoms) weights.set(atom, 1);
        const best = this.#solve(goal, weights);
        if (!best) break;
        open = open.filter(
          (target) => !target.isSafe(target.atoms.reduce((sum, atom) => sum + at(best.people, atom), 0)),
        );
      }
    }
    return open;
  }

  /** Asks whether some table that the constraints allow is safe for the target; `pinned` where none is. */
  #bound(target: BoundedTarget): "cleared" | "pinned" | "unknown" {
    const weights = new Map([...target.atoms].map((atom) => [atom, 1]));
    const most = this.#solve("Maximize", weights);
    if (most && target.isSafe(most.objective)) return "cleared";
    const least = this.#solve("Minimize", weights);
    if (least && target.isSafe(least.objective)) return "cleared";
    if (!most || !least) return "unknown";
    const leaning = new Set([...most.leansOn, ...least.leansOn]);
    this.#leansOn = this.#known.filter((_, nth) => leaning.has(nth));
    return "pinned";
  }

  /** Withholds the last published count that the bounds lean on. @returns whether there was one. */
  #withholdFor(target: BoundedTarget): boolean {
    const own = (known: readonly BoundedCount[]): BoundedCount[] =>
      known.filter(({ count }) => count !== null);
    const touching = own(this.#known).filter(({ atoms }) =>
      atoms.some((atom) => target.atoms.includes(atom)),
    );
    const last = own(this.#leansOn).at(-1) ?? touching.at(-1) ?? own(this.#known).at(-1);
    if (!last?.count) return false;
    this.#withhold([last.count]);
    return true;
  }

  /** Withholds the finest split that is left, and the next, until no target is open. */
  #coarsen<T extends BoundedTarget>(targets: readonly T[], isOpen: (target: T) => boolean): void {
    for (let open = targets.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
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
    for (const count of counts) withhold(this.#family, count, this.#reason);
    this.#known = this.#known.filter(({ count }) => count === null || count.reason === null);
  }

  #solve(goal: "Maximize" | "Minimize", weights: ReadonlyMap<number, number>): ReturnType<typeof optimum> {
    if (!this.#solver || this.#budget.programs <= 0) return null;
    this.#budget.programs--;
    return optimum(this.#solver, goal, weights, this.#known, this.#atoms);
  }
}
