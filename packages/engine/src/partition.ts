import { splitValues, type Split, type SplitKey } from "@cairn/query-library";
import type { Graph } from "./graph.js";
import { bitsOn, onOrBefore, type DayTable, type ReferenceDates } from "./reference-dates.js";
import { UNKNOWN_DAY } from "@cairn/tables";

/**
 * The cells of a split by patient and date, as rows sorted by cell. The bits of one patient's rows are disjoint and
 * cover every date. Most patients have one row, those with a birthday between two bands have two.
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
    const rows = together(graph);
    for (const key of split) divide(rows, key, graph);
    return byCell(rows);
  });
}

/** The partition by patient: the cell that patient p is in on date k, at [p * dates + k]. */
export function cellsByPatient(
  split: Split,
  graph: Graph,
): { readonly cells: number; readonly cellOf: Uint16Array } {
  return graph.once(`cells ${JSON.stringify(split)}`, () => {
    const { cells, from, patient, bits } = partitionOf(split, graph);
    const { count } = graph.dates;
    const cellOf = new Uint16Array(graph.store.people.size * count);
    for (let c = 1; c < cells; c++) {
      for (let r = from[c]!; r < from[c + 1]!; r++) {
        const at = patient[r]! * count;
        if (bits[r] === graph.dates.all) cellOf.fill(c, at, at + count);
        else for (let k = 0; k < count; k++) if ((bits[r]! >>> k) & 1) cellOf[at + k] = c;
      }
    }
    return { cells, cellOf };
  });
}

/** Rows while the split is made, in any order; each key changes them in place. */
interface Rows {
  cells: number;
  patient: Int32Array;
  cell: Int32Array;
  bits: Int32Array;
}

/** A single row for each patient, all in one cell. */
function together({ store, dates }: Graph): Rows {
  const { size } = store.people;
  const patient = new Int32Array(size);
  for (let p = 0; p < size; p++) patient[p] = p;
  return { cells: 1, patient, cell: new Int32Array(size), bits: new Int32Array(size).fill(dates.all) };
}

/** Divides each cell by one more key, which becomes the fastest. */
function divide(rows: Rows, key: SplitKey, graph: Graph): void {
  const values = splitValues(key).length;
  const { people } = graph.store;
  switch (key.key) {
    case "sex":
      divideFixed(rows, values, people.sex, 0);
      break;
    case "ethnic_group":
      divideFixed(rows, values, people.ethnicGroup, 0);
      break;
    case "deprivation_fifth":
      divideFixed(rows, values, people.deprivationFifth, 1);
      break;
    case "age_band":
      divideByAge(rows, values, key.bounds, graph);
      break;
  }
  rows.cells *= values;
}

/**
 * Divides by a key whose value does not change with time. `first` is the value of its first cell; lower values go to
 * the last cell, unknown.
 */
function divideFixed({ patient, cell }: Rows, values: number, column: Uint8Array, first: number): void {
  for (let r = 0; r < cell.length; r++) {
    const value = column[patient[r]!]! - first;
    cell[r] = cell[r]! * values + (value < 0 ? values - 1 : value);
  }
}

/**
 * Divides by age: a row for each band that a patient is in on some date. Unknown birth, or birth after D: the last
 * cell, unknown.
 */
function divideByAge(rows: Rows, values: number, bounds: readonly number[], graph: Graph): void {
  const { patient, cell, bits } = rows;
  const { old, onFirst, onLast } = ageBands(bounds, graph.dates);
  const { birthDay } = graph.store.people;
  const more = { patient: [] as number[], cell: [] as number[], bits: [] as number[] };
  for (let r = 0; r < patient.length; r++) {
    const born = birthDay[patient[r]!]!;
    const youngest = reached(onFirst, born);
    const oldest = reached(onLast, born);
    const divided = cell[r]! * values;
    cell[r] = divided + cellOfBand(youngest, values);
    if (youngest === oldest) continue;
    let left = bits[r]! & bitsOn(old[youngest]!, born);
    bits[r]! &= ~left;
    for (let band = youngest + 1; left !== 0; band++) {
      const next = band === oldest ? 0 : left & bitsOn(old[band]!, born);
      more.patient.push(patient[r]!);
      more.cell.push(divided + cellOfBand(band, values));
      more.bits.push(left & ~next);
      left = next;
    }
  }
  rows.patient = joined(patient, more.patient);
  rows.cell = joined(cell, more.cell);
  rows.bits = joined(bits, more.bits);
}

function cellOfBand(band: number, values: number): number {
  return band === 0 ? values - 1 : band - 1;
}

function joined(column: Int32Array, more: readonly number[]): Int32Array {
  const all = new Int32Array(column.length + more.length);
  all.set(column);
  all.set(more, column.length);
  return all;
}

/**
 * The birth days at which bands start, youngest first. Band 0 is of those who are not born, or whose birth is not
 * known.
 */
interface AgeBands {
  readonly old: readonly DayTable[]; // the dates on which somebody is old enough for band b + 1
  readonly onFirst: Int32Array; // the last birth day that is old enough on the first date
  readonly onLast: Int32Array; // and on the last
}

function ageBands(bounds: readonly number[], dates: ReferenceDates): AgeBands {
  const starts = bounds[0] === 0 ? bounds : [0, ...bounds];
  const old = starts.map((years) => onOrBefore(dates, { n: years, unit: "years" }));
  return {
    old,
    onFirst: Int32Array.from(old, ({ base }) => base),
    onLast: Int32Array.from(old, ({ base, last }) => base + last - 1),
  };
}

/** Number of bands that a patient has reached. Birth days fall as bands rise. */
function reached(lastBirthDays: Int32Array, born: number): number {
  let bands = 0;
  if (born === UNKNOWN_DAY) return bands;
  while (bands < lastBirthDays.length && born <= lastBirthDays[bands]!) bands++;
  return bands;
}

/** Sorts rows by cell, with a counting sort. */
function byCell({ cells, patient, cell, bits }: Rows): Partition {
  if (cells === 1) return { cells, from: Int32Array.of(0, patient.length), patient, bits };
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
