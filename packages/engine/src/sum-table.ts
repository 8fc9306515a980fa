import { cellsOf, type Cell, type EventsQuery, type ItemsQuery } from "@cairn/query-library";
import type { Graph } from "./graph.js";
import { gettersOf, ownGetters } from "./own-getters.js";
import { partitionOf, type Partition } from "./partition.js";
import { addTo, emptySet } from "./sets.js";
import { eventSums, itemSums, type SumRows } from "./sums.js";
import type { ExactCell, ExactTable, PatientSet, Tables } from "./table.js";

/** A split that has been summed: its cells are people's (by a partition), or groups of events (by what they are called). */
interface Summed {
  readonly rows: SumRows;
  readonly partition: Partition | null;
}

/** A table for each date, of sums over issues or events of the base population. */
export function sumTables(query: ItemsQuery | EventsQuery, dates: readonly string[], graph: Graph): Tables {
  const rows = query.unit === "events" ? eventSums(query, null, graph) : itemSums(query, graph);
  const summed: Summed[] = [[], ...query.splitBy].map((split) => ({
    rows,
    partition: partitionOf(split, graph),
  }));
  if (query.unit === "events") {
    for (const key of query.by) summed.push({ rows: eventSums(query, key, graph), partition: null });
  }
  return {
    tables: dates.map((date, k) => new SumTable(query, date, k, summed, graph.store.people.size)),
    keep: [],
  };
}

/** Its cells are added up when they are first read. */
class SumTable implements ExactTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly unit: ExactTable["unit"];
  readonly date: string;
  readonly waterfall = [];
  readonly #make: () => ExactCell[];
  #cells: readonly ExactCell[] | undefined;

  constructor(
    query: ItemsQuery | EventsQuery,
    date: string,
    k: number,
    summed: readonly Summed[],
    size: number,
  ) {
    this.query = query.query;
    this.version = query.version;
    this.digest = query.digest;
    this.unit = query.unit;
    this.date = date;
    this.#make = () => cellsOn(k, query, date, summed, size);
    ownGetters(this, OF_TABLE);
  }

  get cells(): readonly ExactCell[] {
    return (this.#cells ??= this.#make());
  }
}

const OF_TABLE = gettersOf(SumTable.prototype);

/** Whole units: quantities were added in thousandths and are rounded once, at the end. */
export function inWholeUnits(sum: number, unit: ExactTable["unit"]): number {
  return unit === "quantity" ? Math.round(sum / 1000) : sum;
}

/** A cell while it is being added up. */
class Adding {
  denominator = 0;
  numerator = 0;
  largestDenominator = 0;
  largestNumerator = 0;
  readonly denominatorSet: PatientSet;
  readonly numeratorSet: PatientSet;

  constructor(size: number) {
    this.denominatorSet = emptySet(size);
    this.numeratorSet = emptySet(size);
  }

  add(patient: number, denominator: number, numerator: number): void {
    this.denominator += denominator;
    this.numerator += numerator;
    this.largestDenominator = Math.max(this.largestDenominator, denominator);
    this.largestNumerator = Math.max(this.largestNumerator, numerator);
    if (denominator > 0) addTo(this.denominatorSet, patient);
    if (numerator > 0) addTo(this.numeratorSet, patient);
  }

  done(split: Cell, unit: ExactTable["unit"]): ExactCell {
    return {
      split,
      denominator: inWholeUnits(this.denominator, unit),
      numerator: inWholeUnits(this.numerator, unit),
      denominatorSet: this.denominatorSet,
      numeratorSet: this.numeratorSet,
      largestDenominator: inWholeUnits(this.largestDenominator, unit),
      largestNumerator: inWholeUnits(this.largestNumerator, unit),
    };
  }
}

function cellsOn(
  k: number,
  query: ItemsQuery | EventsQuery,
  date: string,
  summed: readonly Summed[],
  size: number,
): ExactCell[] {
  const splits = cellsOf(query, date);
  const cells: ExactCell[] = [];
  for (const { rows, partition } of summed) {
    const count = partition?.cells ?? groupCells(splits, cells.length);
    const adding = Array.from({ length: count }, () => new Adding(size));
    const cellOf =
      partition === null ? byGroup(rows, splits, cells.length, count) : byPatient(rows, partition, k, size);
    rows.patient.forEach((patient, row) => {
      const cell = adding[cellOf(row)];
      const at = row * rows.dates + k;
      cell?.add(patient, rows.denominator[at]!, rows.numerator[at]!);
    });
    for (const each of adding) cells.push(each.done(splits[cells.length]!, query.unit));
  }
  return cells;
}

/** The cell that holds the row's patient on date k. */
function byPatient(
  rows: SumRows,
  { cells, patient, bits, from }: Partition,
  k: number,
  size: number,
): (row: number) => number {
  const cellOf = new Uint16Array(size);
  for (let c = 0; c < cells; c++) {
    for (let r = from[c]!; r < from[c + 1]!; r++) if ((bits[r]! >>> k) & 1) cellOf[patient[r]!] = c;
  }
  return (row) => cellOf[rows.patient[row]!]!;
}

/** The cell of the row's group, or -1 where the table of this date has none: a year outside its window. */
function byGroup(
  rows: SumRows,
  splits: readonly Cell[],
  first: number,
  count: number,
): (row: number) => number {
  const names = splits.slice(first, first + count).map((cell) => Object.values(cell)[0]);
  const cellOfGroup = rows.groups.map((name) => names.indexOf(name));
  return (row) => cellOfGroup[rows.group[row]!]!;
}

/** How many cells from `first` on belong to the same `by` key. */
function groupCells(splits: readonly Cell[], first: number): number {
  const key = Object.keys(splits[first] ?? {})[0];
  let end = first;
  while (end < splits.length && Object.keys(splits[end]!)[0] === key) end++;
  return end - first;
}
