/**
 * The atoms of a query's tables at one date, one table for each of its versions: groups of people that no cell tells
 * apart. Every cell is a union of atoms, so what can be computed from cells is linear algebra over atoms, of which
 * there are far fewer than people.
 *
 * The groups to protect (targets) are, table by table, every cell of the full cross of its keys and of each margin of
 * that cross, each as its people, those of them in the numerator, and those that are not; and the table's own
 * cells. A margin need not be a cell of the table: the sum over a withheld split is a margin all the same.
 */
import type { Members } from "./members.js";
import { at } from "./at.js";

/** The cells of one version's table, each with the people in it. */
export type TableOfSets = readonly {
  readonly split: Readonly<Record<string, string>>;
  readonly denominator: Members;
  readonly numerator: Members;
}[];

/** A union of atoms, as their numbers, rising. */
export type AtomSet = Int32Array;

export interface Atoms {
  /** People in each atom. */
  readonly sizes: Int32Array;
  /** `people` as a union of atoms, or null where it is not one. */
  unionOf(people: Members): AtomSet | null;
  /** Every distinct target with 1 to small-1 people. */
  targets(small: number): AtomSet[];
}

export function atomsOf(tables: readonly TableOfSets[]): Atoms {
  const grouped = group(tables);
  return {
    sizes: grouped.sizes,
    unionOf: (people) => union(people, grouped),
    targets: (small) => smallTargets(tables, grouped, small),
  };
}

interface Grouped {
  /** Atom by store key; -1 for people outside all tables. */
  readonly atomOf: Int32Array;
  readonly sizes: Int32Array;
  /** Scratch counters of `union`, one an atom, all 0 between calls: how many of its people `union` has seen. */
  readonly seen: Int32Array;
}

/** Groups people by the sets they are in, by a signature of 2 x 32 bits that is rolled over all sets in order. */
function group(tables: readonly TableOfSets[]): Grouped {
  const sets = tables.flat().flatMap(({ denominator, numerator }) => [denominator, numerator]);
  const keys = sets.reduce((most, set) => Math.max(most, (set.at(-1) ?? -1) + 1), 0);
  const a = new Int32Array(keys);
  const b = new Int32Array(keys);
  sets.forEach((set, nth) => {
    for (const key of set) {
      a[key] = (Math.imul(at(a, key) ^ (nth + 1), 0x9e3779b1) + nth + 1) | 0;
      b[key] = Math.imul(at(b, key) + nth + 1, 0x85ebca6b) ^ (at(b, key) >>> 13);
    }
  });
  const atomOf = new Int32Array(keys).fill(-1);
  const numbers = new Map<number, number>();
  const sizes: number[] = [];
  for (const set of sets) {
    for (const key of set) {
      if (atomOf[key] !== -1) continue;
      const signature = (at(a, key) >>> 0) * 2 ** 21 + (at(b, key) >>> 11);
      const atom = numbers.get(signature) ?? sizes.push(0) - 1;
      numbers.set(signature, atom);
      atomOf[key] = atom;
      sizes[atom] = at(sizes, atom) + 1;
    }
  }
  return { atomOf, sizes: Int32Array.from(sizes), seen: new Int32Array(sizes.length) };
}

function union(people: Members, { atomOf, sizes, seen }: Grouped): AtomSet | null {
  const atoms: number[] = [];
  let whole = true;
  for (const key of people) {
    const atom = atomOf[key] ?? -1;
    if (atom === -1) {
      whole = false;
      break;
    }
    if (seen[atom] === 0) atoms.push(atom);
    seen[atom] = at(seen, atom) + 1;
  }
  for (const atom of atoms) {
    whole &&= seen[atom] === sizes[atom];
    seen[atom] = 0;
  }
  return whole ? Int32Array.from(atoms).sort() : null;
}

function smallTargets(tables: readonly TableOfSets[], grouped: Grouped, small: number): AtomSet[] {
  const found = new Map<string, AtomSet>();
  const keep = (atoms: AtomSet | null): void => {
    if (!atoms || atoms.length === 0 || atoms.length >= small) return;
    const size = atoms.reduce((sum, atom) => sum + at(grouped.sizes, atom), 0);
    if (size < small) found.set(atoms.join(), atoms);
  };
  for (const table of tables) crossAndMargins(table, grouped, small).forEach(keep);
  for (const { denominator, numerator } of tables.flat()) {
    for (const people of [denominator, numerator]) if (people.length < small) keep(union(people, grouped));
  }
  return [...found.values()];
}

/** Cells of the cross of all keys and of each margin: all, in the numerator, not in it; those with few atoms. */
function crossAndMargins(table: TableOfSets, grouped: Grouped, small: number): AtomSet[] {
  const { axes, inTable, inNumerator } = places(table, grouped);
  const cells = new Map<string, number[] | null>();
  const put = (cell: string, atom: number): void => {
    const atoms = cells.get(cell);
    if (atoms === null) return;
    if (atoms === undefined) cells.set(cell, [atom]);
    else if (atoms.length === small - 1) cells.set(cell, null);
    else atoms.push(atom);
  };
  for (let margin = 0; margin < 2 ** axes.length; margin++) {
    const kept = axes.filter((_, nth) => margin & (1 << nth));
    for (let atom = 0; atom < grouped.sizes.length; atom++) {
      if (!inTable[atom]) continue;
      const at = `${margin}:${kept.map((labels) => labels[atom] ?? "").join("|")}`;
      put(`${at}:all`, atom);
      put(`${at}:${inNumerator[atom] ? "in" : "out"}`, atom);
    }
  }
  return [...cells.values()].filter((atoms) => atoms !== null).map((atoms) => Int32Array.from(atoms));
}

/** The values that each atom has of each key, as far as the table's cells tell: several where bands overlap. */
function places(
  table: TableOfSets,
  grouped: Grouped,
): { axes: string[][]; inTable: boolean[]; inNumerator: boolean[] } {
  const labels = new Map<string, Set<string>[]>();
  const inTable = new Array<boolean>(grouped.sizes.length).fill(false);
  const inNumerator = new Array<boolean>(grouped.sizes.length).fill(false);
  for (const { split, denominator, numerator } of table) {
    for (const atom of union(numerator, grouped) ?? []) inNumerator[atom] = true;
    const atoms = union(denominator, grouped) ?? [];
    for (const atom of atoms) inTable[atom] = true;
    for (const [key, value] of Object.entries(split)) {
      const axis = labels.get(key) ?? Array.from(grouped.sizes, () => new Set<string>());
      labels.set(key, axis);
      for (const atom of atoms) axis[atom]?.add(value);
    }
  }
  const axes = [...labels.values()].map((axis) => axis.map((set) => [...set].join("&")));
  return { axes, inTable, inNumerator };
}
