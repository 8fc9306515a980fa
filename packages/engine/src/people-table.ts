import { cellsOf, type Cell, type PeopleQuery, type Split } from "@cairn/query-library";
import { countCells, setsOn } from "./counters.js";
import type { Graph } from "./graph.js";
import { and, type Mask } from "./masks.js";
import { gettersOf, ownGetters } from "./own-getters.js";
import { partitionOf, type Partition } from "./partition.js";
import { choose, type ChosenPeople } from "./selection.js";
import { type ExactCell, type ExactTable, type PatientSet, at } from "@cairn/tables";
import type { Tables } from "./table.js";

/** The people counted, by date. The numerator is always inside the denominator. */
interface PeopleAnswer {
  readonly denominator: Mask;
  readonly numerator: Mask;
  readonly chosen: ChosenPeople;
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

/** A table of each date, for a query that counts people. */
export function peopleTables(query: PeopleQuery, dates: readonly string[], graph: Graph): Tables {
  const answer = peopleAnswer(query, graph);
  const counts = new Counts(answer, query, graph);
  return {
    tables: dates.map((date, k) => new PeopleTable(query, date, k, counts)),
    keep: [answer.denominator, answer.numerator, ...answer.chosen.stages.map(({ mask }) => mask)],
  };
}

/** The counts that the tables of all dates share. */
class Counts {
  readonly answer: PeopleAnswer;
  readonly splits: readonly Counted[];
  readonly optOuts: ExactTable["optOuts"];
  readonly #query: PeopleQuery;
  readonly #graph: Graph;
  #waterfall: { label: string; counts: Int32Array }[] | undefined;
  #cells: readonly Cell[] | undefined;

  constructor(answer: PeopleAnswer, query: PeopleQuery, graph: Graph) {
    this.answer = answer;
    this.splits = countSplits(answer, query.splitBy, graph);
    this.optOuts = graph.store.optOuts;
    this.#query = query;
    this.#graph = graph;
  }

  /** The names of the cells; of people they are the same on every date. */
  cells(date: string): readonly Cell[] {
    return (this.#cells ??= cellsOf(this.#query, date));
  }

  waterfall(k: number): { label: string; people: number }[] {
    const { count } = this.#graph.dates;
    this.#waterfall ??= this.answer.chosen.stages.map(({ label, mask }) => ({
      label,
      counts: countCells(mask, partitionOf([], this.#graph), count),
    }));
    return this.#waterfall.map(({ label, counts }) => ({ label, people: at(counts, k) }));
  }
}

/**
 * The table of one date. Counts are made for all dates at once; cells, sets and the waterfall on first access: most
 * callers need only the counts.
 */
class PeopleTable implements ExactTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly unit = "people";
  readonly date: string;
  readonly optOuts: ExactTable["optOuts"];
  readonly #k: number;
  readonly #counts: Counts;
  #cells: readonly ExactCell[] | undefined;

  constructor({ query, version, digest }: PeopleQuery, date: string, k: number, counts: Counts) {
    this.query = query;
    this.version = version;
    this.digest = digest;
    this.date = date;
    this.optOuts = counts.optOuts;
    this.#k = k;
    this.#counts = counts;
    ownGetters(this, OF_TABLE);
  }

  get cells(): readonly ExactCell[] {
    return (this.#cells ??= cellsOn(this.#k, this.#counts, this.#counts.cells(this.date)));
  }

  get waterfall(): ExactTable["waterfall"] {
    return this.#counts.waterfall(this.#k);
  }
}

const OF_TABLE = gettersOf(PeopleTable.prototype);

/**
 * Counts every split. The total is the sum of any split, since a split leaves nobody out; without one it is counted.
 */
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
    for (let c = 0; c < cells; c++, i++) sums[k] = at(sums, k) + at(counts, i);
  }
  return sums;
}

/** The cells of date k in the order of `splitCells`: the total, then each split. */
function cellsOn(k: number, { answer, splits }: Counts, splitCells: readonly Cell[]): ExactCell[] {
  const cells: ExactCell[] = [];
  for (const { partition, denominator, numerator } of splits) {
    const sets = new Sets(answer, k, partition);
    for (let c = 0; c < partition.cells; c++) {
      const place = k * partition.cells + c;
      cells.push(
        new PeopleCell(at(splitCells, cells.length), at(denominator, place), at(numerator, place), sets, c),
      );
    }
  }
  return cells;
}

/** The patient sets of a split's cells on date k, all made when the first is read. */
class Sets {
  readonly #make: (mask: Mask) => PatientSet[];
  readonly #answer: PeopleAnswer;
  #denominator: PatientSet[] | undefined;
  #numerator: PatientSet[] | undefined;

  constructor(answer: PeopleAnswer, k: number, partition: Partition) {
    this.#answer = answer;
    this.#make = (mask) => setsOn(mask, k, partition);
  }

  denominator(cell: number): PatientSet {
    return at((this.#denominator ??= this.#make(this.#answer.denominator)), cell);
  }

  numerator(cell: number): PatientSet {
    return at((this.#numerator ??= this.#make(this.#answer.numerator)), cell);
  }
}

class PeopleCell implements ExactCell {
  readonly split: Cell;
  readonly denominator: number;
  readonly numerator: number;
  readonly largestDenominator: number;
  readonly largestNumerator: number;
  readonly #sets: Sets;
  readonly #c: number;

  constructor(split: Cell, denominator: number, numerator: number, sets: Sets, c: number) {
    this.split = split;
    this.denominator = denominator;
    this.numerator = numerator;
    this.largestDenominator = Math.min(denominator, 1);
    this.largestNumerator = Math.min(numerator, 1);
    this.#sets = sets;
    this.#c = c;
    ownGetters(this, OF_CELL);
  }

  get denominatorSet(): PatientSet {
    return this.#sets.denominator(this.#c);
  }

  get numeratorSet(): PatientSet {
    return this.#sets.numerator(this.#c);
  }
}

const OF_CELL = gettersOf(PeopleCell.prototype);
