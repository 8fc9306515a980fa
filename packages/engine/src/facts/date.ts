import type { Fact } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { bitsOn } from "../reference-dates.js";
import { RunsBuilder, type Runs } from "../runs.js";

/** The day of the earliest or latest event in the window. */
export function dateRuns(fact: Extract<Fact, { form: "date" }>, ask: FormContext): Runs {
  const { patient, offset, day } = ask.postings(ask.list(fact.list));
  const window = ask.window(fact.window);
  const runs = new RunsBuilder(patient.length);
  const step = fact.which === "latest" ? -1 : 1;
  for (let p = 0; p < patient.length; p++) {
    const start = offset[p]! | 0;
    const end = offset[p + 1]! | 0;
    let open = ask.among[patient[p]!]!;
    for (let i = step < 0 ? end - 1 : start; i >= start && i < end && open !== 0; i += step) {
      const d = day[i]!;
      if (step < 0 && d <= window.floor) break;
      const bits = bitsOn(window, d) & open;
      if (bits === 0) continue;
      open &= ~bits;
      runs.add(patient[p]!, bits, d, 0);
    }
  }
  return runs.done();
}
