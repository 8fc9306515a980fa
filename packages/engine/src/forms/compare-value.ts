import type { Ask } from "../graph.js";
import type { Runs } from "../facts/runs.js";
import { decide, KEPT, rangeOf, UNDECIDED, type Range } from "../limits.js";
import type { Mask } from "../masks.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

type CompareValue = ConditionOf<"compare_value">;

/** A value keeps all limits. Missing where there is no value, or one whose comparator leaves the limits undecided. */
export const compareValue: Form<CompareValue> = {
  ...PLAIN,
  holds(condition, ask) {
    const mask = new Int32Array(ask.people.size);
    eachDecision(condition, ask, (patient, bits, decision) => {
      if (decision === KEPT) mask[patient]! |= bits;
    });
    return mask;
  },
  missing(condition, ask): Mask {
    const mask = new Int32Array(ask.people.size).fill(ask.dates.all);
    eachDecision(condition, ask, (patient, bits, decision) => {
      if (decision !== UNDECIDED) mask[patient]! &= ~bits;
    });
    return mask;
  },
};

function eachDecision(
  { fact, component, limits }: CompareValue,
  ask: Ask,
  take: (patient: number, bits: number, decision: number) => void,
): void {
  const runs = component === null ? ask.fact(fact, "value").runs : ask.fact(fact, "pair")[component];
  const range = rangeOf(limits);
  const { length, patient, bits, value, shape } = runs;
  for (let r = 0; r < length; r++) {
    const limit = runs.n === null ? range : forSum(range, runs, r);
    take(patient[r]!, bits[r]!, decide(value[r]!, shape[r]!, limit));
  }
}

/** The limits of a mean, for its sum: n times each, in millionths like the sum. */
function forSum(range: Range, runs: Runs, r: number): Range {
  const n = runs.n![r]!;
  return { ...range, low: n * Math.round(range.low * 1e6), high: n * Math.round(range.high * 1e6) };
}
