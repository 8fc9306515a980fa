import type { Fact, Limit } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { blank, filled, type Mask } from "../masks.js";
import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

type Count = Extract<Fact, { form: "count" }>;

/** Holds where a count of events or distinct days keeps all limits. A count is never missing: no events are 0. */
export const compareCount: Form<ConditionOf<"compare_count">> = {
  ...PLAIN,
  holds({ fact, limits }, ask) {
    const counted = ask.definition(fact) as Count;
    const mask = filled(ask.people.size, ask.dates.all);
    for (const limit of limits) {
      const { n, orMore } = threshold(limit);
      const reached = atLeast(counted, n, ask);
      for (let p = 0; p < mask.length; p++) mask[p]! &= orMore ? reached[p]! : ~reached[p]!;
    }
    return mask;
  },
};

/** Turns a limit of a whole number into "n or more", or its opposite. */
function threshold({ op, x }: Limit): { readonly n: number; readonly orMore: boolean } {
  switch (op) {
    case "at_least":
      return { n: Math.ceil(x), orMore: true };
    case "above":
      return { n: Math.floor(x) + 1, orMore: true };
    case "at_most":
      return { n: Math.floor(x) + 1, orMore: false };
    case "below":
      return { n: Math.ceil(x), orMore: false };
  }
}

/**
 * Holds where a window has n events: some event, and the (n - 1)th after it. Read newest first, as far as any window
 * reaches.
 */
function atLeast({ list, what, window }: Count, n: number, ask: FormContext): Mask {
  if (n <= 0) return filled(ask.people.size, ask.dates.all);
  const { patient, offset, day } = ask.postings(ask.list(list));
  const days = ask.window(window);
  const { among } = ask;
  const mask = blank(ask.people.size);
  const words: number[] = []; // the dates of what is counted of this patient, newest first
  for (let p = 0; p < patient.length; p++) {
    const wanted = among[patient[p]!]!;
    const start = offset[p]! | 0;
    let held = 0;
    let previous = NaN;
    let counted = 0;
    for (let i = (offset[p + 1]! | 0) - 1; i >= start && (wanted & ~held) !== 0; i--) {
      const d = day[i]!;
      if (d <= days.floor) break;
      if (what === "days" && d === previous) continue;
      previous = d;
      const word = bitsOn(days, d);
      words[counted++] = word;
      if (counted >= n) held |= word & words[counted - n]!;
    }
    mask[patient[p]!] = held;
  }
  return mask;
}
