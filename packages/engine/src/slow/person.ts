/** Facts about a person rather than about events. */
import type { OptOutCodes, Query, Span } from "@cairn/query-library";
import { hasOptedOut } from "./opt-outs.js";
import type { PlainPatient } from "@cairn/tables";
import { after, before, partsOf, type Day } from "./days.js";

const ONE_DAY: Span = { n: 1, unit: "days" };

interface Registration {
  readonly start: Day;
  readonly end: Day | null;
}

/**
 * Whether the patient is in the base population at D. `people: everyone` is every patient of the store; otherwise
 * those registered and alive at D. Of both, all who did not opt out.
 */
export function inBasePopulation(
  patient: PlainPatient,
  people: Query["people"],
  D: Day,
  leaveOut: OptOutCodes | null,
): boolean {
  if (leaveOut !== null && hasOptedOut(patient, leaveOut)) return false;
  return people === "everyone" || isRegisteredAndAlive(patient, D);
}

/**
 * Whether a registration started on or before D with no end or one on or after D, and death is missing or after D.
 */
function isRegisteredAndAlive(patient: PlainPatient, D: Day): boolean {
  const registered = patient.registrations.some((each) => isInForce(each, D));
  const alive = patient.died === null || patient.died > D;
  return registered && alive;
}

/** Whether the joined registration in force at D began on or before D - span. */
export function isRegisteredFor(patient: PlainPatient, span: Span, D: Day): boolean {
  return joined(patient.registrations).some((each) => isInForce(each, D) && each.start <= before(D, span));
}

function isInForce({ start, end }: Registration, D: Day): boolean {
  return start <= D && (end === null || end >= D);
}

/** Joins registrations that overlap, or of which one starts on the day another ends or the day after. */
function joined(registrations: readonly Registration[]): Registration[] {
  const result: Registration[] = [];
  for (const next of [...registrations].sort((a, b) => (a.start < b.start ? -1 : 1))) {
    const last = result.at(-1);
    if (last !== undefined && (last.end === null || next.start <= after(last.end, ONE_DAY))) {
      result[result.length - 1] = { start: last.start, end: laterEnd(last.end, next.end) };
    } else {
      result.push(next);
    }
  }
  return result;
}

function laterEnd(a: Day | null, b: Day | null): Day | null {
  if (a === null || b === null) return null;
  return a > b ? a : b;
}

/** Completed years at D; null where the birth is unknown or after D. A 29 February birthday is 1 March in common years. */
export function ageAt(patient: PlainPatient, D: Day): number | null {
  if (patient.born === null || patient.born > D) return null;
  const years = partsOf(D).year - partsOf(patient.born).year;
  // Comparing month and day as text puts 02-28 before 02-29 before 03-01, which is the rule for 29 February.
  const hadBirthday = D.slice(5) >= patient.born.slice(5);
  return hadBirthday ? years : years - 1;
}

/** Whether the completed years are `from` to `to`, both included; false where the age is not known. */
export function isOfAge(patient: PlainPatient, from: number | null, to: number | null, D: Day): boolean {
  const age = ageAt(patient, D);
  if (age === null) return false;
  return (from === null || age >= from) && (to === null || age <= to);
}

/** Whether the fifth is one of `from` to `to`; false where it is not known. */
export function isInDeprivationFifth(patient: PlainPatient, from: number, to: number): boolean {
  const fifth = patient.deprivationFifth;
  return fifth !== null && fifth >= from && fifth <= to;
}
