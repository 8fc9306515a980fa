import { ETHNIC_GROUPS, SEXES, splitValues, type Split, type SplitKey } from "@cairn/query-library";
import { atLeastYears } from "./forms/person.js";
import type { Graph } from "./graph.js";
import { UNKNOWN_DAY, type People } from "./source.js";

/**
 * Who is in which cell of a split, when: rows by patient; the bits of one patient's rows are disjoint and cover every
 * date. Most patients have one row, those with a birthday between two bands have two.
 */
export interface Partition {
  readonly cells: number;
  readonly length: number;
  readonly patient: Int32Array;
  readonly cell: Uint16Array;
  readonly bits: Int32Array;
  /** Rows of store key p: from[p] up to from[p + 1]. */
  readonly from: Int32Array;
}

/** The partition of a split; the empty split has one cell, the total. */
export function partitionOf(split: Split, graph: Graph): Partition {
  return graph.once(`partition ${JSON.stringify(split)}`, () => make(split, graph));
}

/** One key of a split: the value of a patient, or the dates of each value where it changes with time. */
type Axis =
  | { readonly values: number; readonly fixed: (p: number) => number }
  | { readonly values: number; readonly bitsOf: (p: number, value: number) => number };

function make(split: Split, graph: Graph): Partition {
  const axes = split.map((key) => axisOf(key, graph));
  const rows: { patient: number[]; cell: number[]; bits: number[] } = { patient: [], cell: [], bits: [] };
  const size = graph.store.people.size;
  const from = new Int32Array(size + 1);
  const place = (p: number, depth: number, cell: number, bits: number): void => {
    const axis = axes[depth];
    if (axis === undefined) {
      rows.patient.push(p);
      rows.cell.push(cell);
      rows.bits.push(bits);
    } else if ("fixed" in axis) {
      place(p, depth + 1, cell * axis.values + axis.fixed(p), bits);
    } else {
      for (let value = 0, left = bits; value < axis.values && left !== 0; value++) {
        const here = left & axis.bitsOf(p, value);
        if (here !== 0) place(p, depth + 1, cell * axis.values + value, here);
        left &= ~here;
      }
    }
  };
  for (let p = 0; p < size; p++) {
    place(p, 0, 0, graph.dates.all);
    from[p + 1] = rows.patient.length;
  }
  return {
    cells: axes.reduce((product, axis) => product * axis.values, 1),
    length: rows.patient.length,
    patient: Int32Array.from(rows.patient),
    cell: Uint16Array.from(rows.cell),
    bits: Int32Array.from(rows.bits),
    from,
  };
}

function axisOf(key: SplitKey, graph: Graph): Axis {
  const { people } = graph.store;
  const values = splitValues(key).length;
  switch (key.key) {
    case "sex":
      return { values, fixed: (p) => people.sex[p] ?? SEXES.indexOf("unknown") };
    case "ethnic_group":
      return { values, fixed: (p) => people.ethnicGroup[p] ?? ETHNIC_GROUPS.indexOf("unknown") };
    case "deprivation_fifth":
      return {
        values,
        fixed: (p) => (people.deprivationFifth[p]! === 0 ? 5 : people.deprivationFifth[p]! - 1),
      };
    case "age_band":
      return ageBands(key.bounds, values, people, graph);
  }
}

/** In a band: old enough for it and not for the next. Unknown birth, or birth after D: the last value, unknown. */
function ageBands(bounds: readonly number[], values: number, people: People, graph: Graph): Axis {
  const starts = bounds[0] === 0 ? bounds : [0, ...bounds];
  const reached = starts.map((years) =>
    graph.once(`age ${years}`, () => atLeastYears(people, years, graph.dates)),
  );
  const all = graph.dates.all;
  return {
    values,
    bitsOf: (p, value) => {
      if (value === values - 1) return all & ~(people.birthDay[p] === UNKNOWN_DAY ? 0 : reached[0]![p]!);
      return reached[value]![p]! & ~(reached[value + 1]?.[p] ?? 0);
    },
  };
}
