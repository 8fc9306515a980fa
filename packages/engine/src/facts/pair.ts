import type { Fact } from "@cairn/query-library";
import type { FormContext } from "../ask.js";
import { SHAPE_OF_COMPARATOR } from "../limits.js";
import { pickOfDay, reader, startOfDay } from "../readings.js";
import { bitsOn } from "../reference-dates.js";
import { RunsBuilder, type Runs } from "../runs.js";

/** Both readings of the latest day in the window that has both; each picks the lowest or highest of that day. */
export function pairRuns(
  fact: Extract<Fact, { form: "pair" }>,
  ask: FormContext,
): { readonly systolic: Runs; readonly diastolic: Runs } {
  const [upperList, lowerList] = [ask.list(fact.systolic), ask.list(fact.diastolic)];
  const [upper, lower] = [ask.postings(upperList), ask.postings(lowerList)];
  const readUpper = reader(upper, upperList, fact.reading);
  const readLower = reader(lower, lowerList, fact.reading);
  const window = ask.window(fact.window);
  const lowest = fact.sameDay === "lowest";
  const systolic = new RunsBuilder(upper.patient.length);
  const diastolic = new RunsBuilder(upper.patient.length);

  for (let p = 0, q = 0; p < upper.patient.length && q < lower.patient.length;) {
    const key = upper.patient[p]!;
    if (key !== lower.patient[q]) {
      if (key < lower.patient[q]!) p++;
      else q++;
      continue;
    }
    const upperStart = upper.offset[p]! | 0;
    const lowerStart = lower.offset[q]! | 0;
    let open = ask.among[key]!;
    let i = (upper.offset[++p]! | 0) - 1;
    let j = (lower.offset[++q]! | 0) - 1;
    while (i >= upperStart && j >= lowerStart && open !== 0) {
      const d = upper.day[i]!;
      const other = lower.day[j]!;
      if (d <= window.floor || other <= window.floor) break;
      const bits = d === other ? bitsOn(window, d) & open : 0;
      if (bits === 0) {
        if (d >= other) i--;
        if (other >= d) j--;
        continue;
      }
      const upperFirst = startOfDay(upper.day, upperStart, i);
      const lowerFirst = startOfDay(lower.day, lowerStart, j);
      const s = pickOfDay(readUpper, upper.comparator!, upperFirst, i, lowest);
      const t = pickOfDay(readLower, lower.comparator!, lowerFirst, j, lowest);
      i = upperFirst - 1;
      j = lowerFirst - 1;
      if (s < 0 || t < 0) continue;
      open &= ~bits;
      systolic.add(key, bits, readUpper(s), SHAPE_OF_COMPARATOR[upper.comparator![s]!]!);
      diastolic.add(key, bits, readLower(t), SHAPE_OF_COMPARATOR[lower.comparator![t]!]!);
    }
  }
  return { systolic: systolic.done(), diastolic: diastolic.done() };
}
