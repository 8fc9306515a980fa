/** Do the two engines agree, cell by cell and patient by patient? */
import type { OptOutCodes, Query } from "@cairn/query-library";
import {
  answer,
  answerOne,
  memorySource,
  patientsOf,
  type SlowAnswer,
  type SlowShare,
} from "../../src/index.js";
import { OPT_OUTS_BY_CHOICE, OPT_OUTS_COUNTED, type OptOutChoice } from "../../../tables/src/answerer.js";
import type { ExactCell, ExactTable } from "../../../tables/src/exact-table.js";
import type { PlainPatient } from "../../../tables/src/patients.js";
import { cellsBySplit } from "../../src/slow/cells.js";
import type { Day } from "../../src/slow/days.js";
import { NO_CODES } from "../../src/slow/opt-outs.js";

/** Everything that both engines are given. Queries are asked together, since the fast engine shares work among them. */
export interface Trial {
  readonly patients: readonly PlainPatient[];
  readonly queries: readonly Query[];
  readonly dates: readonly Day[];
  /** The codes by which people with a type 1 opt-out in their record are left out; `NO_CODES` where they are counted by choice; null counts everybody. */
  readonly leaveOut: OptOutCodes | null;
}

/** The fast engine, or one that is made wrong on purpose. */
export interface Engine {
  readonly tables: (trial: Trial) => ExactTable[][];
  readonly patients: (trial: Trial, query: Query) => ReturnType<typeof patientsOf>;
}

export const FAST: Engine = {
  tables: (trial) => answer(memorySource(trial.patients), trial.queries, trial.dates, whomOf(trial)),
  patients: (trial, query) => patientsOf(memorySource(trial.patients), query, trial.dates, whomOf(trial)),
};

export function whomOf({ leaveOut }: Trial): OptOutChoice {
  if (leaveOut === null) return OPT_OUTS_COUNTED;
  return leaveOut === NO_CODES ? OPT_OUTS_BY_CHOICE : { optOuts: "left-out", codes: leaveOut };
}

/** What the engines first differ in, in words; null where they agree on everything. */
export function difference(trial: Trial, fast: Engine = FAST): string | null {
  const tables = fast.tables(trial);
  const slow = slowAnswers(trial);
  for (const [q, query] of trial.queries.entries()) {
    const behind = query.unit === "people" ? null : fast.patients(trial, query);
    for (const [k, date] of trial.dates.entries()) {
      const answers = slow[q]![k]!;
      const found =
        differenceOfCells(tables[q]![k]!, answers, query) ??
        differenceOfWaterfall(tables[q]![k]!, answers, query) ??
        (behind && differenceOfSums(behind[k]!, answers, query));
      if (found !== null) return `query ${q}, ${date}: ${found}`;
    }
  }
  return null;
}

const SLOW = new WeakMap<Trial, SlowAnswer[][][]>();

/** [query][date][patient], worked out once for a trial that several fast engines are put to. */
function slowAnswers(trial: Trial): SlowAnswer[][][] {
  const { patients, queries, dates, leaveOut } = trial;
  const answers =
    SLOW.get(trial) ??
    queries.map((query) =>
      dates.map((date) => patients.map((patient) => answerOne(patient, query, date, leaveOut))),
    );
  SLOW.set(trial, answers);
  return answers;
}

interface Expected {
  denominator: number;
  numerator: number;
  largestDenominator: number;
  largestNumerator: number;
  readonly denominatorSet: Set<number>;
  readonly numeratorSet: Set<number>;
}

function differenceOfCells(table: ExactTable, answers: readonly SlowAnswer[], query: Query): string | null {
  const expected = cellsBySplit(query, table.date).flatMap((cells, split) =>
    cells.map((cell) => ({ place: placeOf({ split, cell }), sums: nothing() })),
  );
  const byPlace = new Map(expected.map(({ place, sums }) => [place, sums]));
  for (const [p, { shares }] of answers.entries()) {
    for (const share of shares) {
      const cell = byPlace.get(placeOf(share));
      if (cell === undefined) return `the table has no cell ${placeOf(share)}`;
      add(cell, p, share);
    }
  }
  if (table.cells.length !== expected.length)
    return `the table has ${table.cells.length} cells, not ${expected.length}`;
  for (const [c, { place, sums }] of expected.entries()) {
    const found = differenceOfCell(table.cells[c]!, sums, answers.length, query);
    if (found !== null) return `cell ${place}: ${found}`;
  }
  return null;
}

function placeOf({ split, cell }: Pick<SlowShare, "split" | "cell">): string {
  return `${split} ${JSON.stringify(cell)}`;
}

function nothing(): Expected {
  return {
    denominator: 0,
    numerator: 0,
    largestDenominator: 0,
    largestNumerator: 0,
    denominatorSet: new Set(),
    numeratorSet: new Set(),
  };
}

function add(cell: Expected, p: number, { denominator, numerator }: SlowShare): void {
  cell.denominator += denominator;
  cell.numerator += numerator;
  cell.largestDenominator = Math.max(cell.largestDenominator, denominator);
  cell.largestNumerator = Math.max(cell.largestNumerator, numerator);
  if (denominator > 0) cell.denominatorSet.add(p);
  if (numerator > 0) cell.numeratorSet.add(p);
}

function differenceOfCell(cell: ExactCell, expected: Expected, people: number, query: Query): string | null {
  for (const name of ["denominatorSet", "numeratorSet"] as const) {
    for (let p = 0; p < people; p++) {
      const fast = ((cell[name][p >>> 5]! >>> (p & 31)) & 1) === 1;
      const slow = expected[name].has(p);
      if (fast !== slow)
        return `patient ${p} is ${fast ? "" : "not "}in the fast ${name}, but ${slow ? "" : "not "}in the slow`;
    }
  }
  for (const name of ["denominator", "numerator", "largestDenominator", "largestNumerator"] as const) {
    const slow = inWholeUnits(query, expected[name]);
    if (cell[name] !== slow) return `${name} is ${cell[name]} fast, ${slow} slow`;
  }
  return null;
}

/** Who started, who was decided by each step, and who by none. */
function differenceOfWaterfall(
  table: ExactTable,
  answers: readonly SlowAnswer[],
  query: Query,
): string | null {
  if (query.unit !== "people") return null;
  const decidedBy = (stage: SlowAnswer["decidedBy"]) =>
    answers.filter((each) => each.decidedBy === stage).length;
  const started = answers.filter((each) => each.base && each.decidedBy !== "start").length;
  const stages = [started, ...query.denominator.steps.map((_, s) => decidedBy(s)), decidedBy("otherwise")];
  const fast = table.waterfall.map(({ people }) => people);
  const slow = fast.length === 1 ? [started] : stages;
  return fast.join() === slow.join() ? null : `the waterfall is ${fast.join()} fast, ${slow.join()} slow`;
}

/** What each contributor adds, for worklists of items and events. */
function differenceOfSums(
  { sums }: ReturnType<typeof patientsOf>[number],
  answers: readonly SlowAnswer[],
  query: Query,
): string | null {
  for (const [p, answer] of answers.entries()) {
    const fast = sums?.get(p) ?? { denominator: 0, numerator: 0 };
    for (const name of ["denominator", "numerator"] as const) {
      const slow = inWholeUnits(query, answer[name]);
      if (fast[name] !== slow) return `the ${name} of patient ${p} is ${fast[name]} fast, ${slow} slow`;
    }
  }
  return null;
}

/** Quantities are held in thousandths until they are all added. */
function inWholeUnits(query: Query, sum: number): number {
  return query.unit === "quantity" ? Math.round(sum / 1000) : sum;
}
