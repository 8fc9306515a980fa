import type { FormContext } from "../ask.js";
import type { Runs } from "../runs.js";
import { decide, KEPT, rangeOf, UNDECIDED, type Range } from "../limits.js";
import { blank, filled, type Mask } from "../masks.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

type CompareValue = ConditionOf<"compare_value">;

/**
 * Holds where a value keeps all limits. Missing where there is no value, or one whose comparator leaves the limits
 * undecided.
 */
export const compareValue: Form<CompareValue> = {
  ...PLAIN,
  holds(condition, ask) {
    const { length, patient, bits, value, shape, n } = runsOf(condition, ask);
    const range = rangeOf(condition.limits);
    const mask = blank(ask.people.size);
    for (let r = 0; r < length; r++) {
      if (decide(value[r]!, shape[r]!, forSum(range, n, r)) === KEPT) mask[patient[r]!]! |= bits[r]!;
    }
    return mask;
  },
  missing(condition, ask): Mask {
    const { length, patient, bits, value, shape, n } = runsOf(condition, ask);
    const range = rangeOf(condition.limits);
    const mask = filled(ask.people.size, ask.dates.all);
    for (let r = 0; r < length; r++) {
      if (decide(value[r]!, shape[r]!, forSum(range, n, r)) !== UNDECIDED) mask[patient[r]!]! &= ~bits[r]!;
    }
    return mask;
  },
};

function runsOf({ fact, component }: CompareValue, ask: FormContext): Runs {
  return component === null ? ask.fact(fact, "value").runs : ask.fact(fact, "pair")[component];
}

/**
 * The limits for the sum behind a mean: n times each, in millionths like the sum. Those of any other value are
 * unchanged.
 */
function forSum(range: Range, n: Int32Array | null, r: number): Range {
  if (n === null) return range;
  const times = n[r]!;
  return { ...range, low: times * Math.round(range.low * 1e6), high: times * Math.round(range.high * 1e6) };
}
