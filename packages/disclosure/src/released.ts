/** `ReleasedTable`: the only thing about patients that may leave. Only this file can make one. */
import type { HistoryEntry } from "./history.js";
import { cellIntervalsOf, type CellIntervals, type PolicyIntegers } from "./policy.js";
import type { Reason } from "./reason.js";
import { at } from "./at.js";

/** The intervals of a cell at the release's own date; those of carried values are wide enough to hold it. */
export interface ReleasedCell extends CellIntervals {
  readonly split: Readonly<Record<string, string>>;
  /** How many periods ago the value of the denominator was made, and that of the numerator; 0 is this one. */
  readonly carried: number;
  readonly carriedNumerator: number;
}

/**
 * The codes of a release, as in `cairn.v1.Release`: by cell position, 0 for withheld and n + 1 for n. `carried` is
 * empty where nothing is; one number for each cell where no cell's two counts were made at different dates; else
 * those of all denominators and then those of all numerators.
 */
export interface ReleaseCodes {
  readonly denominator: number[];
  readonly numerator: number[];
  readonly carried: number[];
}

/** The wire codes of one cell. */
interface CellCodes {
  readonly denominator: number;
  readonly numerator: number;
  readonly carriedDenominator: number;
  readonly carriedNumerator: number;
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
 * One query version's table at one date, after every guard. Only this file can make one: the constructor takes a key
 * that is not exported, and `isReleasedTable` refuses a forged one.
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

  /** The codes of every cell, as fresh arrays at each call. */
  codes(): ReleaseCodes {
    const carried = this.#codes.map((cell) => cell.carriedDenominator);
    const ofNumerators = this.#codes.map((cell, i) =>
      cell.numerator === 0 ? at(carried, i) : cell.carriedNumerator,
    );
    const apart = ofNumerators.some((periods, i) => periods !== carried[i]);
    const all = apart ? [...carried, ...ofNumerators] : carried;
    return {
      denominator: this.#codes.map((cell) => cell.denominator),
      numerator: this.#codes.map((cell) => cell.numerator),
      carried: all.some((periods) => periods > 0) ? all : [],
    };
  }

  /** The released values, cell by cell, each with its interval: exactly what would leave. */
  get cells(): readonly ReleasedCell[] {
    return this.#codes.map((cell, i) => {
      const { carriedDenominator: carried, carriedNumerator } = cell;
      const intervals = cellIntervalsOf(
        this.policy,
        { code: cell.denominator, carried },
        { code: cell.numerator, carried: carriedNumerator },
      );
      if (!intervals) throw new TypeError("a released value does not come from its policy");
      return { split: this.#splits[i] ?? {}, ...intervals, carried, carriedNumerator };
    });
  }
}

/** Why each count of a cell is withheld, null where it is released. For the practice alone. */
export interface CellReasons {
  readonly denominator: Reason | null;
  readonly numerator: Reason | null;
}

/** Builds the released table of an entry, with its reasons. Asking again reads the same entry. */
export function releasedFrom(entry: HistoryEntry): {
  readonly released: ReleasedTable;
  readonly reasons: readonly CellReasons[];
} {
  const released = make(
    entry,
    entry.cells.map((cell) => cell.split),
    entry.cells.map(({ denominator, numerator }) => ({
      denominator: denominator.code,
      numerator: numerator.code,
      carriedDenominator: denominator.carried?.periods ?? 0,
      carriedNumerator: numerator.carried?.periods ?? 0,
    })),
  );
  const reasons = entry.cells.map(({ denominator, numerator }) => ({
    denominator: denominator.reason,
    numerator: numerator.reason,
  }));
  return { released, reasons };
}

/** Whether the guard made this very object; false for a copy, a cast or a look-alike. */
export function isReleasedTable(value: unknown): value is ReleasedTable {
  return holds(value);
}
