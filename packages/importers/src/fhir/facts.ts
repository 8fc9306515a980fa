/** Turns each kind of resource into facts for the store. R4, and STU3 as GP Connect writes it. */
import { dayOfParts, dayOfText } from "../fields.js";
import { codeOf, type RecordedCode, vaccinationOf } from "./codings.js";
import { type Json, listAt, numberAt, objectAt, textAt } from "./json.js";
import { subjectOf } from "./references.js";
import { type FhirEvent, reading } from "./readings.js";

export interface FhirFacts {
  readonly subject: string | null; // whom it is of, as `subjectOf` says it
  readonly day: number | null; // null: undated; NaN: what stands there is no date
  readonly medication: string | null; // reference to a Medication that holds the code
  readonly clinician: string;
  readonly events: readonly FhirEvent[];
}

/** A resource that makes no event, by rule. */
export interface Omission {
  readonly leftOut: string;
}

type Reader = (resource: Json) => FhirFacts | Omission;

/** Names of the fields of a date: `onset` stands for onsetDateTime, onsetPeriod and so on. */
interface DateFields {
  readonly texts: readonly string[];
  readonly period: string;
}

/** The field names of dates, built once: building them for every resource would cost more than reading it. */
function dated(...names: string[]): readonly DateFields[] {
  return names.map((name) => ({
    texts: [`${name}DateTime`, name, `${name}Instant`],
    period: `${name}Period`,
  }));
}

const BEGINNING = dated("onset", "recordedDate", "assertedDate");
const PERFORMED = dated("performed");
const GIVEN = dated("occurrence", "date");
const OBSERVED = dated("effective", "issued");
const AUTHORED = dated("authoredOn");
const STATED = dated("effective", "dateAsserted");
const LASTED: readonly DateFields[] = [{ texts: [], period: "period" }];

export const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  [
    "Condition",
    (resource) => event(resource, codeOf(objectAt(resource, "code")), dayOf(resource, BEGINNING)),
  ],
  [
    "Procedure",
    (resource) => event(resource, codeOf(objectAt(resource, "code")), dayOf(resource, PERFORMED)),
  ],
  [
    "AllergyIntolerance",
    (resource) => event(resource, codeOf(objectAt(resource, "code")), dayOf(resource, BEGINNING)),
  ],
  [
    "Immunization",
    (resource) =>
      resource.notGiven === true
        ? NOT_DONE
        : event(resource, vaccinationOf(resource), dayOf(resource, GIVEN)),
  ],
  ["Encounter", (resource) => event(resource, firstCoded(listAt(resource, "type")), dayOf(resource, LASTED))],
  ["Observation", readObservation],
  [
    "MedicationRequest",
    (resource) =>
      PLANS.has(textAt(resource, "intent") ?? "") ? PLANNED : medication(resource, dayOf(resource, AUTHORED)),
  ],
  [
    "MedicationStatement",
    (resource) =>
      listAt(resource, "basedOn").some(isRequest) || listAt(resource, "derivedFrom").some(isRequest)
        ? REPEATED
        : medication(resource, dayOf(resource, STATED)),
  ],
]);

/** The first concept with a code: an encounter can be of several types, and of some in words only. */
function firstCoded(concepts: readonly Json[]): RecordedCode {
  return concepts.map(codeOf).find(({ code }) => code !== "") ?? codeOf(null);
}

const NOT_DONE: Omission = { leftOut: "it was not done" };
const PLANNED: Omission = { leftOut: "it is a plan and not an issue" };
const REPEATED: Omission = { leftOut: "it repeats the request that it is based on" };
const RULED_OUT: Omission = { leftOut: "it was ruled out" };
const ERROR: Omission = { leftOut: "it was entered in error" };
const PLANS = new Set(["plan", "proposal", "option"]);

/** Statuses for which a resource is left out: contacts, procedures and issues that never came about. */
const BY_STATUS: ReadonlyMap<string, Omission> = new Map([
  ["entered-in-error", ERROR],
  ["refuted", RULED_OUT],
  ["not-done", NOT_DONE],
  ["cancelled", NOT_DONE],
  ["planned", NOT_DONE],
  ["draft", NOT_DONE],
  ["preparation", NOT_DONE],
  ["registered", NOT_DONE],
]);

/** Why a resource of any kind is left out: entered in error, ruled out, or not done. Null where it is to be read. */
export function leftOutByStatus(resource: Json): Omission | null {
  const said =
    leftOutBy(resource.status) ??
    leftOutBy(resource.verificationStatus) ??
    leftOutBy(resource.clinicalStatus);
  return said ?? (resource.notDone === true || resource.doNotPerform === true ? NOT_DONE : null);
}

/** Why a status leaves a resource out. R4 writes some statuses as concepts that STU3 wrote as words. */
function leftOutBy(status: unknown): Omission | null {
  if (status === undefined) return null;
  if (typeof status === "string") return BY_STATUS.get(status.trim()) ?? null;
  for (const coding of listAt(status, "coding")) {
    const found = BY_STATUS.get(textAt(coding, "code") ?? "");
    if (found !== undefined) return found;
  }
  return null;
}

function event(resource: Json, code: RecordedCode, day: number | null): FhirFacts {
  const plain = { code, value: NaN, unit: "", comparator: "", quantity: NaN };
  return factsOf(resource, day, null, [plain]);
}

/** Facts of a resource. Fields are written out, here and below: spreading them costs more than all the rest. */
function factsOf(
  resource: Json,
  day: number | null,
  medication: string | null,
  events: readonly FhirEvent[],
): FhirFacts {
  return { subject: subjectOf(resource), clinician: clinicianOf(resource), day, medication, events };
}

function readObservation(resource: Json): FhirFacts {
  const events = [reading(resource)];
  for (const part of listAt(resource, "component")) events.push(reading(part));
  return factsOf(resource, dayOf(resource, OBSERVED), null, events);
}

function medication(resource: Json, day: number | null): FhirFacts {
  const concept = objectAt(resource, "medicationCodeableConcept") ?? containedMedication(resource);
  const quantity = numberAt(objectAt(objectAt(resource, "dispenseRequest"), "quantity"), "value") ?? NaN;
  const referred = concept === null ? objectAt(resource, "medicationReference") : null;
  // One that names its medication otherwise leads nowhere, and has to be counted as such.
  const reference = referred === null ? null : (textAt(referred, "reference") ?? "?");
  const code = reference === null ? codeOf(concept) : null;
  return factsOf(resource, day, reference, [{ code, value: NaN, unit: "", comparator: "", quantity }]);
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

/** The clinician who had the contact, issued or recorded: only a reference that can be to a person. */
function clinicianOf(resource: Json): string {
  const participant = objectAt(listAt(resource, "participant")[0], "individual");
  const requester = objectAt(resource, "requester");
  const performer = listAt(resource, "performer")[0];
  const who =
    participant ?? objectAt(requester, "agent") ?? requester ?? objectAt(performer, "actor") ?? performer;
  const reference = textAt(who, "reference") ?? "";
  return reference.startsWith("Organization/") || reference.length > 256 ? "" : reference;
}

/**
 * The day of the first field that holds a date; NaN where fields hold something and none is a date, null where all
 * are empty.
 */
function dayOf(resource: Json, fields: readonly DateFields[]): number | null {
  let found: number | null = null;
  for (const { texts, period } of fields) {
    for (const name of texts) {
      const text = textAt(resource, name);
      if (text === null) continue;
      const day = partialDay(text);
      if (day !== null) return day;
      found = NaN;
    }
    const span = objectAt(resource, period);
    const text = span === null ? null : (textAt(span, "start") ?? textAt(span, "end"));
    if (text === null) continue;
    const day = partialDay(text);
    if (day !== null) return day;
    found = NaN;
  }
  return found;
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
