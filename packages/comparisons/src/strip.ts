/**
 * The dots of peers on a page: whole percentage points, in an order that carries no information, and nothing else.
 *
 * List sizes are public, by age and sex too, and a share of numbers rounded to 5 takes few values where a cell is
 * small: 10 of 20 can be followed by 15 of 20 and by nothing between. So the very place of a dot would tell how many
 * people stand behind it, and with that which practice it is: in cells of 150 people more than half of the dots could
 * be named. A released number stands for every count in its interval, so a dot stands at the share of two of those
 * counts, drawn by lot: as true as the middle of both, and the same whatever the size
 * (tests/attacks/8-reidentify.ts).
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { FEWEST } from "./figure.js";
import { releasedIn, type CollectedAnswers, type MemberCell } from "./collected.js";

/**
 * One practice's place: a whole per cent, or why it has none: a withheld number, no people in the cell, or a number
 * carried from an earlier period that may be of nobody today.
 */
export type Place = number | "withheld" | "no people" | "cannot tell";

/** The peers of a cell: their places, or only how many withheld it where fewer than five did not. */
type Places = { readonly shown: readonly Place[] } | { readonly withheld: number; readonly of: number };

const shuffleKey = randomBytes(32);

/**
 * The places of those that had released when the collection closed: a later dot would be identified by its time of
 * arrival. Null while the collection is open.
 */
export function places(found: CollectedAnswers, position: number): Places | null {
  if (found.closedAt === null) return null;
  const cells = releasedIn(found).flatMap(({ practice, released, signature }) => {
    const cell = released[position];
    if (!cell || !signature) return [];
    return [{ practice, place: placeOf(cell, lotsOf(signature, found.group, position)) }];
  });
  const withheld = cells.filter(({ place }) => place === "withheld").length;
  if (!found.shown || cells.length - withheld < FEWEST) return { withheld, of: cells.length };
  const rank = new Map(cells.map(({ practice }) => [practice, shuffleRank(found.id, position, practice)]));
  const order = (practice: string): string => rank.get(practice) as string;
  return {
    shown: cells.sort((a, b) => (order(a.practice) < order(b.practice) ? -1 : 1)).map(({ place }) => place),
  };
}

/**
 * The order of a practice's dot: another one for each cell and each start of the hub, so that no place can be
 * followed from page to page.
 */
function shuffleRank(collection: number, position: number, practice: string): string {
  return createHmac("sha256", shuffleKey).update(`${collection} ${position} ${practice}`).digest("hex");
}

/**
 * Two numbers in [0, 1) derived from the release's signature (SHA-256). Deterministic per release, group and cell:
 * fresh random draws could be averaged to recover the midpoint, and a practice in two groups must not stand at the
 * same place in both.
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
