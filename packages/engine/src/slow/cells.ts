/** Which cell of each split a person is in at D. */
import type { Cell, Split, SplitKey } from "@cairn/query-library";
import type { PlainPatient } from "../patients.js";
import type { Day } from "./days.js";
import { ageAt } from "./person.js";

/** One value for each key that the split crosses; the empty split is the total. */
export function cellOf(patient: PlainPatient, split: Split, D: Day): Cell {
  return Object.fromEntries(split.map((key) => [key.key, valueOf(patient, key, D)]));
}

function valueOf(patient: PlainPatient, key: SplitKey, D: Day): string {
  switch (key.key) {
    case "sex":
      return patient.sex;
    case "age_band":
      return ageBand(ageAt(patient, D), key.bounds);
    case "deprivation_fifth":
      return patient.deprivationFifth === null ? "unknown" : String(patient.deprivationFifth);
    case "ethnic_group":
      return patient.ethnicGroup;
  }
}

/** [17, 40] is 0-16, 17-39 and 40+: from the last bound reached to the year before the next. */
function ageBand(age: number | null, bounds: readonly number[]): string {
  if (age === null) return "unknown";
  const from = Math.max(0, ...bounds.filter((bound) => bound <= age));
  const next = bounds.find((bound) => bound > age);
  if (next === undefined) return `${from}+`;
  return from === next - 1 ? `${from}` : `${from}-${next - 1}`;
}
