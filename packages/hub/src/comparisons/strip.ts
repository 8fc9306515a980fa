/** What a page may show of peers, and nothing else: whole percentage points, in an order that says nothing. */
import { createHmac, randomBytes } from "node:crypto";
import { FEWEST } from "./figure.js";
import type { Collected, MemberCell } from "./collected.js";

/** One practice's place: a whole per cent, or why it has none: a withheld number, or no people in the cell. */
export type Place = number | "withheld" | "no people";

/** What a cell shows of peers: their places, or only how many withheld it where fewer than five did not. */
export type Places =
  { readonly shown: readonly Place[] } | { readonly withheld: number; readonly of: number };

const shuffleKey = randomBytes(32);

/**
 * Of those that had released when the collection closed: a dot that came later would be known by its coming.
 * Null while it is open.
 */
export function places(found: Collected, position: number): Places | null {
  const { closedAt } = found;
  if (closedAt === null) return null;
  const cells = found.members.flatMap(({ practice, released, receivedAt }) => {
    const cell = released?.[position];
    return cell && receivedAt !== null && receivedAt <= closedAt ? [{ practice, place: placeOf(cell) }] : [];
  });
  const withheld = cells.filter(({ place }) => place === "withheld").length;
  if (cells.length - withheld < FEWEST) return { withheld, of: cells.length };
  const rank = new Map(cells.map(({ practice }) => [practice, shuffleRank(found.id, position, practice)]));
  const order = (practice: string): string => rank.get(practice) as string;
  return {
    shown: cells.sort((a, b) => (order(a.practice) < order(b.practice) ? -1 : 1)).map(({ place }) => place),
  };
}

/** Another order for each cell and each start of the hub, so that no place can be followed from page to page. */
function shuffleRank(collection: number, position: number, practice: string): string {
  return createHmac("sha256", shuffleKey).update(`${collection} ${position} ${practice}`).digest("hex");
}

function placeOf({ denominator, numerator }: MemberCell): Place {
  if (denominator === "withheld" || numerator === "withheld") return "withheld";
  if (denominator.value === 0) return "no people";
  return Math.min(100, Math.round((100 * numerator.value) / denominator.value));
}
