/** The figures of disclosure control: what it takes, how that grows, and what it withholds of invented practices. */
import {
  memoryHistory,
  policyNamed,
  type UndecidedTable,
  type CellReasons,
  type DecidedTable,
} from "@cairn/disclosure";
import { decideWith } from "../../packages/disclosure/src/decide.js";
import { ALL_GUARDS } from "../../packages/disclosure/src/guards.js";
import {
  AXES,
  library,
  practice,
  seeded,
  tableOf,
  type Axis,
} from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { loadSolver } from "../../packages/keeper/src/releases/solver.js";
import { atMost, reference, type Figure } from "./figures.js";
import { libraryAt } from "./library-practice.js";
import { medianCpu } from "./measure.js";

const policy = policyNamed("k8-r5");
const UP_TO_G2 = { ...ALL_GUARDS, g3: false };
const SIZES = [3000, 8000, 15_000] as const;

/** @param quick fewer sizes and dates, within a minute */
export async function guard(quick: boolean): Promise<Figure[]> {
  return [...cost(quick), ...(await usefulness(quick))];
}

/** Every split of one key and every cross of two. */
const SPLITS: readonly (readonly Axis[])[] = (Object.keys(AXES) as Axis[]).flatMap((axis, nth, all) => [
  [axis],
  ...all.slice(nth + 1).map((other) => [axis, other]),
]);

function cost(quick: boolean): Figure[] {
  const whole = batch(10_000, 14, SPLITS);
  const cells = whole.reduce((sum, { cells: all }) => sum + all.length, 0);
  const times = quick ? 1 : 3;
  const taken = cpuOf(whole, times);
  const half = cpuOf(whole.slice(0, whole.length / 2), times);
  const smaller = cpuOf(batch(3000, 14, SPLITS), times);
  const exponent = (more: number, less: number, times: number): number =>
    Math.log(more / less) / Math.log(times);
  return [
    atMost(`G0 to G2, ${cells} cells, 10,000 patients, one date`, taken / 1000, "s CPU", 5),
    reference("its growth with patients, 3,000 to 10,000", exponent(taken, smaller, 10 / 3), "exponent"),
    reference("its growth with cells, half to whole", exponent(taken, half, 2), "exponent"),
    ...withHistory(quick ? 4 : 12),
  ];
}

function batch(
  patients: number,
  registers: number,
  splits: readonly (readonly Axis[])[],
  quarter = 0,
): UndecidedTable[] {
  const people = practice(patients, seeded(patients), registers);
  return library(registers, 2, splits, nextQuarter(quarter)).map((question) => tableOf(people, question));
}

function cpuOf(asked: readonly UndecidedTable[], times: number): number {
  return medianCpu(() => void decideWith(UP_TO_G2, asked, memoryHistory(), policy), times, 0);
}

/** The newest date of 39 queries after none and after many dates before it. */
function withHistory(dates: number): Figure[] {
  const history = memoryHistory();
  let first = 0;
  let last = 0;
  for (let n = 0; n <= dates; n++) {
    const asked = batch(8000, 13, [["sex"], ["age_band"]], n);
    last = medianCpu(
      () => {
        history.append(decideWith(UP_TO_G2, asked, history, policy).entries);
      },
      1,
      0,
    );
    if (n === 0) first = last;
  }
  return [reference(`a date after ${dates} others, to the first`, last / first, "times")];
}

/** What is released of the whole library, at the newest of several quarters, with every guard. */
async function usefulness(quick: boolean): Promise<Figure[]> {
  const solver = await loadSolver();
  const figures: Figure[] = [];
  for (const size of quick ? [8000] : SIZES) {
    const { queries, tables, registered } = await libraryAt(size, quick ? 4 : 16);
    const history = memoryHistory();
    const newest: DecidedTable[] = [];
    const taken = medianCpu(
      () => {
        for (const asked of tables) {
          const decision = decideWith(ALL_GUARDS, asked, history, policy, { solver });
          history.append(decision.entries);
          const last = decision.tables.at(-1);
          if (last) newest.push(last);
        }
      },
      1,
      0,
    );
    const at = `${registered.toLocaleString("en-GB")} registered`;
    const work = `${queries} queries x ${tables[0]?.length ?? 0} quarters, ${at}`;
    figures.push(reference(`every guard, ${work}`, taken / 1000, "s CPU"), ...shares(newest, at, size));
  }
  return figures;
}

function shares(tables: readonly DecidedTable[], at: string, size: number): Figure[] {
  const counts = tables.flatMap(({ table, reasons }) =>
    reasons.flatMap(({ denominator, numerator }: CellReasons, i) => {
      const keys = Object.keys(table.cells[i]!.split);
      return [denominator, numerator].map((reason) => ({ keys, reason }));
    }),
  );
  const share = (of: typeof counts, is: (reason: NonNullable<CellReasons["numerator"]>) => boolean): number =>
    (100 * of.filter(({ reason }) => reason !== null && is(reason)).length) / Math.max(1, of.length);
  const withheld = (of: typeof counts): number => share(of, () => true);
  const primary = share(counts, (reason) => reason.startsWith("g0"));
  const held = share(counts, (reason) => reason === "g5-sticky" || reason === "g4-policy-changed");
  const ofTotals = counts.filter(({ keys }) => keys.length === 0);
  const totals = withheld(ofTotals);
  const tooFew = share(ofTotals, (reason) => reason.startsWith("g0"));
  const oneWay = withheld(counts.filter(({ keys }) => keys.length === 1));
  const goal = (work: string, value: number, most: number): Figure =>
    size === 8000 ? atMost(work, value, "%", most) : reference(work, value, "%");
  const splits = [...new Set(counts.map(({ keys }) => keys.join(" x ")))].filter((name) => name !== "");
  return [
    goal(`totals withheld, whole library, ${at}`, totals, 5),
    reference(`of which too few themselves (most are safety indicators), ${at}`, tooFew, "%"),
    goal(`one-way counts withheld, whole library, ${at}`, oneWay, 40),
    reference(`withheld for what a count says itself (primary), ${at}`, primary, "%"),
    reference(
      `withheld for what it says with others (secondary), ${at}`,
      withheld(counts) - primary - held,
      "%",
    ),
    reference(`held for two periods, ${at}`, held, "%"),
    ...splits.map((name) =>
      reference(
        `withheld of ${name}, ${at}`,
        withheld(counts.filter(({ keys }) => keys.join(" x ") === name)),
        "%",
      ),
    ),
  ];
}
