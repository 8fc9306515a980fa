/** The people with a type 1 opt-out in their record, in the records as they stand. */
import type { Codelist, OptOutCodes } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "@cairn/tables";
import { isOn, latest } from "./events.js";

/** No code leaves anybody out: people with a type 1 opt-out in their record are counted by choice. */
export const NO_CODES: OptOutCodes = { optedOut: [], withdrawn: [] };

/**
 * Whether the source leaves the person out, or there is an opt-out and no withdrawal on a later day. On one day
 * the opt-out wins. There is no reference date.
 */
export function hasOptedOut(patient: PlainPatient, { optedOut, withdrawn }: OptOutCodes): boolean {
  if (patient.leftOut) return true;
  const out = latest(daysOf(patient, optedOut));
  if (out === undefined) return false;
  const back = latest(daysOf(patient, withdrawn));
  return back === undefined || back <= out;
}

function daysOf(patient: PlainPatient, lists: readonly Codelist[]): string[] {
  const dated = patient.events.filter(({ date }) => date !== "");
  return dated.filter((event) => lists.some((list) => saysSo(event, list))).map(({ date }) => date);
}

/** Whether the list holds the event's code, as recorded or as the practice's code map made it. */
function saysSo(event: PlainEvent, list: Codelist): boolean {
  if (isOn(list, event)) return true;
  const { system, code, recordedSystem = system, recordedCode = code } = event;
  const asRecorded = recordedSystem !== system || recordedCode !== code;
  return asRecorded && isOn(list, { ...event, system: recordedSystem, code: recordedCode });
}
