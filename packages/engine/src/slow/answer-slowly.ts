import type { Cell, OptOutCodes, Query } from "@cairn/query-library";
import { type PlainPatient, at } from "@cairn/tables";
import { answerOne } from "./answer-one.js";
import { cellsBySplit } from "./cells.js";
import type { Day } from "./days.js";

/** The answer of one query at one reference date. Quantities are in whole units, rounded once, when all are added. */
export interface SlowTable {
  readonly date: Day;
  readonly denominator: number;
  readonly numerator: number;
  /** The cells in the order of `cellsOf`: the total first. */
  readonly cells: readonly {
    readonly split: Cell;
    readonly denominator: number;
    readonly numerator: number;
  }[];
}

/** Asks every patient at every date (ISO) and adds up. `leaveOut` as for `answerOne`. */
export function answerSlowly(
  patients: readonly PlainPatient[],
  query: Query,
  dates: readonly Day[],
  leaveOut: OptOutCodes | null,
): SlowTable[] {
  return dates.map((date) => {
    const shares = patients.flatMap((patient) => answerOne(patient, query, date, leaveOut).shares);
    const cells = cellsBySplit(query, date).flatMap((ofSplit, s) => {
      const inSplit = shares.filter((share) => share.split === s);
      return ofSplit.map((split) => {
        const inCell = inSplit.filter(({ cell }) => isSame(cell, split));
        const total = (of: "denominator" | "numerator") =>
          inWholeUnits(
            query,
            inCell.reduce((sum, share) => sum + share[of], 0),
          );
        return { split, denominator: total("denominator"), numerator: total("numerator") };
      });
    });
    const total = at(cells, 0);
    return { date, denominator: total.denominator, numerator: total.numerator, cells };
  });
}

function isSame(a: Cell, b: Cell): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]);
}

function inWholeUnits(query: Query, sum: number): number {
  return query.unit === "quantity" ? Math.round(sum / 1000) : sum;
}
