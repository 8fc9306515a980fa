/** The groups that a query makes out: what an exposure is about. Written without the guard's code. */
import type { UndecidedTable } from "@cairn/disclosure";
import { peopleOf, SMALL } from "./guard.js";

/** A truly small group: of the cross of the table's keys or a margin; whole, in the numerator, or not. */
export interface Group {
  readonly name: string;
  readonly people: ReadonlySet<number>;
}

export function smallGroups(asked: UndecidedTable): Group[] {
  const [total] = asked.cells;
  if (!total) return [];
  const at = new Map<number, Record<string, string>>();
  for (const person of peopleOf(total.denominatorSet)) at.set(person, {});
  for (const { split, denominatorSet } of asked.cells) {
    for (const person of peopleOf(denominatorSet)) Object.assign(at.get(person) ?? {}, split);
  }
  const counted = peopleOf(total.numeratorSet);
  const keys = [...new Set(asked.cells.flatMap(({ split }) => Object.keys(split)))];
  const groups = new Map<string, Set<number>>();
  for (const [person, place] of at) {
    for (let margin = 0; margin < 2 ** keys.length; margin++) {
      const name = keys.filter((_, nth) => margin & (1 << nth)).map((key) => `${key}=${place[key]}`);
      for (const part of ["all", counted.has(person) ? "in" : "out"]) {
        const group = [...name, part].join(" ");
        groups.set(group, (groups.get(group) ?? new Set()).add(person));
      }
    }
  }
  return [...groups].filter(([, people]) => people.size < SMALL).map(([name, people]) => ({ name, people }));
}

/** Pairs of what left at one date that show a few people: by sets within a query, by values across queries. */
export function pairExposures(
  left: readonly { query: string; people: ReadonlySet<number>; low: number; high: number }[],
): {
  tried: number;
  exposures: number;
} {
  let tried = 0;
  let within = 0;
  const shared = new Map<string, [number, number]>();
  left.forEach((a, i) => {
    for (const b of left.slice(0, i)) {
      if (Math.abs(a.people.size - b.people.size) >= SMALL) continue;
      tried++;
      const [more, less] = [only(a.people, b.people), only(b.people, a.people)];
      if (more.length + less.length === 0 || more.length + less.length >= SMALL) continue;
      if (a.query === b.query) within++;
      const forth: [number, number] = [a.low - b.high, a.high - b.low];
      meet(shared, `${more.join()}|${less.join()}`, forth);
      meet(shared, `${less.join()}|${more.join()}`, [-forth[1], -forth[0]]);
    }
  });
  const across = [...shared.values()].filter(([low, high]) => low >= 1 && high < SMALL).length;
  return { tried, exposures: within + across };
}

/** People of `a` that are not in `b`; at most SMALL of them are looked for. */
function only(a: ReadonlySet<number>, b: ReadonlySet<number>): number[] {
  const found: number[] = [];
  for (const person of a) {
    if (!b.has(person)) found.push(person);
    if (found.length >= SMALL) break;
  }
  return found;
}

function meet(shared: Map<string, [number, number]>, key: string, [low, high]: [number, number]): void {
  const known = shared.get(key);
  shared.set(key, known ? [Math.max(known[0], low), Math.min(known[1], high)] : [low, high]);
}
