/** The cells of each split, and the one that a person is in at D. */
import { cellsOf, type Cell, type Query, type Split, type SplitKey } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";
import type { Day } from "./days.js";
import { ageAt } from "./person.js";

/**
 * The cells of the table, split by split, in their order: the total, each split, each `by` key. (Two splits may have
 * cells of one name: bands of age with different bounds all have an unknown.)
 */
export function cellsBySplit(query: Query, date: Day): Cell[][] {
  const none = query.unit === "events" ? { ...query, splitBy: [], by: [] } : { ...query, splitBy: [] };
  const splits = query.splitBy.map((split) => cellsOf({ ...none, splitBy: [split] }, date).slice(1));
  const by =
    query.unit === "events"
      ? query.by.map((key) => cellsOf({ ...query, splitBy: [], by: [key] }, date).slice(1))
      : [];
  return [cellsOf(none, date), ...splits, ...by];
}

/** The cell of a person at D: one value for each key that the split crosses; the empty split is the total. */
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

/**
 * The band of an age: [17, 40] makes 0-16, 17-39 and 40+, from the last bound reached to the year before the next.
 */
function ageBand(age: number | null, bounds: readonly number[]): string {
  if (age === null) return "unknown";
  const from = Math.max(0, ...bounds.filter((bound) => bound <= age));
  const next = bounds.find((bound) => bound > age);
  if (next === undefined) return `${from}+`;
  return from === next - 1 ? `${from}` : `${from}-${next - 1}`;
}
