/**
 * The dots of peers on a page: whole percentage points, and nothing else.
 *
 * List sizes are public, by age and sex too, and a share of numbers rounded to 5 takes few values where a cell is
 * small: 10 of 20 can be followed by 15 of 20 and by nothing between. So the very place of a dot would tell how many
 * people stand behind it, and with that which practice it is: in cells of 150 people more than half of the dots could
 * be named. A released number stands for every count in its interval, so a dot stands at the share of two of those
 * counts, drawn by lot: as true as the middle of both, and the same whatever the size
 * (tests/attacks/8-reidentify.ts).
 */
import { createHash } from "node:crypto";
import type { MemberCell } from "./collected.js";

/**
 * One practice's place: a whole per cent, or why it has none: a withheld number, no people in the cell, or a number
 * carried from an earlier period that may be of nobody today.
 */
export type Place = number | "withheld" | "no people" | "cannot tell";

/**
 * Two numbers in [0, 1) derived from the release's signature (SHA-256). Deterministic per release, group and cell:
 * fresh random draws could be averaged to recover the midpoint. A practice in two groups need not stand at the same
 * place in both; where its numbers are large it all but does, so see dots-apart.ts.
 */
export function lotsOf(signature: Buffer, group: string, position: number): Lots {
  const digest = createHash("sha256")
    .update(signature)
    .update(JSON.stringify([group, position]))
    .digest();
  return [digest.readUInt32BE(0) / 2 ** 32, digest.readUInt32BE(4) / 2 ** 32];
}

type Lots = readonly [denominator: number, numerator: number];

/** The place of a practice's dot. @param lots each at least 0 and below 1 */
export function placeOf({ denominator, numerator }: MemberCell, lots: Lots): Place {
  if (denominator === "withheld" || numerator === "withheld") return "withheld";
  if (denominator.high === 0) return "no people";
  if (denominator.low === 0) return "cannot tell";
  const isOfToday = !denominator.carried && !numerator.carried;
  if (isOfToday && numerator.value === denominator.value) return 100; // a few people fewer would have been withheld
  const of = drawn(denominator.low, denominator.high, lots[0]);
  const part = drawn(numerator.low, Math.min(numerator.high, of), lots[1]);
  return Math.round((100 * part) / of);
}

/** A whole number from `low` to `high`, chosen by `lot`. */
function drawn(low: number, high: number, lot: number): number {
  return low + Math.floor(lot * (high - low + 1));
}
