/** A practice's own numbers as a share. */
import { percentOrNot, type Sum } from "@cairn/comparisons";

interface Share {
  readonly low: number;
  readonly high: number;
}

/** The share in 0..1; null where there is none or it could be anything. */
export function shareOf(sum: Sum | null): Share | null {
  if (!sum || sum.denominator.low <= 0) return null;
  const { numerator: x, denominator: n } = sum;
  const share = { low: x.low / n.high, high: Math.min(1, x.high / n.low) };
  return percentOrNot(share) === null ? null : share;
}
