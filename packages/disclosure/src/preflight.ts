/**
 * Estimates the cost of a query before it runs: the guard itself, run over invented practices.
 *
 * People are drawn with typical shares of each key's values, each key by itself, and change from one period to the
 * next at the rate at which a practice's list does. It is an estimate for authors, not a promise: real keys go
 * together (registers are old, older people are often white), which moves cells either way. G3 is left out: it needs
 * a solver and seldom withholds anything that G0 to G2 left.
 */
import { decideWith } from "./decide.js";
import { ALL_GUARDS } from "./guards.js";
import { memoryHistory } from "./history.js";
import type { Policy } from "./policy.js";
import { shareOf, shareOfWho, type DemographicLimits } from "./typical-shares.js";
import type { UndecidedTable } from "./table.js";
import type { ExactCell } from "@cairn/tables";
import { at } from "./at.js";

export interface PreflightQuestion {
  /** The query's cells in order, as `cellsOf` gives them: the total first. */
  readonly cells: readonly Readonly<Record<string, string>>[];
  /** The people it can ask about at all; everyone where not given. */
  readonly who?: DemographicLimits;
  /** Expected share of these people in the denominator, and of the denominator in the numerator; 0 to 1. */
  readonly denominator: number;
  readonly numerator: number;
  readonly sensitive?: boolean;
  readonly temporal?: "rounded" | "strict";
  readonly every: "month" | "quarter" | "year";
}

export interface PreflightSplit {
  /** The split's keys; empty for the total. */
  readonly keys: readonly string[];
  readonly counts: number;
  /** Shares of `counts` (denominators and numerators of all cells and periods), 0 to 1. */
  readonly withheld: number;
  readonly carried: number;
}

export interface Preflight {
  readonly patients: number;
  readonly splits: readonly PreflightSplit[];
  /** Released share of all counts, 0 to 1; below a half deserves a warning. */
  readonly released: number;
}

/** Share of a list that leaves and joins, or moves in or out of a definition, in a period. */
const TURNOVER = { month: 0.01, quarter: 0.03, year: 0.12 } as const;
const PERIODS = 6;
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

export function preflight(
  question: PreflightQuestion,
  policy: Policy,
  sizes: readonly number[] = [3000, 8000, 15000],
): Preflight[] {
  return sizes.map((patients) => {
    const tables = inventedTables(question, patients);
    const { tables: decided } = decideWith({ ...ALL_GUARDS, g3: false }, tables, memoryHistory(), policy);
    const splits = new Map<string, { keys: string[]; counts: number; withheld: number; carried: number }>();
    for (const { released } of decided) {
      for (const { split, denominator, numerator, carried, carriedNumerator } of released.cells) {
        const keys = Object.keys(split);
        const seen = splits.get(keys.join()) ?? { keys, counts: 0, withheld: 0, carried: 0 };
        for (const [value, periods] of [
          [denominator, carried],
          [numerator, carriedNumerator],
        ] as const) {
          seen.counts++;
          if (value === "withheld") seen.withheld++;
          else if (periods > 0) seen.carried++;
        }
        splits.set(keys.join(), seen);
      }
    }
    return summed(patients, [...splits.values()]);
  });
}

function summed(patients: number, splits: readonly PreflightSplit[]): Preflight {
  const counts = splits.reduce((sum, split) => sum + split.counts, 0);
  const kept = splits.reduce((sum, split) => sum + split.counts - split.withheld, 0);
  const shares = splits.map((split) => ({
    ...split,
    withheld: split.withheld / split.counts,
    carried: split.carried / split.counts,
  }));
  return { patients, splits: shares, released: counts === 0 ? 1 : kept / counts };
}

/** Invents one table a period. The same question and size give the same tables. */
function inventedTables(question: PreflightQuestion, patients: number): UndecidedTable[] {
  const random = seeded(patients);
  const values = new Map<string, string[]>();
  for (const split of question.cells) {
    for (const [key, value] of Object.entries(split)) {
      const known = values.get(key) ?? [];
      values.set(key, known.includes(value) ? known : [...known, value]);
    }
  }
  const who = question.who ?? { ages: null, sex: null };
  const share = question.denominator * shareOfWho(who);
  const person = (): Invented => ({
    at: new Map([...values].map(([key, of]) => [key, drawn(key, of, who, random)])),
    in: random() < share,
    counted: random() < question.numerator,
  });
  const people = Array.from({ length: patients }, person);
  return Array.from({ length: PERIODS }, (_, period) => {
    if (period > 0)
      people.forEach((_, key) => void (random() < TURNOVER[question.every] && (people[key] = person())));
    return inventedTable(question, people, period);
  });
}

interface Invented {
  readonly at: ReadonlyMap<string, string>;
  readonly in: boolean;
  readonly counted: boolean;
}

function inventedTable(
  question: PreflightQuestion,
  people: readonly Invented[],
  period: number,
): UndecidedTable {
  const words = Math.ceil(people.length / 32);
  const cells = question.cells.map((split): ExactCell => {
    const wanted = Object.entries(split);
    const [denominatorSet, numeratorSet] = [new Uint32Array(words), new Uint32Array(words)];
    let [denominator, numerator] = [0, 0];
    people.forEach((person, key) => {
      if (!person.in || wanted.some(([axis, value]) => person.at.get(axis) !== value)) return;
      const [word, bit] = [key >> 5, 1 << (key & 31)];
      denominatorSet[word] = at(denominatorSet, word) | bit;
      denominator++;
      if (!person.counted) return;
      numeratorSet[word] = at(numeratorSet, word) | bit;
      numerator++;
    });
    return {
      split,
      denominator,
      numerator,
      denominatorSet,
      numeratorSet,
      largestDenominator: 1,
      largestNumerator: 1,
    };
  });
  const month = period * MONTHS[question.every];
  const date = `${2020 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}-28`;
  const { sensitive = false, temporal = "rounded", every } = question;
  return { query: "", version: "", digest: "", unit: "people", date, cells, sensitive, temporal, every };
}

function drawn(key: string, values: readonly string[], who: DemographicLimits, random: () => number): string {
  const shares = values.map((value) => shareOf(key, value, who));
  let rest = random() * shares.reduce((sum, share) => sum + share, 0);
  return values.find((_, nth) => (rest -= at(shares, nth)) < 0) ?? values[0] ?? "";
}

/** A random generator (Mulberry32) with a fixed start: the same people at every call. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}
