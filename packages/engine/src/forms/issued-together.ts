import { addSpan } from "@cairn/query-library";
import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";
import { blank } from "../masks.js";

/**
 * Holds where the window has an issue of each list, at most a span apart either way. For each issue of the first list
 * the nearest of the other before it and after it are the ones most likely to share a window with it, so no other is
 * looked at.
 */
export const issuedTogether: Form<ConditionOf<"issued_together">> = {
  ...PLAIN,
  reads: ({ lists }) => lists.map((list) => [list, {}]),
  holds({ lists, within, window }, ask) {
    const a = ask.postings(ask.list(lists[0]));
    const b = ask.postings(ask.list(lists[1]));
    const days = ask.window(window);
    const mask = blank(ask.people.size);
    for (let p = 0, q = 0; p < a.patient.length; p++) {
      const key = a.patient[p]!;
      const wanted = ask.among[key]!;
      if (wanted === 0) continue;
      while (q < b.patient.length && b.patient[q]! < key) q++;
      if (b.patient[q] !== key) continue;
      const start = a.offset[p]! | 0;
      const otherStart = b.offset[q]! | 0;
      const otherEnd = b.offset[q + 1]! | 0;
      let j = otherEnd; // the oldest of b that is not before the issue of a
      let held = 0;
      for (let i = (a.offset[p + 1]! | 0) - 1; i >= start && (wanted & ~held) !== 0; i--) {
        const d = a.day[i]!;
        if (d <= days.floor) break;
        const bits = bitsOn(days, d);
        while (j > otherStart && b.day[j - 1]! >= d) j--;
        if (bits === 0) continue;
        if (j < otherEnd && b.day[j]! <= addSpan(d, within)) held |= bits & bitsOn(days, b.day[j]!);
        if (j > otherStart && d <= addSpan(b.day[j - 1]!, within)) held |= bits & bitsOn(days, b.day[j - 1]!);
      }
      mask[key] = held;
    }
    return mask;
  },
};
