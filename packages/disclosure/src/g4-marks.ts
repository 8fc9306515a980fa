/**
 * G4, marks beside numbers: what the counts made anew say of those that are carried.
 *
 * That a count is carried says that it is fewer than k away from what it was. Of a total that is eight more, made anew
 * beside two carried parts, that says more: each part has come to at least one and at most seven more. So a carried
 * count whose number has changed is cleared by one table in which it has not, or has changed the other way, and
 * which what was made anew allows, exactly, in all versions of the query at this date, and in which every other
 * carried count is fewer than k away from what it was. Where no table clears it, of what was made anew the count that
 * was published last goes. Values of other queries say it by rounding only, and rounding protects between dates.
 *
 * As in G3 atoms that are empty today are left out, which gives the outsider more than he has, and fractions are
 * allowed; sums are left to G2.
 */
import { Bounds, type BoundedTarget, type Budget, type BoundedCount } from "./bounds.js";
import { candidates, countsOf, type CarriedValue, type Count, type Family } from "./family.js";
import type { LpSolver } from "./linear-program.js";
import { clearedByShifting } from "./neighbours.js";
import { smallBelow, type Policy } from "./policy.js";
import type { Publication } from "./publish.js";

export function g4Marks(
  family: Family,
  published: Publication,
  policy: Policy,
  solver: LpSolver | null,
  budget: Budget,
): void {
  const carried = countsOf(family).filter(isCarried);
  if (carried.length === 0 || family.asked.unit !== "people") return;
  const known = countsKnown(family, carried, published, policy);
  const { sizes } = published.atoms;
  const bounds = new Bounds(family, sizes.length, known, "g4-beside-carried", solver, budget);
  const changed = carried.flatMap(({ people, sum, carries }): Changed[] => {
    const atoms = published.atoms.unionOf(people);
    if (!atoms || atoms.length === 0 || sum === carries.count) return [];
    const then = carries.count;
    const isSafe = (people: number): boolean => (sum > then ? people <= then + 1e-6 : people >= then - 1e-6);
    return [{ atoms, isSafe, back: then - sum }];
  });
  const isOpen = ({ atoms, back }: Changed): boolean =>
    !clearedByShifting(atoms, back, bounds.constraints, sizes);
  bounds.protect(changed.filter(isOpen), isOpen);
}

interface Changed extends BoundedTarget {
  /**
   * The change that would bring the count back to the carried value: people to add, or to take away where below 0.
   */
  readonly back: number;
}

type Carried = Count & { readonly carries: CarriedValue };

function isCarried(count: Count): count is Carried {
  return count.carries !== null;
}

function countsKnown(
  family: Family,
  carried: readonly Carried[],
  { atoms, known }: Publication,
  policy: Policy,
): BoundedCount[] {
  const most = smallBelow(policy) - 1;
  const exactly = (count: Count | null, people: Count["people"]): BoundedCount[] => {
    const union = atoms.unionOf(people);
    return union ? [{ atoms: union, low: people.length, high: people.length, count }] : [];
  };
  const marks = carried.flatMap(({ people, carries: { count: then } }): BoundedCount[] => {
    const union = atoms.unionOf(people);
    return union ? [{ atoms: union, low: Math.max(0, then - most), high: then + most, count: null }] : [];
  });
  const versions = known.filter(({ set }) => set.query === family.asked.query);
  return [
    ...versions.flatMap(({ set }) => exactly(null, set.people)),
    ...marks,
    ...candidates(family).flatMap((count) => exactly(count, count.people)),
  ];
}
