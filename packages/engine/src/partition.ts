import { splitValues, type Split, type SplitKey } from "@cairn/query-library";
import { atLeastYears } from "./forms/person.js";
import type { Graph } from "./graph.js";
import type { Mask } from "./masks.js";

/**
 * Who is in which cell of a split, when: rows by cell and then patient. The bits of one patient's rows are disjoint
 * and cover every date. Most patients have one row, those with a birthday between two bands have two.
 */
export interface Partition {
  readonly cells: number;
  readonly patient: Int32Array;
  readonly bits: Int32Array;
  /** Rows of cell c: from[c] up to from[c + 1]. */
  readonly from: Int32Array;
}

/** The partition of a split; the empty split has one cell, the total. */
export function partitionOf(split: Split, graph: Graph): Partition {
  return graph.once(`partition ${JSON.stringify(split)}`, () => {
    const rows = split.reduce((sofar, key) => divide(sofar, key, graph), together(graph));
    return byCell(rows);
  });
}

/** Rows while the split is made, by patient. */
interface Rows {
  readonly cells: number;
  readonly patient: Int32Array;
  readonly cell: Int32Array;
  readonly bits: Int32Array;
}

/** Everybody in one cell. */
function together({ store, dates }: Graph): Rows {
  const { size } = store.people;
  const patient = new Int32Array(size).map((_, p) => p);
  return { cells: 1, patient, cell: new Int32Array(size), bits: new Int32Array(size).fill(dates.all) };
}

/** Each cell divided by one more key, which becomes the fastest. */
function divide(rows: Rows, key: SplitKey, graph: Graph): Rows {
  const values = splitValues(key).length;
  const { people } = graph.store;
  switch (key.key) {
    case "sex":
      return divideFixed(rows, values, people.sex);
    case "ethnic_group":
      return divideFixed(rows, values, people.ethnicGroup);
    case "deprivation_fifth":
      return divideFixed(
        rows,
        values,
        people.deprivationFifth.map((fifth) => (fifth === 0 ? values - 1 : fifth - 1)),
      );
    case "age_band":
      return divideByAge(rows, values, key.bounds, graph);
  }
}

/** A key whose value does not change with time. */
function divideFixed({ cells, patient, cell, bits }: Rows, values: number, valueOf: Uint8Array): Rows {
  return {
    cells: cells * values,
    patient,
    cell: cell.map((c, r) => c * values + valueOf[patient[r]!]!),
    bits,
  };
}

/** In a band: old enough for it and not for the next. Unknown birth, or birth after D: the last value, unknown. */
function divideByAge(rows: Rows, values: number, bounds: readonly number[], graph: Graph): Rows {
  const { people } = graph.store;
  const starts = bounds[0] === 0 ? bounds : [0, ...bounds];
  const reached = starts.map((years) =>
    graph.once(`age ${years}`, () => atLeastYears(people, years, graph.dates)),
  );
  const most = rows.patient.length + crossings(rows, reached);
  const patient = new Int32Array(most);
  const cell = new Int32Array(most);
  const bits = new Int32Array(most);
  let length = 0;
  for (let r = 0; r < rows.patient.length; r++) {
    const p = rows.patient[r]!;
    let left = rows.bits[r]!;
    for (let band = starts.length - 1; band >= -1 && left !== 0; band--) {
      const here = band < 0 ? left : left & reached[band]![p]!;
      if (here === 0) continue;
      patient[length] = p;
      cell[length] = rows.cell[r]! * values + (band < 0 ? values - 1 : band);
      bits[length++] = here;
      left &= ~here;
    }
  }
  const cut = (column: Int32Array) => column.subarray(0, length);
  return { cells: rows.cells * values, patient: cut(patient), cell: cut(cell), bits: cut(bits) };
}

/** How many rows too many there would be with one for each: a row more for each bound reached between two dates. */
function crossings({ patient, bits }: Rows, reached: readonly Mask[]): number {
  let count = 0;
  for (const mask of reached) {
    for (let r = 0; r < patient.length; r++) {
      const here = mask[patient[r]!]! & bits[r]!;
      if (here !== 0 && here !== bits[r]) count++;
    }
  }
  return count;
}

/** A counting sort, which keeps the order of patients. */
function byCell({ cells, patient, cell, bits }: Rows): Partition {
  const from = new Int32Array(cells + 1);
  for (let r = 0; r < cell.length; r++) from[cell[r]! + 1]!++;
  for (let c = 0; c < cells; c++) from[c + 1]! += from[c]!;
  const next = from.slice();
  const sorted = { patient: new Int32Array(patient.length), bits: new Int32Array(patient.length) };
  for (let r = 0; r < cell.length; r++) {
    const at = next[cell[r]!]!++;
    sorted.patient[at] = patient[r]!;
    sorted.bits[at] = bits[r]!;
  }
  return { cells, from, ...sorted };
}
