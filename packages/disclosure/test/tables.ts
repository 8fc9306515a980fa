/** Small tables said by their counts: for tests that name what they mean. */
import type { UndecidedTable } from "../src/table.js";
import type { ExactCell } from "../../tables/src/exact-table.js";

/** Keys from (included) to end (excluded). */
export type Span = readonly [from: number, end: number];

function setOf(...spans: readonly Span[]): Uint32Array {
  const end = spans.reduce((most, [, last]) => Math.max(most, last), 0);
  const set = new Uint32Array((end >> 5) + 1);
  for (const [from, end] of spans)
    for (let key = from; key < end; key++) set[key >> 5] = (set[key >> 5] ?? 0) | (1 << (key & 31));
  return set;
}

export function cell(
  split: Record<string, string>,
  denominator: readonly Span[],
  numerator: readonly Span[],
): ExactCell {
  const size = (spans: readonly Span[]): number => spans.reduce((sum, [from, end]) => sum + end - from, 0);
  return {
    split,
    denominator: size(denominator),
    numerator: size(numerator),
    denominatorSet: setOf(...denominator),
    numeratorSet: setOf(...numerator),
    largestDenominator: 1,
    largestNumerator: 1,
  };
}

export function table(cells: readonly ExactCell[], named: Partial<UndecidedTable> = {}): UndecidedTable {
  const { query = "q", version = "1", date = "2025-03-31" } = named;
  return {
    unit: "people",
    ...named,
    query,
    version,
    date,
    digest: named.digest ?? `${query}@${version}`,
    cells,
  };
}

export const nextQuarter = (n: number): string =>
  `${2021 + Math.floor(n / 4)}-${["03-31", "06-30", "09-30", "12-31"][n % 4]}`;
