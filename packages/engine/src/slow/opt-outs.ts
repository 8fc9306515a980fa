/** Who opted out, as the records stand. */
import type { Codelist, OptOutCodes } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "@cairn/tables";
import { isOn, latest } from "./events.js";

/** There is an opt-out, and no withdrawal on a later day. On one day the opt-out wins. No reference date is asked. */
export function hasOptedOut(patient: PlainPatient, { optedOut, withdrawn }: OptOutCodes): boolean {
  const out = latest(daysOf(patient, optedOut));
  const back = latest(daysOf(patient, withdrawn));
  return out !== undefined && (back === undefined || back <= out);
}

function daysOf(patient: PlainPatient, lists: readonly Codelist[]): string[] {
  const dated = patient.events.filter(({ date }) => date !== "");
  return dated.filter((event) => lists.some((list) => saysSo(event, list))).map(({ date }) => date);
}

/** By the code that was recorded, or by the one that the practice's code map made of it. */
function saysSo(event: PlainEvent, list: Codelist): boolean {
  const recorded: PlainEvent = {
    ...event,
    system: event.recordedSystem ?? event.system,
    code: event.recordedCode ?? event.code,
  };
  return isOn(list, event) || isOn(list, recorded);
}
