/** Publishing one family: count after count, each asked of G1 and G2 beside everything published before it. */
import type { AtDate } from "./at-date.js";
import { atomsOf, type Atoms, type AtomSet } from "./atoms.js";
import { candidates, withhold, type Count, type Family } from "./family.js";
import { Combinations } from "./g2-combinations.js";
import type { PublishedSet } from "./g1-pairs.js";
import type { Guards } from "./guards.js";
import { intervalOf, roundCount, smallBelow, type Policy } from "./policy.js";
import type { Reason } from "./reason.js";

/** What was tested, without a count of people: for the certificate, and for G3 to go on from. */
export interface Published {
  readonly atoms: Atoms;
  readonly targets: readonly AtomSet[];
  readonly known: readonly { readonly set: PublishedSet; readonly atoms: AtomSet }[];
  readonly ranks: readonly { readonly prime: number; readonly rank: number }[];
}

/** Decides every open count of `family`. G3 may withhold more, so the date is told in full by `settle`. */
export function publish(family: Family, date: AtDate, policy: Policy, guards: Guards): Published {
  const atoms = atomsOf(family);
  const targets = atoms.targets(smallBelow(policy));
  const known = date.released.flatMap((set) => {
    const union = atoms.unionOf(set.people);
    return union ? [{ set, atoms: union }] : [];
  });
  const unions = known.map((set) => set.atoms);
  const combinations = new Combinations(atoms, targets, unions);
  const here = new Set<Count>();
  const setting = { date, policy, guards, atoms, combinations, family };
  noteWithheld(family, date, here);
  for (const count of candidates(family)) {
    if (count.reason !== null) continue; // its denominator was withheld meanwhile
    const reason = refusal(count, setting);
    if (!reason) continue;
    withhold(family, count, reason);
    noteWithheld(family, date, here);
  }
  return { atoms, targets, known, ranks: combinations.ranks };
}

interface Setting {
  readonly date: AtDate;
  readonly policy: Policy;
  readonly guards: Guards;
  readonly atoms: Atoms;
  readonly combinations: Combinations;
  readonly family: Family;
}

/**
 * Tells the date of every set that is withheld by now, so that no cell of this or another table releases it.
 * Not those of a sensitive query's full cells: what is not told there is that all are in it, not who.
 */
function noteWithheld(family: Family, date: AtDate, noted: Set<Count>): void {
  for (const { carries, denominator, numerator } of family.cells) {
    if (carries) continue;
    for (const count of [denominator, numerator]) {
      if (count.reason === null || count.reason === "g0-zero-or-full" || noted.has(count)) continue;
      noted.add(count);
      date.withhold(count.people);
    }
  }
}

function refusal(
  count: Count,
  { date, policy, guards, atoms, combinations, family }: Setting,
): Reason | null {
  if (guards.g2 && date.isWithheld(count.people)) return "g2-withheld-elsewhere";
  if (count.people.length < smallBelow(policy)) return null; // nobody, or a midpoint's class: it says no number
  const set = publishedSet(count, family, policy);
  const conflict = guards.g1 ? date.pairs.conflict(set) : null;
  if (conflict) return conflict;
  const union = atoms.unionOf(count.people);
  if (guards.g2 && union && combinations.wouldReveal(union)) return "g2-combination";
  if (union) combinations.publish(union);
  date.pairs.add(set);
  return null;
}

/** Tells the date what this family released, once nothing more will change. */
export function settle(family: Family, date: AtDate, policy: Policy): void {
  const open = family.cells.filter((cell) => cell.carries === null);
  const counts = open.flatMap(({ denominator, numerator }) => [denominator, numerator]);
  const released = counts.filter((count) => count.reason === null);
  const takenBack = open.flatMap(({ denominator, numerator }) =>
    denominator.reason === "g3-bounds"
      ? [denominator, numerator]
      : numerator.reason === "g3-bounds"
        ? [numerator]
        : [],
  );
  date.settle(
    released.map((count) => publishedSet(count, family, policy)),
    takenBack.map((count) => count.people),
  );
}

function publishedSet(count: Count, family: Family, policy: Policy): PublishedSet {
  const { people, sum } = count;
  const value = sum === people.length ? intervalOf(policy, roundCount(policy, sum)) : null;
  return { query: family.asked.query, people, value };
}
