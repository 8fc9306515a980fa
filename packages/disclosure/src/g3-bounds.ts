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
import { Bounds, type BoundedTarget, type Budget, type BoundedCount } from "./bounds.js";
import { candidates, countsOf, type Family } from "./family.js";
import type { LpSolver } from "./linear-program.js";
import { clearedByMoving, clearedByNeighbour } from "./neighbours.js";
import { carriedIntervalOf, intervalOf, roundCount, smallBelow, type Policy } from "./policy.js";
import type { Publication } from "./publish.js";

/**
 * Withholds counts until released values pin no small target.
 * @returns the number of targets that no neighbour cleared and that went to linear programs.
 */
export function g3(
  family: Family,
  published: Publication,
  policy: Policy,
  solver: LpSolver | null,
  budget: Budget,
): number {
  if (family.asked.unit !== "people") return 0;
  const { sizes } = published.atoms;
  const small = smallBelow(policy);
  const known = valuesKnown(family, published, policy);
  const bounds = new Bounds(family, sizes.length, known, "g3-bounds", solver, budget);
  const open = published.targets
    .filter((atoms) => !clearedByNeighbour(atoms, bounds.constraints, sizes, small))
    .map((atoms): BoundedTarget => ({ atoms, isSafe: (people) => people <= 1e-6 || people >= small - 1e-6 }));
  bounds.protect(open, ({ atoms }) => !clearedByMoving(atoms, bounds.constraints, sizes, small));
  return open.length;
}

/**
 * The values that an outsider knows: of other queries and versions, of the counts this family carries, and of those
 * it made anew.
 */
function valuesKnown(family: Family, { atoms, known }: Publication, policy: Policy): BoundedCount[] {
  const of = (
    set: AtomSet | null,
    value: { low: number; high: number } | null,
  ): Omit<BoundedCount, "count">[] =>
    set && value ? [{ atoms: set, low: value.low, high: value.high }] : [];
  const others = known.flatMap(({ set, atoms: union }) => of(union, set.value));
  const carried = countsOf(family).flatMap((count) =>
    count.carries
      ? of(atoms.unionOf(count.people), carriedIntervalOf(policy, count.carries.code - 1)).map((known) => ({
          ...known,
          count,
        }))
      : [],
  );
  const own = candidates(family).flatMap((count) =>
    of(atoms.unionOf(count.people), intervalOf(policy, roundCount(policy, count.sum))).map((known) => ({
      ...known,
      count,
    })),
  );
  return [...others.map((known) => ({ ...known, count: null })), ...carried, ...own];
}
