/** What each kind of resource says, in the words of the store. R4, and STU3 as GP Connect writes it. */
import { dayOfParts, dayOfText } from "../fields.js";
import { codeOf, type RecordedCode } from "./codings.js";
import { isObject, type Json, listAt, numberAt, objectAt, textAt } from "./json.js";

/** One event of a resource: most say one, a blood pressure three (itself and its two components). */
export interface FhirEvent {
  /** Null where the code is that of `medication`. */
  readonly code: RecordedCode | null;
  readonly value: number; // NaN: none
  readonly unit: string;
  readonly comparator: string;
  readonly quantity: number; // NaN: none
}

export interface FhirFacts {
  readonly subject: string | null; // reference to the patient
  readonly day: number | null; // null: undated
  readonly medication: string | null; // reference to a Medication that holds the code
  readonly clinician: string;
  readonly events: readonly FhirEvent[];
}

/** A resource that is no event, by rule. */
interface LeftOut {
  readonly leftOut: string;
}

type Reader = (resource: Json) => FhirFacts | LeftOut;

export const READERS: Readonly<Record<string, Reader>> = {
  Condition: (resource) =>
    event(
      resource,
      codeOf(objectAt(resource, "code")),
      dayOf(resource, "onset", "recordedDate", "assertedDate"),
    ),
  Procedure: (resource) => event(resource, codeOf(objectAt(resource, "code")), dayOf(resource, "performed")),
  AllergyIntolerance: (resource) =>
    event(
      resource,
      codeOf(objectAt(resource, "code")),
      dayOf(resource, "onset", "recordedDate", "assertedDate"),
    ),
  Immunization: (resource) =>
    resource.notGiven === true
      ? NOT_DONE
      : event(resource, codeOf(objectAt(resource, "vaccineCode")), dayOf(resource, "occurrence", "date")),
  Encounter: (resource) =>
    event(
      resource,
      firstCoded(listAt(resource, "type")),
      partialDay(textAt(objectAt(resource, "period"), "start")),
    ),
  Observation: readObservation,
  MedicationRequest: (resource) =>
    PLANS.has(textAt(resource, "intent") ?? "")
      ? PLANNED
      : medication(resource, dayOf(resource, "authoredOn")),
  MedicationStatement: (resource) =>
    [...listAt(resource, "basedOn"), ...listAt(resource, "derivedFrom")].some(isRequest)
      ? REPEATED
      : medication(resource, dayOf(resource, "effective", "dateAsserted")),
};

/** An encounter can be of several types, and of some in words only. */
function firstCoded(concepts: readonly Json[]): RecordedCode {
  return concepts.map(codeOf).find(({ code }) => code !== "") ?? codeOf(null);
}

const NOT_DONE: LeftOut = { leftOut: "it was not done" };
const PLANNED: LeftOut = { leftOut: "it is a plan and not an issue" };
const REPEATED: LeftOut = { leftOut: "it repeats the request that it is based on" };
const RULED_OUT: LeftOut = { leftOut: "it was ruled out" };
/** Contacts, procedures, prescriptions and readings that never came about. */
const UNDONE = new Set(["not-done", "cancelled", "planned", "draft", "preparation", "registered"]);
const ERROR: LeftOut = { leftOut: "it was entered in error" };
const PLANS = new Set(["plan", "proposal", "option"]);

/** What holds for every kind: entered in error, ruled out, or not done. Null where it is to be read. */
export function leftOutByStatus(resource: Json): LeftOut | null {
  const said = [resource.status, resource.verificationStatus, resource.clinicalStatus].flatMap(statusWords);
  if (said.includes("entered-in-error")) return ERROR;
  if (said.includes("refuted")) return RULED_OUT;
  const undone = said.some((word) => UNDONE.has(word)) || resource.notDone === true;
  return undone || resource.doNotPerform === true ? NOT_DONE : null;
}

/** R4 writes some statuses as concepts that STU3 wrote as words. */
function statusWords(status: unknown): string[] {
  if (typeof status === "string") return [status];
  return isObject(status) ? listAt(status, "coding").map((coding) => textAt(coding, "code") ?? "") : [];
}

function event(resource: Json, code: RecordedCode, day: number | null): FhirFacts {
  return { ...about(resource), day, medication: null, events: [{ ...PLAIN, code }] };
}

const PLAIN = { value: NaN, unit: "", comparator: "", quantity: NaN };

function readObservation(resource: Json): FhirFacts {
  const own = [{ code: codeOf(objectAt(resource, "code")), ...reading(resource) }];
  const parts = listAt(resource, "component").map((part) => ({
    code: codeOf(objectAt(part, "code")),
    ...reading(part),
  }));
  return {
    ...about(resource),
    day: dayOf(resource, "effective", "issued"),
    medication: null,
    events: [...own, ...parts],
  };
}

const COMPARATORS = new Set(["<", "<=", ">", ">="]);

function reading(from: Json): Omit<FhirEvent, "code"> {
  const quantity = objectAt(from, "valueQuantity");
  const comparator = textAt(quantity, "comparator") ?? "";
  const value =
    numberAt(quantity, "value") ?? (typeof from.valueInteger === "number" ? from.valueInteger : NaN);
  return {
    value,
    unit: textAt(quantity, "unit") ?? textAt(quantity, "code") ?? "",
    comparator: COMPARATORS.has(comparator) ? comparator : "",
    quantity: NaN,
  };
}

function medication(resource: Json, day: number | null): FhirFacts {
  const concept = objectAt(resource, "medicationCodeableConcept") ?? containedMedication(resource);
  const quantity = numberAt(objectAt(objectAt(resource, "dispenseRequest"), "quantity"), "value") ?? NaN;
  const code = concept === null ? null : codeOf(concept);
  const reference = concept === null ? textAt(objectAt(resource, "medicationReference"), "reference") : null;
  return {
    ...about(resource),
    day,
    medication: reference,
    events: [{ ...PLAIN, quantity, code: code ?? (reference === null ? codeOf(null) : null) }],
  };
}

function containedMedication(resource: Json): Json | null {
  const reference = textAt(objectAt(resource, "medicationReference"), "reference");
  if (reference === null || !reference.startsWith("#")) return null;
  const found = listAt(resource, "contained").find((each) => each.id === reference.slice(1));
  return objectAt(found, "code");
}

function isRequest(reference: Json): boolean {
  return textAt(reference, "reference")?.includes("MedicationRequest/") ?? false;
}

function about(resource: Json): Pick<FhirFacts, "subject" | "clinician"> {
  const subject = objectAt(resource, "subject") ?? objectAt(resource, "patient");
  return { subject: textAt(subject, "reference"), clinician: clinicianOf(resource) };
}

/** Who had the contact, issued or recorded: only references that can be to a person. */
function clinicianOf(resource: Json): string {
  const participant = objectAt(listAt(resource, "participant")[0], "individual");
  const requester = objectAt(resource, "requester");
  const performer = listAt(resource, "performer")[0];
  const who =
    participant ?? objectAt(requester, "agent") ?? requester ?? objectAt(performer, "actor") ?? performer;
  const reference = textAt(who, "reference") ?? "";
  return reference.startsWith("Organization/") || reference.length > 256 ? "" : reference;
}

/** The first of these dates that is there: `onset` stands for onsetDateTime, onsetPeriod and so on. */
function dayOf(resource: Json, ...names: string[]): number | null {
  for (const name of names) {
    const text =
      textAt(resource, name) ??
      textAt(resource, `${name}DateTime`) ??
      textAt(resource, `${name}Instant`) ??
      textAt(objectAt(resource, `${name}Period`), "start") ??
      textAt(objectAt(resource, `${name}Period`), "end");
    const day = partialDay(text);
    if (day !== null) return day;
  }
  return null;
}

/**
 * The day of a FHIR date or time, as written where it was written; null where it is none from 1800 to 2199. A month
 * is its first day and a year its 1 July, as with dates of birth.
 */
export function partialDay(text: string | null): number | null {
  if (text !== null && text.length >= 10) {
    const day = dayOfText(text);
    return Number.isNaN(day) ? null : day;
  }
  const parts = text === null ? null : /^(\d{4})(?:-(\d{2}))?$/.exec(text);
  if (parts === null) return null;
  const day = dayOfParts(Number(parts[1]), Number(parts[2] ?? 7), 1);
  return Number.isNaN(day) ? null : day;
}
