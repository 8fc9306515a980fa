/** The entries of a list's postings that have a valid number, and that number. UNITS.md has the rules. */
import type { Codelist, Reading } from "@cairn/query-library";
import { RANK_OF_COMPARATOR } from "./limits.js";
import type { Postings } from "@cairn/tables";
import { canonicalUnit, conversion } from "./units.js";

/** The number of entry i in the asked unit; NaN where it has none, or one outside the plausible range. */
export type Reader = (i: number) => number;

export function reader(postings: Postings, list: Codelist, reading: Reading): Reader {
  const value = postings.value!;
  const unit = postings.unit!;
  const [low, high] = reading.plausible ?? [-Infinity, Infinity];
  const ways = postings.units.map((recorded) =>
    conversion(canonicalUnit(recorded) === "" ? (list.unit ?? "") : recorded, reading.unit, list.name),
  );
  const same = Uint8Array.from(ways, (way) => (way === "same" ? 1 : 0));
  return (i) => {
    let x = value[i]!;
    const recorded = unit[i]!;
    if (same[recorded] === 0) {
      const way = ways[recorded];
      x = typeof way === "function" ? way(x) : NaN;
    }
    return x >= low && x <= high ? x : NaN;
  };
}

/**
 * Whether the first reading is lower than the second. Ties of the number go by comparator (indexes into COMPARATORS).
 */
export function isLower(x: number, comparator: number, than: number, itsComparator: number): boolean {
  return x < than || (x === than && RANK_OF_COMPARATOR[comparator]! < RANK_OF_COMPARATOR[itsComparator]!);
}

/** The entry of a day's readings that the same-day rule picks, or -1; entries from `first` to `last`, both included. */
export function pickOfDay(
  read: Reader,
  comparator: Uint8Array,
  first: number,
  last: number,
  lowest: boolean,
): number {
  const only = read(last);
  let best = only === only ? last : -1;
  let bestValue = only;
  for (let i = last - 1; i >= first; i--) {
    const x = read(i);
    if (x !== x) continue;
    const better =
      best < 0 ||
      (lowest
        ? isLower(x, comparator[i]!, bestValue, comparator[best]!)
        : isLower(bestValue, comparator[best]!, x, comparator[i]!));
    if (better) {
      best = i;
      bestValue = x;
    }
  }
  return best;
}

/** The first entry of the day that entry `i` lies on, not before `start`. */
export function startOfDay(day: Int32Array, start: number, i: number): number {
  const d = day[i]!;
  let first = i;
  while (first > start && day[first - 1] === d) first--;
  return first;
}
