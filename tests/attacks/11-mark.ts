/** Watches a strict query from year to year: what the marks say, what comes back by subtraction, what both say together. */
import { memoryHistory, type UndecidedTable, type DecidedTable } from "@cairn/disclosure";
import {
  practice,
  seeded,
  tableOf,
  type Axis,
  type Person,
} from "../../packages/disclosure/test/population.js";
import { cell, table, type Span } from "../../packages/disclosure/test/tables.js";
import { decided, peopleOf, sizes, SMALL, solver, together, type Attack, type Guards } from "./guard.js";

export function mark(guards: Guards): Attack {
  const invented = sizes(600).flatMap((size) => [0.02, 0.06, 0.12].map((moving) => invent(size, moving)));
  const tries = [planned(), ...invented].map((years) => watch(years, guards));
  return together("mark", "exact counts made anew and marks of a strict query, year after year", tries);
}

const YEARS = 6;
const SPLITS: readonly (readonly Axis[])[] = [["sex"], ["age_band"], ["sex", "deprivation_fifth"]];
const dateOf = (year: number): string => `${2020 + year}-03-31`;

/** Four women and four men come: of either no more than a mark says, and of both enough to be told anew. */
function planned(): UndecidedTable[] {
  return [100, 104].map((each, year) => {
    const [women, men]: [Span, Span] = [
      [0, each],
      [200, 200 + each],
    ];
    const cells = [
      cell({}, [women, men], []),
      cell({ sex: "female" }, [women], []),
      cell({ sex: "male" }, [men], []),
    ];
    return table(cells, { query: "planned", date: dateOf(year), temporal: "strict", every: "year" });
  });
}

function invent(size: number, moving: number): UndecidedTable[] {
  const random = seeded(1 + Math.round(1000 * moving));
  let people = practice(size, random);
  return Array.from({ length: YEARS }, (_, year): UndecidedTable => {
    if (year > 0) people = yearLater(people, moving, random);
    const asked = tableOf(people, {
      query: "strict",
      date: dateOf(year),
      splits: SPLITS,
      denominator: (person) => (person.lot[0] ?? 0) < 0.7,
      numerator: (person) => (person.lot[1] ?? 0) < 0.6,
    });
    return { ...asked, temporal: "strict", every: "year" };
  });
}

function watch(years: readonly UndecidedTable[], guards: Guards): Score {
  const history = memoryHistory();
  const lastMade = new Map<string, number>();
  let tried = 0;
  let exposures = 0;
  for (const asked of years) {
    const [answer] = decided(guards, [asked], history);
    if (!answer) throw new Error("a year was refused");
    const seen = seenIn(answer, lastMade);
    for (const found of [said(seen), wrong(seen, answer), bounded(seen), rests(seen, lastMade)]) {
      tried += found.tried;
      exposures += found.exposures;
    }
    remember(seen, lastMade);
  }
  return { tried, exposures };
}

/** Some leave and others come; some of those who stay change sides. */
function yearLater(people: readonly Person[], moving: number, random: () => number): Person[] {
  const joined = practice(people.length, random);
  return people.map((person, key) => {
    if (random() < moving) return joined[key] as Person;
    if (random() >= moving) return person;
    const lot = Float64Array.from(person.lot);
    lot[1] = random();
    return { ...person, lot };
  });
}

/** A count as the hub gets it, with the people behind it today. */
interface Seen {
  readonly name: string;
  readonly position: number;
  readonly people: ReadonlySet<number>;
  readonly is: "made" | "carried" | "withheld";
  /** When its value was last made before; undefined where it never was. */
  readonly then: number | undefined;
}

function seenIn({ table: asked, released }: DecidedTable, lastMade: ReadonlyMap<string, number>): Seen[] {
  return released.cells.flatMap((shown, position) =>
    (["denominator", "numerator"] as const).map((side): Seen => {
      const exact = asked.cells[position]!;
      const name = `${JSON.stringify(shown.split)} ${side}`;
      const periods = side === "denominator" ? shown.carried : shown.carriedNumerator;
      return {
        name,
        position,
        people: peopleOf(side === "denominator" ? exact.denominatorSet : exact.numeratorSet),
        is: shown[side] === "withheld" ? "withheld" : periods > 0 ? "carried" : "made",
        then: lastMade.get(name),
      };
    }),
  );
}

type Score = Pick<Attack, "tried" | "exposures">;
const isFew = (change: number): boolean => Math.abs(change) >= 1 && Math.abs(change) < SMALL;

/** A value made anew a few people from the last; or one unchanged, whereby a mark would say that there is a change. */
function said(seen: readonly Seen[]): Score {
  const again = seen.filter(({ is, then }) => is === "made" && then !== undefined);
  const near = again.filter(({ people, then }) => Math.abs(people.size - (then ?? 0)) < SMALL);
  return { tried: again.length, exposures: near.length };
}

/** An interval that does not hold today's truth. */
function wrong(seen: readonly Seen[], { released }: DecidedTable): Score {
  const shown = seen.filter(({ is }) => is !== "withheld");
  const misses = shown.filter(({ position, name, people }) => {
    const value = released.cells[position]![name.endsWith("denominator") ? "denominator" : "numerator"];
    return value !== "withheld" && (people.size < value.low || people.size > value.high);
  });
  return { tried: shown.length, exposures: misses.length };
}

/**
 * A count that was carried or withheld, of which what was made anew, exactly, and the marks of all others leave no
 * table but those in which it has changed, by a few.
 */
function bounded(seen: readonly Seen[]): Score {
  const known = seen.flatMap(({ is, people, then = 0 }) => {
    if (people.size === 0 || is === "withheld") return [];
    const most = is === "carried" ? SMALL - 1 : 0;
    const around = is === "carried" ? then : people.size;
    return [{ people, low: Math.max(0, around - most), high: around + most }];
  });
  const hidden = seen.filter(
    ({ is, people, then }) =>
      is !== "made" && then !== undefined && people.size > 0 && isFew(people.size - then),
  );
  const pinned = hidden.filter(({ people, then = 0 }) => {
    const [low, high] = extremes(people, known);
    return (low > then + 1e-6 && high < then + SMALL) || (high < then - 1e-6 && low > then - SMALL);
  });
  return { tried: hidden.length, exposures: pinned.length };
}

/** The rest of a cell, where both its counts were made anew, a few people from what it last was so. */
function rests(seen: readonly Seen[], lastMade: ReadonlyMap<string, number>): Score {
  const made = restsMade(seen).filter(({ name }) => lastMade.has(name));
  const few = made.filter(({ name, rest }) => isFew(rest - (lastMade.get(name) ?? 0)));
  return { tried: made.length, exposures: few.length };
}

function restsMade(seen: readonly Seen[]): { name: string; rest: number }[] {
  return seen.flatMap((whole, nth) => {
    const part = seen[nth + 1];
    if (nth % 2 === 1 || !part || whole.is !== "made" || part.is !== "made") return [];
    return [{ name: `${whole.name} rest`, rest: whole.people.size - part.people.size }];
  });
}

function remember(seen: readonly Seen[], lastMade: Map<string, number>): void {
  for (const { name, is, people } of seen) if (is === "made") lastMade.set(name, people.size);
  for (const { name, rest } of restsMade(seen)) lastMade.set(name, rest);
}

interface KnownCount {
  readonly people: ReadonlySet<number>;
  readonly low: number;
  readonly high: number;
}

/** The fewest and the most people that the group can have today, given all that is known: one unknown per kind of person. */
function extremes(group: ReadonlySet<number>, known: readonly KnownCount[]): [number, number] {
  const kinds = new Map<string, { rows: readonly number[]; inside: boolean }>();
  for (const person of new Set([...group, ...known.flatMap(({ people }) => [...people])])) {
    const rows = known.flatMap(({ people }, nth) => (people.has(person) ? [nth] : []));
    const inside = group.has(person);
    kinds.set(`${rows.join()} ${inside}`, { rows, inside });
  }
  const unknowns = [...kinds.values()];
  const sum = (chosen: (kind: { rows: readonly number[]; inside: boolean }) => boolean): string =>
    unknowns.flatMap((kind, nth) => (chosen(kind) ? [`\n + x${nth}`] : [])).join("");
  const rows = known.flatMap(({ low, high }, nth) => {
    const text = sum((kind) => kind.rows.includes(nth));
    return [` a${nth}: ${text} >= ${low}`, ` b${nth}: ${text} <= ${high}`];
  });
  const best = (goal: string): number => {
    const problem = `${goal}\n goal: ${sum((kind) => kind.inside)}\nSubject To\n${rows.join("\n")}\nEnd\n`;
    const result = solver.solve(problem, { output_flag: false });
    return result.Status === "Optimal" ? result.ObjectiveValue : goal === "Minimize" ? 0 : Infinity;
  };
  return [best("Minimize"), best("Maximize")];
}
