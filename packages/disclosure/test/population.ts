/** Invented practices and the tables that a library would ask of them: for this package's tests and the attacks. */
import type { UndecidedTable } from "../src/table.js";
import type { ExactCell } from "../../tables/src/exact-table.js";

type Random = () => number;

/** Mulberry32: small, seeded, good enough to invent people. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

export type Axis = "sex" | "age_band" | "deprivation_fifth" | "ethnic_group";
export const AXES: Readonly<Record<Axis, readonly string[]>> = {
  sex: ["female", "male", "other", "unknown"],
  age_band: ["0-16", "17-39", "40-64", "65-79", "80+", "unknown"],
  deprivation_fifth: ["1", "2", "3", "4", "5", "unknown"],
  ethnic_group: ["white", "mixed", "asian", "black", "other", "unknown"],
};

export interface Person {
  readonly age: number;
  readonly at: Readonly<Record<Axis, string>>;
  /** One number in 0..1 for each register: in it where below its prevalence at this age. */
  readonly lot: Float64Array;
}

export function practice(people: number, random: Random, registers = 13): Person[] {
  return Array.from({ length: people }, () => {
    const age = Math.floor(95 * Math.pow(random(), 1.15));
    const at = {
      sex: pick(random, [0.503, 0.494, 0.002, 0.001], AXES.sex),
      age_band: age < 17 ? "0-16" : age < 40 ? "17-39" : age < 65 ? "40-64" : age < 80 ? "65-79" : "80+",
      deprivation_fifth: pick(random, [0.3, 0.25, 0.2, 0.13, 0.1, 0.02], AXES.deprivation_fifth),
      ethnic_group: pick(random, [0.71, 0.03, 0.1, 0.05, 0.02, 0.09], AXES.ethnic_group),
    };
    return { age, at, lot: Float64Array.from({ length: registers * 4 }, random) };
  });
}

function pick(random: Random, shares: readonly number[], values: readonly string[]): string {
  let rest = random();
  const nth = shares.findIndex((share) => (rest -= share) < 0);
  return values[nth === -1 ? 0 : nth] ?? "";
}

export interface Question {
  readonly query: string;
  readonly version?: string;
  readonly date?: string;
  readonly splits: readonly (readonly Axis[])[];
  readonly denominator: (person: Person, key: number) => boolean;
  readonly numerator: (person: Person, key: number) => boolean;
}

/** What the engine would hand over. Store keys are positions in `people`. */
export function tableOf(people: readonly Person[], question: Question): UndecidedTable {
  const words = Math.ceil(people.length / 32);
  const { query, version = "1", date = "2025-03-31" } = question;
  const empty = (split: ExactCell["split"]): Mutable => ({
    split,
    denominator: 0,
    numerator: 0,
    denominatorSet: new Uint32Array(words),
    numeratorSet: new Uint32Array(words),
    largestDenominator: 1,
    largestNumerator: 1,
  });
  const blocks = [[], ...question.splits].map((axes) => {
    const cells = new Map<string, Mutable>();
    for (const split of product(axes)) cells.set(axes.map((axis) => split[axis]).join("|"), empty(split));
    return { axes, cells };
  });
  people.forEach((person, key) => {
    if (!question.denominator(person, key)) return;
    const counted = question.numerator(person, key);
    for (const { axes, cells } of blocks) {
      const cell = cells.get(axes.map((axis) => person.at[axis]).join("|"));
      if (!cell) throw new Error("a person outside every cell");
      add(cell.denominatorSet, key);
      cell.denominator++;
      if (!counted) continue;
      add(cell.numeratorSet, key);
      cell.numerator++;
    }
  });
  const cells = blocks.flatMap((block) => [...block.cells.values()]);
  return { query, version, digest: `${query}@${version}`, unit: "people", date, cells };
}

type Mutable = { -readonly [Key in keyof ExactCell]: ExactCell[Key] };

function add(set: Uint32Array, key: number): void {
  set[key >> 5] = ((set[key >> 5] ?? 0) | (1 << (key & 31))) >>> 0;
}

function product(axes: readonly Axis[]): Record<string, string>[] {
  return axes.reduce<Record<string, string>[]>(
    (cells, axis) => cells.flatMap((cell) => AXES[axis].map((value) => ({ ...cell, [axis]: value }))),
    [{}],
  );
}

const ONE_WAY: readonly (readonly Axis[])[] = [
  ["sex"],
  ["age_band"],
  ["deprivation_fifth"],
  ["ethnic_group"],
];

/** Registers with indicators: prevalence of 0.5 to 14 % that rises with age, 1 to 6 % excluded, 40 to 90 % reached. */
export function library(registers = 13, indicators = 2, splits = ONE_WAY, date = "2025-03-31"): Question[] {
  return Array.from({ length: registers }, (_, nth) => {
    const prevalence = 0.005 + (0.135 * nth) / Math.max(1, registers - 1);
    const isOn = (person: Person): boolean =>
      (person.lot[nth * 4] ?? 1) < (prevalence * (person.age + 5)) / 42 && person.age >= 5;
    const register: Question = {
      query: `register-${nth}`,
      date,
      splits,
      denominator: () => true,
      numerator: isOn,
    };
    const reached = Array.from({ length: indicators }, (_, i): Question => {
      const excluded = 0.01 + 0.05 * ((nth * 7 + i * 3) % 11) * 0.1;
      return {
        query: `register-${nth}-indicator-${i}`,
        date,
        splits,
        denominator: (person) => isOn(person) && (i === 0 || (person.lot[nth * 4 + 1] ?? 0) > excluded),
        numerator: (person) => ((person.lot[nth * 4 + 2] ?? 0) * (3 - i)) % 1 < 0.4 + 0.05 * (nth % 11),
      };
    });
    return [register, ...reached];
  }).flat();
}
