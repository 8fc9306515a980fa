import { cellsOf, type Cell, type PeopleQuery, type Split } from "@cairn/query-library";
import { countCells } from "./counters.js";
import type { Graph } from "./graph.js";
import { and, type Mask } from "./masks.js";
import { partitionOf, type Partition } from "./partition.js";
import { choose, type Chosen } from "./selection.js";
import { setsOn } from "./sets.js";
import type { ExactCell, ExactTable, PatientSet } from "./table.js";

/** Who is counted, and when. The numerator is inside the denominator, always. */
interface PeopleAnswer {
  readonly denominator: Mask;
  readonly numerator: Mask;
  readonly chosen: Chosen;
}

export function peopleAnswer(query: PeopleQuery, graph: Graph): PeopleAnswer {
  const chosen = choose(query, query.denominator, graph);
  const numerator = graph.ask(query, chosen.mask).holds(query.numerator);
  return { denominator: chosen.mask, numerator: and(chosen.mask, numerator), chosen };
}

/** A split that has been counted on every date. */
interface Counted {
  readonly partition: Partition;
  readonly denominator: Int32Array;
  readonly numerator: Int32Array;
}

/**
 * A table for each date. Counts are made here; cells, their patient sets and the waterfall when they are first read,
 * since whoever wants numbers should not pay for names. Properties are the objects' own, so that tables can be spread
 * and sent to another process.
 */
export function peopleTables(query: PeopleQuery, dates: readonly string[], graph: Graph): ExactTable[] {
  const answer = peopleAnswer(query, graph);
  const counted = countSplits(answer, query.splitBy, graph);
  let splitCells: Cell[] | undefined;
  let waterfall: { label: string; counts: Int32Array }[] | undefined;
  return dates.map((date, k) => {
    let cells: readonly ExactCell[] | undefined;
    return {
      query: query.query,
      version: query.version,
      digest: query.digest,
      unit: query.unit,
      date,
      get cells() {
        splitCells ??= cellsOf(query, date);
        return (cells ??= cellsOn(k, answer, counted, splitCells));
      },
      get waterfall() {
        waterfall ??= answer.chosen.stages.map(({ label, mask }) => ({
          label,
          counts: countCells(mask, partitionOf([], graph), graph.dates.count),
        }));
        return waterfall.map(({ label, counts }) => ({ label, people: counts[k]! }));
      },
    };
  });
}

/** The total is the sum of any split, since a split leaves nobody out; without one it is counted. */
function countSplits(answer: PeopleAnswer, splits: readonly Split[], graph: Graph): Counted[] {
  const counted = splits.map((split) => count(answer, partitionOf(split, graph), graph));
  const total = partitionOf([], graph);
  const first = counted[0];
  if (first === undefined) return [count(answer, total, graph)];
  const { cells } = first.partition;
  return [
    {
      partition: total,
      denominator: sumCells(first.denominator, cells, graph),
      numerator: sumCells(first.numerator, cells, graph),
    },
    ...counted,
  ];
}

function count({ denominator, numerator }: PeopleAnswer, partition: Partition, graph: Graph): Counted {
  return {
    partition,
    denominator: countCells(denominator, partition, graph.dates.count),
    numerator: countCells(numerator, partition, graph.dates.count),
  };
}

function sumCells(counts: Int32Array, cells: number, graph: Graph): Int32Array {
  const sums = new Int32Array(graph.dates.count);
  for (let i = 0, k = 0; k < sums.length; k++) {
    for (let c = 0; c < cells; c++, i++) sums[k]! += counts[i]!;
  }
  return sums;
}

/** The cells of date k in the order of `splitCells`: the total, then each split. */
function cellsOn(
  k: number,
  answer: PeopleAnswer,
  counted: readonly Counted[],
  splitCells: readonly Cell[],
): ExactCell[] {
  const cells: ExactCell[] = [];
  for (const { partition, denominator, numerator } of counted) {
    let sets: { denominator: PatientSet[]; numerator: PatientSet[] } | undefined;
    const setsOfSplit = () =>
      (sets ??= {
        denominator: setsOn(answer.denominator, k, partition),
        numerator: setsOn(answer.numerator, k, partition),
      });
    for (let c = 0; c < partition.cells; c++) {
      const below = denominator[k * partition.cells + c]!;
      const above = numerator[k * partition.cells + c]!;
      cells.push({
        split: splitCells[cells.length]!,
        denominator: below,
        numerator: above,
        largestDenominator: Math.min(below, 1),
        largestNumerator: Math.min(above, 1),
        get denominatorSet() {
          return setsOfSplit().denominator[c]!;
        },
        get numeratorSet() {
          return setsOfSplit().numerator[c]!;
        },
      });
    }
  }
  return cells;
}
