import { cellsOf, type Cell, type EventsQuery, type ItemsQuery, type Split } from "@cairn/query-library";
import type { Graph } from "./graph.js";
import { gettersOf, ownGetters } from "./own-getters.js";
import { cellsByPatient } from "./partition.js";
import { SumCells } from "./sum-cells.js";
import { addUp, type Sink, type GroupingRequest } from "./sums.js";
import { type ExactCell, type ExactTable, at } from "@cairn/tables";
import type { Tables } from "./table.js";

/** A table of each date, for a query that sums issues or events of the base population. */
export function sumTables(query: ItemsQuery | EventsQuery, dates: readonly string[], graph: Graph): Tables {
  const called = dates.map((date) => cellsOf(query, date));
  const most = Math.max(...called.map((cells) => cells.length));
  const sums = new SumCells(most, dates.length, graph.store.people.size);
  const wanted: GroupingRequest[] = [{ by: null, taker: () => intoSplits(sums, query.splitBy, graph) }];
  if (query.unit === "events") {
    for (const by of query.by) wanted.push({ by, taker: (groups) => intoGroups(sums, by, groups, called) });
  }
  addUp(query, graph, wanted);
  return {
    tables: dates.map((date, k) => new SumTable(query, date, k, at(called, k), sums, graph.store.optOuts)),
    keep: [],
  };
}

/** A sink that adds to the total and to the person's cell of each split. */
function intoSplits(sums: SumCells, splits: readonly Split[], graph: Graph): Sink {
  const { count } = graph.dates;
  let cells = 0;
  const places = [[], ...splits].map((split) => {
    const found = { first: cells, ...cellsByPatient(split, graph) };
    cells += found.cells;
    return found;
  });
  return (patient, _group, denominator, numerator) => {
    for (let k = 0; k < count; k++) {
      if (denominator[k] === 0 && numerator[k] === 0) continue;
      for (const { first, cellOf } of places)
        sums.add(k, first + at(cellOf, patient * count + k), patient, at(denominator, k), at(numerator, k));
    }
  };
}

/** A sink that adds to the cell of the group. The table of a date may have none for it: a year outside its window. */
function intoGroups(
  sums: SumCells,
  by: EventsQuery["by"][number],
  groups: readonly string[],
  called: readonly (readonly Cell[])[],
): Sink {
  const cellOf = groups.map((name) => called.map((cells) => cells.findIndex((cell) => cell[by] === name)));
  return (patient, group, denominator, numerator) => {
    at(cellOf, group).forEach((cell, k) => {
      if (cell >= 0) sums.add(k, cell, patient, at(denominator, k), at(numerator, k));
    });
  };
}

/** The table of one date. Its cells are made when they are first read. */
class SumTable implements ExactTable {
  readonly query: string;
  readonly version: string;
  readonly digest: string;
  readonly unit: ExactTable["unit"];
  readonly date: string;
  readonly optOuts: ExactTable["optOuts"];
  readonly waterfall = [];
  readonly #make: () => ExactCell[];
  #cells: readonly ExactCell[] | undefined;

  constructor(
    { query, version, digest, unit }: ItemsQuery | EventsQuery,
    date: string,
    k: number,
    called: readonly Cell[],
    sums: SumCells,
    optOuts: ExactTable["optOuts"],
  ) {
    this.query = query;
    this.version = version;
    this.digest = digest;
    this.unit = unit;
    this.date = date;
    this.optOuts = optOuts;
    this.#make = () =>
      called.map((split, cell) => {
        const found = sums.at(k, cell);
        return {
          split,
          denominator: inWholeUnits(found.denominator, unit),
          numerator: inWholeUnits(found.numerator, unit),
          denominatorSet: found.denominatorSet,
          numeratorSet: found.numeratorSet,
          largestDenominator: inWholeUnits(found.largestDenominator, unit),
          largestNumerator: inWholeUnits(found.largestNumerator, unit),
        };
      });
    ownGetters(this, OF_TABLE);
  }

  get cells(): readonly ExactCell[] {
    return (this.#cells ??= this.#make());
  }
}

const OF_TABLE = gettersOf(SumTable.prototype);

/** A sum in whole units: quantities were added in thousandths and are rounded once, at the end. */
export function inWholeUnits(sum: number, unit: ExactTable["unit"]): number {
  return unit === "quantity" ? Math.round(sum / 1000) : sum;
}
