/** An independent check of G2: rational elimination with BigInt over people, written without the guard's code. */
import type { ReleasedTable } from "../src/released.js";
import type { UndecidedTable } from "../src/table.js";

interface Exposure {
  readonly group: string;
  readonly people: number;
}

/** Who is in a set, one bit a person. */
function isIn(set: Uint32Array, key: number): boolean {
  return (((set[key >> 5] ?? 0) >>> (key & 31)) & 1) === 1;
}

/** Which counts left, by cell position. */
interface Left {
  readonly denominator: boolean;
  readonly numerator: boolean;
}

export function leftOf(released: ReleasedTable): Left[] {
  return released.cells.map((cell) => ({
    denominator: cell.denominator !== "withheld",
    numerator: cell.numerator !== "withheld",
  }));
}

/**
 * Small groups (1 to small-1 people) of the cross of the table's keys and its margins, whole, inside and outside
 * the numerator, that are a linear combination of the exact counts that left.
 */
export function computable(asked: UndecidedTable, left: readonly Left[], small = 8): Exposure[] {
  const columns = columnsOf(asked);
  const keys = Object.keys(columns[0]?.at ?? {});
  const basis: { pivot: number; row: bigint[] }[] = [];
  asked.cells.forEach((cell, i) => {
    for (const side of ["denominator", "numerator"] as const) {
      const set = side === "denominator" ? cell.denominatorSet : cell.numeratorSet;
      if (!left[i]?.[side] || cell[side] === 0) continue;
      if (cell[side] < small) continue;
      extend(
        basis,
        columns.map((column) => (isIn(set, column.first) ? 1n : 0n)),
      );
    }
  });
  const groups = new Map<string, { row: bigint[]; people: number }>();
  columns.forEach((column, nth) => {
    for (let margin = 0; margin < 2 ** keys.length; margin++) {
      const place = keys.filter((_, k) => margin & (1 << k)).map((key) => `${key}=${column.at[key]}`);
      for (const which of ["all", column.numerator ? "numerator" : "rest"]) {
        const name = [...place, which].join(" ");
        const group = groups.get(name) ?? { row: columns.map(() => 0n), people: 0 };
        group.row[nth] = 1n;
        group.people += column.people;
        groups.set(name, group);
      }
    }
  });
  return [...groups]
    .filter(([, group]) => group.people > 0 && group.people < small)
    .filter(([, group]) => reduce(basis, group.row).every((x) => x === 0n))
    .map(([group, { people }]) => ({ group, people }));
}

/** People that no cell tells apart. */
interface Column {
  readonly first: number;
  readonly at: Readonly<Record<string, string>>;
  readonly numerator: boolean;
  people: number;
}

function columnsOf(asked: UndecidedTable): Column[] {
  const total = asked.cells[0];
  if (!total) return [];
  const found = new Map<string, Column>();
  for (let key = 0; key < total.denominatorSet.length * 32; key++) {
    if (!isIn(total.denominatorSet, key)) continue;
    const at: Record<string, string> = {};
    for (const { split, denominatorSet } of asked.cells)
      if (isIn(denominatorSet, key)) Object.assign(at, split);
    const numerator = isIn(total.numeratorSet, key);
    const name = JSON.stringify([Object.entries(at).sort(), numerator]);
    const column = found.get(name) ?? { first: key, at, numerator, people: 0 };
    column.people++;
    found.set(name, column);
  }
  return [...found.values()];
}

function reduce(basis: readonly { pivot: number; row: bigint[] }[], row: readonly bigint[]): bigint[] {
  let rest = [...row];
  for (const { pivot, row: by } of basis) {
    const times = rest[pivot] ?? 0n;
    if (times === 0n) continue;
    const scale = by[pivot] ?? 1n;
    rest = rest.map((x, i) => x * scale - (by[i] ?? 0n) * times);
    const shared = rest.reduce((a, x) => gcd(a, x), 0n);
    if (shared > 1n) rest = rest.map((x) => x / shared);
  }
  return rest;
}

function extend(basis: { pivot: number; row: bigint[] }[], row: readonly bigint[]): void {
  const rest = reduce(basis, row);
  const pivot = rest.findIndex((x) => x !== 0n);
  if (pivot !== -1) basis.push({ pivot, row: rest });
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
