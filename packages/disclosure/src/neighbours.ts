/** Tables near the true one that released values cannot tell from it: the cheap half of G3. */
import type { AtomSet } from "./atoms.js";
import type { Constraint } from "./linear-program.js";

/** What the true table leaves free: how far each constraint may fall and rise, and which constraints hold an atom. */
interface Slack {
  readonly down: Int32Array;
  readonly up: Int32Array;
  readonly holding: readonly (readonly number[])[];
}

const slacks = new WeakMap<readonly Constraint[], Slack>();

/**
 * Whether some allowed table has the target empty (its people gone) or no longer small (people added to one of
 * its atoms). Moving people elsewhere instead is left to linear programs, which find it sooner.
 * @param sizes people in each atom, in truth
 */
export function clearedByNeighbour(
  target: AtomSet,
  constraints: readonly Constraint[],
  sizes: Int32Array,
  small: number,
): boolean {
  const slack = slacks.get(constraints) ?? slackOf(constraints, sizes);
  slacks.set(constraints, slack);
  const people = target.reduce((sum, atom) => sum + (sizes[atom] ?? 0), 0);
  const emptied = new Map([...target].map((atom) => [atom, -(sizes[atom] ?? 0)]));
  if (isAllowed(emptied, slack)) return true;
  const filled = [...target].map((atom) => new Map([[atom, small - people]]));
  return filled.some((change) => isAllowed(change, slack));
}

function slackOf(constraints: readonly Constraint[], sizes: Int32Array): Slack {
  const holding = Array.from(sizes, (): number[] => []);
  const down = new Int32Array(constraints.length);
  const up = new Int32Array(constraints.length);
  constraints.forEach(({ atoms, low, high }, nth) => {
    const people = atoms.reduce((sum, atom) => sum + (sizes[atom] ?? 0), 0);
    down[nth] = people - low;
    up[nth] = high - people;
    for (const atom of atoms) holding[atom]?.push(nth);
  });
  return { down, up, holding };
}

function isAllowed(change: ReadonlyMap<number, number>, { down, up, holding }: Slack): boolean {
  const moved = new Map<number, number>();
  for (const [atom, by] of change) {
    for (const nth of holding[atom] ?? []) moved.set(nth, (moved.get(nth) ?? 0) + by);
  }
  for (const [nth, by] of moved) if (by > (up[nth] ?? 0) || -by > (down[nth] ?? 0)) return false;
  return true;
}
