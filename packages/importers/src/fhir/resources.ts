/** Takes resources into the load; those whose patient or medication has not been met yet wait until the end. */
import { unknownSystem } from "../code-systems.js";
import { fifthAt } from "../deprivation.js";
import type { Intake } from "../importer.js";
import { putPerson } from "../person.js";
import { codeOf, type RecordedCode, UNCODED } from "./codings.js";
import { type FhirFacts, type Omission, leftOutByStatus, READERS } from "./facts.js";
import { type Json, listAt, objectAt, textAt } from "./json.js";
import { patientFacts, postcodeOf } from "./patient.js";
import { isByIdentifier, nameIn, PATIENT, References, type Scope, subjectOf } from "./references.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";
import { removeRows, rowOf } from "./rows.js";
import { type Item, type Place, WaitingItems } from "./waiting.js";

/** A patient whom the record says to be another one now; taken after all where that one never comes. */
interface Replaced {
  readonly id: string;
  readonly resource: Json;
  readonly at: Place;
}

/**
 * A patient's link to another one, by a bundle's own name or an identifier, so that only the whole load can resolve
 * it.
 */
interface NamedLink {
  readonly id: string;
  readonly replaced: boolean; // by the other, else it replaces the other
  readonly other: string; // as `nameIn` says it
  readonly at: Place;
}

/** Whether resources of that type hold anything that is kept. */
export function isRead(type: string): boolean {
  return type === "Patient" || type === "Medication" || READERS.has(type);
}

const REPLACED = "it was replaced by another patient, who has its records";
const REPLACED_BY_NOBODY = "it was replaced by a patient who is not in these records; taken as it is";

export class Resources {
  readonly #intake: Intake;
  readonly #references: References;
  readonly #waiting = new WaitingItems();
  readonly #replaced: Replaced[] = [];
  readonly #namedLinks: NamedLink[] = [];

  constructor(intake: Intake) {
    this.#intake = intake;
    this.#references = new References(intake.load);
  }

  take(resource: Json, fullUrl: string | null, at: Place): void {
    const type = textAt(resource, "resourceType") ?? "";
    const id = textAt(resource, "id") ?? fullUrl ?? "";
    if (type === "Patient") return this.#takePatient(resource, id, fullUrl, at);
    if (type === "Medication") return this.#takeMedication(resource, fullUrl, at);
    const read = READERS.get(type);
    if (read === undefined) {
      if (/^[A-Za-z]{1,64}$/.test(type)) return this.leave(type, at);
      return this.#intake.tally.skipped("resources", "bad", "it has no resourceType", at.file, at.line);
    }
    const facts = leftOutByStatus(resource) ?? read(resource);
    const reason = this.#whyLeftOut(facts);
    if (reason !== null) {
      this.#forget(type, id);
      const patient = this.#references.patientKey(subjectOf(resource), at.scope);
      removeRows(this.#intake.load, type, id, 0, patient);
      return this.#leave(type, reason, at);
    }
    const item = { type, id, facts: facts as FhirFacts, at };
    this.#forget(type, id, at.scope);
    if (!this.#put(item)) this.#waiting.add(item);
  }

  /** Deletes the resource of a name such as `Condition/c1`, or of a longer address that ends with it. */
  remove(url: string, at: Place): void {
    const [, type = "", id = ""] =
      /(?:^|\/)([A-Za-z]{1,64})\/([^/?#|]+)(?:\/_history\/[^/]+)?$/.exec(url) ?? [];
    const leave = (reason: string): void => this.#leave("deleted", reason, at);
    if (type === "") return leave("it does not say by type and id what is deleted");
    if (type === "Patient") {
      if (!this.#intake.load.people.remove(id)) return leave("what is deleted is not in these records");
      return this.#intake.tally.taken("deleted");
    }
    if (!READERS.has(type)) return leave("it is of a kind that no question asks about");
    const waited = this.#forget(type, id);
    if (!removeRows(this.#intake.load, type, id, 0, 0) && !waited)
      return leave("what is deleted is not in these records");
    this.#intake.tally.taken("deleted");
  }

  /** Counts a resource of a kind that is not read. */
  leave(type: string, at: Place): void {
    this.#leave(type, "no question asks about this kind of resource", at);
  }

  /** Ends a bundle: resources that waited for another of it no longer wait. */
  closeBundle(scope: Scope): void {
    scope.closed = true;
    this.#waiting.closeBundle(scope, (item) => this.#put(item));
  }

  /** Ends the reading: what still refers to nobody is an orphan, and a medication that never came is no code. */
  settle(): void {
    this.#references.complete();
    for (const link of this.#namedLinks) this.#takeNamedLink(link);
    for (const { id, resource, at } of this.#replaced) {
      if (this.#intake.load.people.keyOf(this.#references.standsFor(id)) !== 0)
        this.#leave("Patient", REPLACED, at);
      else {
        this.#references.replace(id, id);
        this.#doubt("Patient", REPLACED_BY_NOBODY, at);
        this.#putPatient(resource, id, at);
      }
    }
    this.#merge();
    for (const item of this.#waiting.rest()) {
      if (this.#put(item, UNCODED)) continue;
      removeRows(this.#intake.load, item.type, item.id, 0, 0, "given to nobody");
      const words = isByIdentifier(item.facts.subject)
        ? "its subject is named by an identifier that no one patient of this load has"
        : "its subject is no patient of these records";
      this.#intake.tally.skipped(item.type, "orphan", words, item.at.file, item.at.line);
    }
  }

  /** Merges patients who were replaced, in this load or an earlier one, into the others. */
  #merge(): void {
    for (const id of this.#references.replaced())
      this.#intake.load.people.merge(id, this.#references.standsFor(id));
  }

  /** Takes a link once its patient was taken, and merges the two where the other is here. */
  #takeNamedLink({ id, replaced, other, at }: NamedLink): void {
    const found = this.#references.patientId(other, at.scope);
    if (found === id) return;
    const isHere = found !== null && this.#intake.load.people.keyOf(found) !== 0;
    if (replaced) this.#doubt("Patient", isHere ? REPLACED : REPLACED_BY_NOBODY, at);
    if (!isHere) return;
    if (replaced) this.#references.replace(id, found);
    else this.#references.replace(found, id);
  }

  /** Drops waiting older versions of a resource. @returns whether there was any */
  #forget(type: string, id: string, scope?: Scope | null): boolean {
    const old = this.#waiting.forget(type, id, scope);
    for (const { at } of old) this.#leave(type, "a later version of it follows", at);
    return old.length > 0;
  }

  #takePatient(resource: Json, id: string, fullUrl: string | null, at: Place): void {
    if (id === "") return this.#intake.tally.skipped("Patient", "bad", "it has no id", at.file, at.line);
    for (const link of listAt(resource, "link")) {
      if (link.type !== "replaced-by" && link.type !== "replaces") continue;
      const name = nameIn(objectAt(link, "other"), resource);
      const other = PATIENT.exec(name ?? "")?.[1];
      if (name !== null && other === undefined)
        this.#namedLinks.push({ id, replaced: link.type === "replaced-by", other: name, at });
      if (other === undefined || other === id) continue;
      if (link.type === "replaced-by") this.#references.replace(id, other);
      else this.#references.replace(other, id);
    }
    this.#references.addPatient(id, resource, fullUrl, at.scope);
    if (this.#references.standsFor(id) !== id) this.#replaced.push({ id, resource, at });
    else this.#putPatient(resource, id, at);
  }

  #putPatient(resource: Json, id: string, at: Place): void {
    const { facts, said } = patientFacts(resource);
    for (const reason of said) this.#doubt("Patient", reason, at);
    const deprivationFifth = fifthAt(this.#intake, postcodeOf(resource), id);
    putPerson(this.#intake, "Patient", id, { ...facts, deprivationFifth }, at);
    this.#intake.tally.taken("Patient");
  }

  #takeMedication(resource: Json, fullUrl: string | null, at: Place): void {
    const code = codeOf(objectAt(resource, "code"));
    this.#references.addMedication(resource, fullUrl, at.scope, code);
    this.#intake.tally.taken("Medication");
  }

  /** Why a resource is left out; null where it is taken. */
  #whyLeftOut(facts: FhirFacts | Omission): string | null {
    if ("leftOut" in facts) return facts.leftOut;
    if (facts.day !== null && !Number.isNaN(facts.day)) return null;
    const { codes } = this.#intake.load;
    if (facts.events.some(({ code }) => code !== null && codes.coding(code.system, code.code).holdsUndated))
      return null;
    return facts.day === null
      ? "it has no date, so no question could see it"
      : "its date is none from 1800 to 2199";
  }

  #leave(type: string, reason: string, at: Place): void {
    this.#intake.tally.skipped(type, "left-out", reason, at.file, at.line);
  }

  #doubt(type: string, doubt: string, at: Place): void {
    this.#intake.tally.doubted(type, doubt, at.file, at.line);
  }

  /**
   * Puts a resource into the load.
   * @returns false where the patient, or the medication unless another code is given for it, is not known yet
   */
  #put(item: Item, unknownMedication?: RecordedCode): boolean {
    const { type, id, facts, at } = item;
    const load = this.#intake.load;
    const patient = this.#references.patientKey(facts.subject, at.scope);
    if (patient === 0) return false;
    const medication =
      facts.medication === null
        ? UNCODED
        : (this.#references.medication(facts.medication, at.scope) ?? unknownMedication);
    if (medication === undefined) return false;
    if (facts.medication !== null && medication === unknownMedication)
      this.#doubt(type, "its medication is none of these records, so it has no code", at);
    const clinician = load.clinicians.key(facts.clinician);
    const first = rowOf(type, id, 0);
    const cameBefore = first !== 0 && type === "Observation" && load.mayHave(first);
    let part = 0;
    for (const event of facts.events) {
      const { system, code, unknown } = event.code ?? medication;
      if (unknown !== undefined) this.#doubt(type, unknownSystem(unknown), at);
      else if (code === "" && event.code !== null)
        this.#doubt(type, "it has no code, so no codelist finds it", at);
      const coding = load.codes.coding(system, code);
      if (coding.doubt !== null) this.#doubt(type, coding.doubt, at);
      const day = dayFrom(load, patient, facts.day, coding);
      if (day === null) continue; // of a resource without a date, what holds without one
      if (day !== facts.day) this.#doubt(type, HELD_UNDATED, at);
      const measure = load.measures.key(event.unit, event.comparator);
      const row = part === 0 ? first : rowOf(type, id, part);
      const { value, quantity } = event;
      load.event(patient, day, coding.code, coding.origin, value, measure, quantity, clinician, row, false); // prettier-ignore
      part++;
    }
    if (cameBefore) removeRows(load, type, id, part, patient);
    this.#intake.tally.taken(type);
    return true;
  }
}
