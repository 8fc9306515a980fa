import { addSpan } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { decide, KEPT, rangeOf, SHAPE_OF_COMPARATOR } from "../limits.js";
import { reader } from "../readings.js";
import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";
import { blank } from "../masks.js";

type Two = ConditionOf<"two">;

/**
 * Holds where the window has two events, the second at least a span after the first. For each second event the
 * nearest first one that is far enough away is the one most likely to share a window with it, so no other is looked
 * at.
 */
export const two: Form<Two> = {
  ...PLAIN,
  reads: ({ list, value }) => [[list, value === null ? {} : { value: true }]],
  holds(condition, ask) {
    const { patient, offset, day } = ask.postings(ask.list(condition.list));
    const window = ask.window(condition.window);
    const counts = whichCount(condition, ask);
    const { apart } = condition;
    const mask = blank(ask.people.size);
    const seen: number[] = []; // days of this patient's events that count, newest first
    for (let p = 0; p < patient.length; p++) {
      const wanted = ask.among[patient[p]!]!;
      if (wanted === 0) continue;
      const start = offset[p]! | 0;
      seen.length = 0;
      for (let i = (offset[p + 1]! | 0) - 1; i >= start; i--) {
        const d = day[i]!;
        if (d <= window.floor) break;
        if (bitsOn(window, d) !== 0 && counts(i)) seen.push(d);
      }
      let held = 0;
      for (let second = 0, first = 1; second < seen.length; second++) {
        if (first <= second) first = second + 1;
        while (first < seen.length && addSpan(seen[first]!, apart) > seen[second]!) first++;
        if (first >= seen.length) break;
        held |= bitsOn(window, seen[second]!) & bitsOn(window, seen[first]!);
        if ((wanted & ~held) === 0) break;
      }
      mask[patient[p]!] = held;
    }
    return mask;
  },
};

/** Whether entry i counts: always, or only where its reading surely keeps the limits. */
function whichCount({ list, value }: Two, ask: FormContext): (i: number) => boolean {
  if (value === null) return () => true;
  const postings = ask.postings(ask.list(list));
  const read = reader(postings, ask.list(list), value.reading);
  const range = rangeOf(value.limits);
  const comparator = postings.comparator!;
  return (i) => {
    const x = read(i);
    return x === x && decide(x, SHAPE_OF_COMPARATOR[comparator[i]!]!, range) === KEPT;
  };
}
