/** Which events a list finds, and in which window. */
import type { Codelist, CodeSystem, Window } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "@cairn/tables";
import { inWindow, type Day } from "./days.js";

/** The dated events of the patient that the list holds, whenever they were, in the order of their rows. */
export function eventsEver(patient: PlainPatient, list: Codelist): PlainEvent[] {
  return patient.events.filter((event) => event.date !== "" && isOn(list, event));
}

/** Of those, the ones in the window; no window sees past D. */
export function eventsIn(patient: PlainPatient, list: Codelist, window: Window, D: Day): PlainEvent[] {
  return eventsEver(patient, list).filter((event) => inWindow(event.date, window, D));
}

/** The event has a code, of the list's system, and the list holds it. */
export function isOn(list: Codelist, event: PlainEvent): boolean {
  return event.code !== "" && list.codes.includes(event.code) && sameNamespace(list.system, event.system);
}

/** SNOMED CT and dm+d match as one. */
function sameNamespace(a: CodeSystem, b: CodeSystem): boolean {
  return a === b || (isSnomed(a) && isSnomed(b));
}

function isSnomed(system: CodeSystem): boolean {
  return system === "snomed" || system === "dmd";
}

/** The earliest of some days; undefined of none. */
export function earliest(days: readonly Day[]): Day | undefined {
  return [...days].sort()[0];
}

/** The latest of some days; undefined of none. */
export function latest(days: readonly Day[]): Day | undefined {
  return [...days].sort().at(-1);
}
