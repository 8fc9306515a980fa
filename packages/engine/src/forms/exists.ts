import type { FormContext } from "../ask.js";
import { blank, type Mask } from "../masks.js";
import { bitsOn } from "../reference-dates.js";
import { PLAIN, type ConditionOf, type Form } from "./form.js";

/** Holds where the window has an event of the list. */
export const exists: Form<ConditionOf<"exists">> = {
  ...PLAIN,
  reads: ({ list }) => [[list, {}]],
  holds: anyInWindow,
};

/** Holds where the window has an issue of a medicine on the list. */
export const issued: Form<ConditionOf<"issued">> = {
  ...PLAIN,
  reads: ({ list }) => [[list, {}]],
  holds: anyInWindow,
};

/** Reads newest first, until every date has its event or no window reaches further back. */
function anyInWindow(
  { list, window }: Pick<ConditionOf<"exists">, "list" | "window">,
  ask: FormContext,
): Mask {
  const { patient, offset, day } = ask.postings(ask.list(list));
  const days = ask.window(window);
  const { among } = ask;
  const mask = blank(ask.people.size);
  for (let p = 0; p < patient.length; p++) {
    const key = patient[p]!;
    const wanted = among[key]!;
    const start = offset[p]! | 0;
    let held = 0;
    for (let i = (offset[p + 1]! | 0) - 1; i >= start && (wanted & ~held) !== 0; i--) {
      const d = day[i]!;
      if (d <= days.floor) break;
      held |= bitsOn(days, d);
    }
    mask[key] = held;
  }
  return mask;
}
