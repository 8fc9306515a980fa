import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";
import { blank, filled } from "../masks.js";

/** Holds where a date lies within a window closed at both ends. Missing where there is no date. */
export const compareDate: Form<ConditionOf<"compare_date">> = {
  ...PLAIN,
  holds({ fact, window }, ask) {
    const { length, patient, bits, value } = ask.fact(fact, "date").runs;
    const days = ask.closedWindow(window);
    const mask = blank(ask.people.size);
    for (let r = 0; r < length; r++) mask[patient[r]!]! |= bits[r]! & bitsOn(days, value[r]!);
    return mask;
  },
  missing({ fact }, ask) {
    const { length, patient, bits } = ask.fact(fact, "date").runs;
    const mask = filled(ask.people.size, ask.dates.all);
    for (let r = 0; r < length; r++) mask[patient[r]!]! &= ~bits[r]!;
    return mask;
  },
};
