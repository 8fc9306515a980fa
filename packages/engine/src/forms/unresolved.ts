import { bitsOn } from "../reference-dates.js";
import { PLAIN, type Form, type ConditionOf } from "./form.js";
import { blank } from "../masks.js";

/**
 * Holds where the latest of diagnosing and resolving events is a diagnosis. Read newest first: the first event that a
 * date's window holds decides the date, and of two on one day the same-day rule decides which comes first.
 */
export const unresolved: Form<ConditionOf<"unresolved">> = {
  ...PLAIN,
  reads: ({ list, resolvedBy }) => [
    [list, {}],
    [resolvedBy, {}],
  ],
  holds({ list, resolvedBy, sameDay, window }, ask) {
    const diagnosed = ask.postings(ask.list(list));
    const resolved = ask.postings(ask.list(resolvedBy));
    const days = ask.window(window);
    const diagnosisFirst = sameDay === "diagnosis_wins" ? 1 : 0;
    const mask = blank(ask.people.size);
    for (let p = 0, q = 0; p < diagnosed.patient.length; p++) {
      const key = diagnosed.patient[p]!;
      if (ask.among[key] === 0) continue;
      while (q < resolved.patient.length && resolved.patient[q]! < key) q++;
      const isResolved = resolved.patient[q] === key;
      const start = diagnosed.offset[p]! | 0;
      const resolvedStart = isResolved ? resolved.offset[q]! | 0 : 0;
      let i = (diagnosed.offset[p + 1]! | 0) - 1;
      let j = isResolved ? (resolved.offset[q + 1]! | 0) - 1 : -1;
      let open = ask.among[key]!;
      let held = 0;
      while (i >= start && open !== 0) {
        const d = diagnosed.day[i]!;
        if (j >= resolvedStart && resolved.day[j]! + 1 > d + diagnosisFirst) {
          open &= ~bitsOn(days, resolved.day[j--]!);
        } else {
          if (d <= days.floor) break;
          const bits = bitsOn(days, d) & open;
          held |= bits;
          open &= ~bits;
          i--;
        }
      }
      mask[key] = held;
    }
    return mask;
  },
};
