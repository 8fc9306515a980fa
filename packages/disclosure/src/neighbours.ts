/** Tables near the true one that released values cannot tell from it: the cheap half of G3. */
import type { AtomSet } from "./atoms.js";
import type { Constraint } from "./linear-program.js";
import { at } from "./at.js";

/**
 * The room that the true table leaves: how far each constraint may fall and rise, and which constraints hold an atom.
 */
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
  const slack = slackFor(constraints, sizes);
  const emptied = new Map([...target].map((atom) => [atom, -at(sizes, atom)]));
  if (isAllowed(emptied, slack)) return true;
  const filled = [...target].map((atom) => new Map([[atom, small - peopleIn(target, sizes)]]));
  return filled.some((change) => isAllowed(change, slack));
}

/**
 * `clearedByNeighbour`, where people may also move between the target and other atoms. Used where no solver is at
 * hand.
 */
export function clearedByMoving(
  target: AtomSet,
  constraints: readonly Constraint[],
  sizes: Int32Array,
  small: number,
): boolean {
  const slack = slackFor(constraints, sizes);
  return (
    clearedByNeighbour(target, constraints, sizes, small) ||
    canMove(target, slack, sizes) ||
    canFill(target, small - peopleIn(target, sizes), slack, sizes)
  );
}

/**
 * Whether some allowed table has `people` more (fewer where below 0) in the target: in one of its atoms, by themselves
 * or in exchange with one other atom.
 */
export function clearedByShifting(
  target: AtomSet,
  people: number,
  constraints: readonly Constraint[],
  sizes: Int32Array,
): boolean {
  const slack = slackFor(constraints, sizes);
  const others = [...sizes.keys()].filter((atom) => !target.includes(atom));
  return target.some((inside) => {
    if (at(sizes, inside) + people < 0) return false;
    if (isAllowed(new Map([[inside, people]]), slack)) return true;
    return others.some(
      (outside) =>
        at(sizes, outside) >= people &&
        isAllowed(
          new Map([
            [inside, people],
            [outside, -people],
          ]),
          slack,
        ),
    );
  });
}

function peopleIn(target: AtomSet, sizes: Int32Array): number {
  return target.reduce((sum, atom) => sum + at(sizes, atom), 0);
}

function slackFor(constraints: readonly Constraint[], sizes: Int32Array): Slack {
  const slack = slacks.get(constraints) ?? slackOf(constraints, sizes);
  slacks.set(constraints, slack);
  return slack;
}

/** Whether the people of each atom of the target can move to another atom: the first that the constraints allow. */
function canMove(target: AtomSet, slack: Slack, sizes: Int32Array): boolean {
  const moved = new Map<number, number>();
  return target.every((from) => {
    const people = at(sizes, from);
    return sizes.some((_, to) => {
      if (target.includes(to)) return false;
      const change = new Map(moved).set(from, -people).set(to, (moved.get(to) ?? 0) + people);
      if (!isAllowed(change, slack)) return false;
      change.forEach((by, atom) => moved.set(atom, by));
      return true;
    });
  });
}

/** Whether `people` can come to one of the target's atoms from one other atom that has them. */
function canFill(target: AtomSet, people: number, slack: Slack, sizes: Int32Array): boolean {
  const change = (from: number, to: number): ReadonlyMap<number, number> =>
    new Map([
      [from, -people],
      [to, people],
    ]);
  return target.some((to) =>
    sizes.some(
      (most, from) => most >= people && !target.includes(from) && isAllowed(change(from, to), slack),
    ),
  );
}

function slackOf(constraints: readonly Constraint[], sizes: Int32Array): Slack {
  const holding = Array.from(sizes, (): number[] => []);
  const down = new Int32Array(constraints.length);
  const up = new Int32Array(constraints.length);
  constraints.forEach(({ atoms, low, high }, nth) => {
    const people = atoms.reduce((sum, atom) => sum + at(sizes, atom), 0);
    down[nth] = people - low;
    up[nth] = high - people;
    for (const atom of atoms) at(holding, atom).push(nth);
  });
  return { down, up, holding };
}

function isAllowed(change: ReadonlyMap<number, number>, { down, up, holding }: Slack): boolean {
  const moved = new Map<number, number>();
  for (const [atom, by] of change) {
    for (const nth of at(holding, atom)) moved.set(nth, (moved.get(nth) ?? 0) + by);
  }
  for (const [nth, by] of moved) if (by > at(up, nth) || -by > at(down, nth)) return false;
  return true;
}
