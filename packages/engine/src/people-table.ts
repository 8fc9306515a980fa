import { cellsOf, type Cell, type PeopleQuery } from "@cairn/query-library";
import { Counters } from "./counters.js";
import type { Graph } from "./graph.js";
import { and, type Mask } from "./masks.js";
import { partitionOf, type Partition } from "./partition.js";
import { choose, type Chosen } from "./selection.js";
import { setsOn } from "./sets.js";
import type { ExactCell, ExactTable, PatientSet } from "./table.js";

/** Who is counted, and when. The numerator is inside the denominator, always. */
export interface PeopleAnswer {
  readonly denominator: Mask;
  readonly numerator: Mask;
  readonly chosen: Chosen;
}

export function peopleAnswer(query: PeopleQuery, graph: Graph): PeopleAnswer {
  const ask = graph.ask(query);
  const chosen = choose(query.denominator, graph.basePopulation(query), ask);
  return { denominator: chosen.mask, numerator: and(chosen.mask, ask.holds(query.numerator)), chosen };
}

/** A split that has been counted on every date. */
interface Counted {
  readonly partition: Partition;
  readonly denominator: Int32Array;
  readonly numerator: Int32Array;
}

/**
 * A table for each date. Counts are made here; cells, their patient sets and the waterfall when they are first read,
 * since whoever wants numbers should not pay for names.
 */
export function peopleTables(query: PeopleQuery, dates: readonly string[], graph: Graph): ExactTable[] {
  const answer = peopleAnswer(query, graph);
  const splits = [[], ...query.splitBy].map((split) => partitionOf(split, graph));
  const counted = splits.map((partition) => count(answer, partition, graph));
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
          counts: countAll(mask, graph),
        }));
        return waterfall.map(({ label, counts }) => ({ label, people: counts[k]! }));
      },
    };
  });
}

function count({ denominator, numerator }: PeopleAnswer, partition: Partition, graph: Graph): Counted {
  const counts = (mask: Mask): Int32Array => {
    const counters = new Counters(partition.cells, mask.length);
    counters.addAll(mask, partition);
    return counters.read(graph.dates.count);
  };
  return { partition, denominator: counts(denominator), numerator: counts(numerator) };
}

function countAll(mask: Mask, graph: Graph): Int32Array {
  const counters = new Counters(1, mask.length);
  counters.addAll(mask, partitionOf([], graph));
  return counters.read(graph.dates.count);
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
