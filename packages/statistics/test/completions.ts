/** Small random boxes of whole numbers, and all that may be true of them. */
import fc from "fast-check";
import { interval, toInterval, type Interval, type Value } from "@cairn/statistics";

/** A count of 0 to `most`, up to `width` wide. */
export function count(most: number, width: number, least = 0): fc.Arbitrary<Interval> {
  return fc
    .tuple(fc.integer({ min: least, max: most }), fc.nat(width))
    .map(([low, more]) => interval(low, low + more));
}

/** Every choice of one whole number out of each interval. */
export function* completions(values: readonly Value[]): Generator<number[]> {
  const [first, ...others] = values;
  if (first === undefined) return yield [];
  const { low, high } = toInterval(first);
  for (let one = low; one <= high; one++) for (const rest of completions(others)) yield [one, ...rest];
}

/** Options of a property whose seed a failing run prints. */
export function seeded(t: { comment: (words: string) => unknown }, numRuns: number): fc.Parameters<unknown> {
  const seed = Date.now() % 1_000_000;
  t.comment(`seed ${seed}`);
  return { seed, numRuns };
}
