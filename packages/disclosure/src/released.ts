/** `ReleasedTable`: the only thing about patients that may leave, makeable only in this room. */
import { intervalOf, type PolicyIntegers, type ReleasedValue } from "./policy.js";

export interface ReleasedCell {
  readonly split: Readonly<Record<string, string>>;
  readonly denominator: ReleasedValue | "withheld";
  readonly numerator: ReleasedValue | "withheld";
  /** How many periods ago this value was first released; 0 is this one. */
  readonly carried: number;
}

/** As `cairn.v1.Release`: by cell position, 0 for withheld and n + 1 for n. `carried` is empty where nothing is. */
export interface ReleaseCodes {
  readonly denominator: number[];
  readonly numerator: number[];
  readonly carried: number[];
}

/** What a release says of one cell, in the wire's codes. */
interface CellCodes {
  readonly denominator: number;
  readonly numerator: number;
  readonly carried: number;
}

interface ReleasedHead {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly date: string;
  readonly policy: PolicyIntegers;
}

const MADE_HERE = Symbol("made by the guard");
let make: (
  head: ReleasedHead,
  splits: Readonly<Record<string, string>>[],
  codes: readonly CellCodes[],
) => ReleasedTable;
let holds: (value: unknown) => value is ReleasedTable;

/**
 * One query version's table at one date after every guard. Whoever holds one need not check again: its
 * constructor takes a key that never leaves this file, and `isReleasedTable` knows a forged one.
 */
export class ReleasedTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly date: string;
  readonly policy: PolicyIntegers;
  readonly #splits: readonly Readonly<Record<string, string>>[];
  readonly #codes: readonly CellCodes[];

  private constructor(
    key: symbol,
    head: ReleasedHead,
    splits: Readonly<Record<string, string>>[],
    codes: readonly CellCodes[],
  ) {
    if (key !== MADE_HERE) throw new TypeError("a ReleasedTable is made by the disclosure guard only");
    this.query = head.query;
    this.version = head.version;
    this.digest = head.digest;
    this.date = head.date;
    this.policy = Object.freeze({ ...head.policy });
    this.#splits = splits;
    this.#codes = codes.map((code) => Object.freeze({ ...code }));
    Object.freeze(this);
  }

  static #make(
    head: ReleasedHead,
    splits: Readonly<Record<string, string>>[],
    codes: readonly CellCodes[],
  ): ReleasedTable {
    return new ReleasedTable(MADE_HERE, head, splits, codes);
  }

  static #holds(value: unknown): value is ReleasedTable {
    return typeof value === "object" && value !== null && #codes in value;
  }

  static {
    make = ReleasedTable.#make;
    holds = ReleasedTable.#holds;
  }

  /** Fresh arrays at each call: changing them changes nothing here. */
  codes(): ReleaseCodes {
    const carried = this.#codes.map((cell) => cell.carried);
    return {
      denominator: this.#codes.map((cell) => cell.denominator),
      numerator: this.#codes.map((cell) => cell.numerator),
      carried: carried.some((periods) => periods > 0) ? carried : [],
    };
  }

  /** Exactly what would leave, cell by cell, with the interval of each value. */
  get cells(): readonly ReleasedCell[] {
    return this.#codes.map((cell, i) => ({
      split: this.#splits[i] ?? {},
      denominator: this.#shown(cell.denominator),
      numerator: this.#shown(cell.numerator),
      carried: cell.carried,
    }));
  }

  #shown(code: number): ReleasedValue | "withheld" {
    if (code === 0) return "withheld";
    const value = intervalOf(this.policy, code - 1);
    if (!value) throw new TypeError("a released value does not come from its policy");
    return value;
  }
}

/** For `decide` alone; not among what the package exports. */
export function makeReleased(
  head: ReleasedHead,
  splits: Readonly<Record<string, string>>[],
  codes: readonly CellCodes[],
): ReleasedTable {
  return make(head, splits, codes);
}

/** Whether the guard made this very object. A copy, a cast or a look-alike is not one. */
export function isReleasedTable(value: unknown): value is ReleasedTable {
  return holds(value);
}
