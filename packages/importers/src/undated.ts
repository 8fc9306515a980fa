/** Events without a date, or with a fault: of no use to any question, unless they hold all the same, as opt-outs do. */
import type { Load, Coding } from "@cairn/records";
import { dayOfParts } from "./fields.js";

export const HELD_UNDATED =
  "it says that somebody opted out and has no date that can be read; it holds from their birth";

/** The doubt about an opt-out of which something else cannot be taken. @param fault why any other entry of its kind is skipped */
export function heldDespite(fault: string): string {
  return `${fault}, and it says that somebody opted out; it holds all the same, without what is at fault`;
}

const FIRST_DAY = dayOfParts(1800, 1, 1);

/**
 * The day from which the event holds: the day itself where there is one (a number), else the person's birth for an
 * opt-out, so that a withdrawal of any day comes later. Null where the event means nothing without its date.
 */
export function dayFrom(
  load: Load,
  patient: number,
  day: number | null,
  { holdsUndated }: Coding,
): number | null {
  if (day !== null && !Number.isNaN(day)) return day;
  return holdsUndated ? (load.people.birthOf(patient) ?? FIRST_DAY) : null;
}
