import { addSpan } from "@cairn/query-library";
import { bitsOn, onOrBefore } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";
import { blank } from "../masks.js";

/**
 * Holds where an event of the second list lies on the day of the first list's earliest ever, or up to a span later.
 * The earliest event up to D is the same for every D that sees it, so a patient has one first day and at most one day
 * that completes it.
 */
export const firstThen: Form<ConditionOf<"first_then">> = {
  ...PLAIN,
  reads: ({ first, then }) => [
    [first, {}],
    [then, {}],
  ],
  holds({ first, then, within, window }, ask) {
    const begun = ask.postings(ask.list(first));
    const done = ask.postings(ask.list(then));
    const inWindow = ask.window(window);
    const reached = onOrBefore(ask.dates, null);
    const mask = blank(ask.people.size);
    for (let p = 0, q = 0; p < begun.patient.length; p++) {
      const key = begun.patient[p]!;
      if (ask.among[key] === 0) continue;
      while (q < done.patient.length && done.patient[q]! < key) q++;
      if (done.patient[q] !== key) continue;
      const firstDay = begun.day[begun.offset[p]!]!;
      const bits = bitsOn(inWindow, firstDay);
      if (bits === 0) continue;
      let i = done.offset[q]! | 0;
      const end = done.offset[q + 1]! | 0;
      while (i < end && done.day[i]! < firstDay) i++;
      if (i < end && done.day[i]! <= addSpan(firstDay, within))
        mask[key] = bits & bitsOn(reached, done.day[i]!);
    }
    return mask;
  },
};
