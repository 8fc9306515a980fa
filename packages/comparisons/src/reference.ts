/** What a group is compared with: a published population, or a large group's own practices. */
import { overdispersion, quantile } from "@cairn/statistics/intervals";
import { releasedIn, type CollectedAnswers } from "./collected.js";
import { wholePoints } from "./document-cell.js";

/** A population to compare with: a published one, or a large group's own practices. Shares in 0..1. */
export interface PublishedReference {
  readonly of: "elsewhere" | "this-group";
  readonly source: string;
  readonly date: string; // ISO 8601
  readonly practices: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly tau2: number;
}

/** Variation beyond chance is estimated on so many practices or more, and so never on a cluster. */
export const FEWEST_PRACTICES = 30;
/** Where more of the contributing practices withhold a number, the tenths of the others are not those of all. */
export const MOST_WITHHELD = 0.1;

/**
 * Makes the reference of everyone in a closed collection; null where fewer than 30 practices show both numbers, or more
 * than a tenth withhold one. Tenths and middle are at whole percentage points, as dots are.
 */
export function ownReference(found: CollectedAnswers): PublishedReference | null {
  const contributing = releasedIn(found);
  const known = contributing.flatMap(({ released: [total] }) => {
    if (!total || total.numerator === "withheld" || total.denominator === "withheld") return [];
    const { numerator, denominator } = total;
    if (denominator.low <= 0) return [];
    return [{ x: Math.min(numerator.value, denominator.value), n: denominator.value }];
  });
  if (known.length < FEWEST_PRACTICES || known.length < (1 - MOST_WITHHELD) * contributing.length)
    return null;
  const shares = known.map(({ x, n }) => x / n);
  const [p10, p50, p90] = [0.1, 0.5, 0.9].map((p) => wholePoints(quantile(shares, p))) as [
    number,
    number,
    number,
  ];
  const target = quantile(shares, 0.5);
  const { tau2 } = overdispersion({ x: known.map(({ x }) => x), n: known.map(({ n }) => n), target });
  const source = "this group's own practices";
  return {
    of: "this-group",
    source,
    date: found.date,
    practices: known.length,
    p10,
    p50,
    p90,
    tau2: rounded(tau2),
  };
}

/** To four decimal places. */
function rounded(variance: number): number {
  return Math.round(variance * 1e4) / 1e4;
}
