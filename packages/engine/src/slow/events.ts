/** The events that a list finds, ever and in a window. */
import type { Codelist, CodeSystem, Window } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "@cairn/tables";
import { inWindow, type Day } from "./days.js";

/** The dated events of the patient that the list holds, whenever they were, in the order of their rows. */
export function eventsEver(patient: PlainPatient, list: Codelist): PlainEvent[] {
  return patient.events.filter((event) => event.date !== "" && isOn(list, event));
}

/** The events of the list in the window; no window sees past D. */
export function eventsIn(patient: PlainPatient, list: Codelist, window: Window, D: Day): PlainEvent[] {
  return eventsEver(patient, list).filter((event) => inWindow(event.date, window, D));
}

/** Whether the event has a code of the list's system that the list holds. */
export function isOn(list: Codelist, event: PlainEvent): boolean {
  return event.code !== "" && list.codes.includes(event.code) && sameNamespace(list.system, event.system);
}

/** Whether codes of two systems are compared: SNOMED CT and dm+d match as one. */
function sameNamespace(a: CodeSystem, b: CodeSystem): boolean {
  return a === b || (isSnomed(a) && isSnomed(b));
}

function isSnomed(system: CodeSystem): boolean {
  return system === "snomed" || system === "dmd";
}

/** The earliest of some days; undefined where there are none. */
export function earliest(days: readonly Day[]): Day | undefined {
  return [...days].sort()[0];
}

/** The latest of some days; undefined where there are none. */
export function latest(days: readonly Day[]): Day | undefined {
  return [...days].sort().at(-1);
}
