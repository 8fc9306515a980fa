/**
 * The intervals of a released cell at its own date, wherever it is read.
 *
 * A value made at this date stands for every count that its policy maps to it. A carried value was made at an earlier
 * date and is repeated while the count is fewer than k away from what it was then, none included (g4-time.ts). So
 * today's count lies within k - 1 of that interval, however many periods ago the value was made: the change is
 * measured from the value's own period and not from one period to the next.
 */
import { intervalOf, smallBelow, type PolicyIntegers, type ReleasedValue } from "./policy.js";

/** One count of a cell as it travels: 0 withheld, n + 1 for n; made `carried` periods ago, 0 for this one. */
export interface CarriedCode {
  readonly code: number;
  readonly carried: number;
}

/** The two counts of a cell, each with every count that it can stand for at the release's own date. */
export interface CellIntervals {
  readonly denominator: ReleasedValue | "withheld";
  readonly numerator: ReleasedValue | "withheld";
}

/**
 * Every count that a carried value can stand for today: its own interval and k - 1 people more on each side, at
 * least 0; null where the policy gives no such value.
 */
export function carriedIntervalOf(policy: PolicyIntegers, value: number): ReleasedValue | null {
  const then = intervalOf(policy, value);
  const most = smallBelow(policy) - 1;
  return then && { value, low: Math.max(0, then.low - most), high: then.high + most };
}

/**
 * Both counts of a cell as intervals, those of a carried value widened, and each kept to what the other allows: a
 * numerator is at most its denominator. null where the policy gives no such values or they cannot be of one cell.
 */
export function cellIntervalsOf(
  policy: PolicyIntegers,
  denominator: CarriedCode,
  numerator: CarriedCode,
): CellIntervals | null {
  const [whole, part] = [interval(policy, denominator), interval(policy, numerator)];
  if (!whole || !part || (whole === "withheld" && part !== "withheld")) return null;
  if (whole === "withheld" || part === "withheld") return { denominator: whole, numerator: part };
  if (part.low > whole.high) return null;
  return {
    denominator: { ...whole, low: Math.max(whole.low, part.low) },
    numerator: { ...part, high: Math.min(part.high, whole.high) },
  };
}

function interval(policy: PolicyIntegers, { code, carried }: CarriedCode): ReleasedValue | "withheld" | null {
  if (code === 0) return "withheld";
  return carried > 0 ? carriedIntervalOf(policy, code - 1) : intervalOf(policy, code - 1);
}
