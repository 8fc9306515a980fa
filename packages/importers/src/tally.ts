/** Counts rows that a load takes and skips, with the reason and one place to look for each. */
import { ImportError } from "./errors.js";

/**
 * Kinds of skipped rows: bad (not what the format says), an orphan (it refers to nobody), or left out by rule
 * (entered in error, undated). Only bad rows speak against the file.
 */
export type Kind = "bad" | "orphan" | "left-out";

export interface Place {
  readonly file: string;
  readonly line: number;
}
export interface Reason {
  readonly reason: string;
  readonly count: number;
  readonly example: Place;
}
export type Rows = Record<string, { taken: number; skipped: number }>;

interface Counted extends Record<Kind, number> {
  taken: number;
}

/**
 * A file is refused when more than a tenth of a table's rows are bad (and at least ten), or more than half; of a night,
 * whose tables may have a row or two, only from ten on.
 */
const BAD_SHARE = 0.1;
const BAD_LEAST = 10;

export class Tally {
  readonly #tables = new Map<string, Counted>();
  readonly #cutOff = new Set<string>();
  readonly #reasons: Counts = new Map();
  readonly #doubts: Counts = new Map();

  /** Counts rows that were taken and may be wrong. `doubt` holds nothing of the row. */
  doubted(table: string, doubt: string, file: string, line: number, rows = 1): void {
    count(this.#doubts, `${table}: ${doubt}`, file, line, rows);
  }

  /** Keeps that a file ends in the middle of a row. */
  isCutOff(file: string): void {
    this.#cutOff.add(file);
  }

  /** The files that end in the middle of a row. */
  cutOff(): string[] {
    return [...this.#cutOff];
  }

  taken(table: string, rows = 1): void {
    this.#table(table).taken += rows;
  }

  /**
   * Counts skipped rows. `reason` is the same text for every such row, so that it can be counted, and holds nothing
   * of the row.
   */
  skipped(table: string, kind: Kind, reason: string, file: string, line: number, rows = 1): void {
    this.#table(table)[kind] += rows;
    count(this.#reasons, `${table}: ${reason}`, file, line, rows);
  }

  /** Number of rows that refer to nobody. */
  orphans(): number {
    return [...this.#tables.values()].reduce((sum, { orphan }) => sum + orphan, 0);
  }

  rows(): Rows {
    const entries = [...this.#tables].map(([name, each]): [string, Rows[string]] => [
      name,
      { taken: each.taken, skipped: skippedOf(each) },
    ]);
    return Object.fromEntries(entries);
  }

  /** The reasons for skipped rows, the commonest first. */
  reasons(): Reason[] {
    return commonestFirst(this.#reasons);
  }

  /** The doubts about rows that were taken, the commonest first. */
  doubts(): Reason[] {
    return commonestFirst(this.#doubts);
  }

  /** Checks the share of bad rows. @param isNight whether it is what changed in a night @throws ImportError "too-many-bad" where a table is not what it claims to be */
  requireCredible(isNight = false): void {
    for (const [name, each] of this.#tables) {
      const all = each.taken + skippedOf(each);
      const many = each.bad >= BAD_LEAST && each.bad > all * BAD_SHARE;
      if (many || (each.bad > all / 2 && !isNight)) this.#refuse(name, `${each.bad} of ${all} rows are bad`);
      if (each.orphan >= BAD_LEAST && each.orphan === all && !isNight)
        this.#refuse(name, `none of its ${all} rows is of a known patient`);
    }
  }

  #refuse(table: string, what: string): never {
    const commonest = this.reasons().find((each) => each.reason.startsWith(`${table}: `));
    const why = commonest
      ? `most often ${commonest.reason.slice(table.length + 2)} (first at ${commonest.example.file}:${commonest.example.line}); `
      : "";
    throw new ImportError(
      "too-many-bad",
      `${table}: ${what}, so nothing was kept: ${why}${adviceOn(commonest)}`,
    );
  }

  #table(name: string): Counted {
    let table = this.#tables.get(name);
    if (table === undefined) {
      this.#tables.set(name, (table = { taken: 0, bad: 0, orphan: 0, "left-out": 0 }));
    }
    return table;
  }
}

type Counts = Map<string, { reason: string; count: number; example: Place }>;

function count(counts: Counts, reason: string, file: string, line: number, rows: number): void {
  const known = counts.get(reason);
  if (known) known.count += rows;
  else counts.set(reason, { reason, count: rows, example: { file, line } });
}

function commonestFirst(counts: Counts): Reason[] {
  return [...counts.values()].sort((a, b) => b.count - a.count);
}

function skippedOf(counted: Counted): number {
  return counted.bad + counted.orphan + counted["left-out"];
}

/** Advice on the commonest fault, for the person who made the file. */
function adviceOn(commonest: Reason | undefined): string {
  if (commonest?.reason.endsWith("UTF-8")) return "save it as UTF-8 and import it again";
  return "put that right in the export and import it again";
}
