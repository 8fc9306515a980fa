/** Takes resources into the load; those whose patient or medication has not been met yet wait until the end. */
import type { Intake } from "../importer.js";
import { ImportError } from "../errors.js";
import { rowId } from "../../records/row-id.js";
import { codeOf, type RecordedCode, UNCODED } from "./codings.js";
import { type FhirFacts, leftOutByStatus, READERS } from "./facts.js";
import { type Json, objectAt, textAt } from "./json.js";
import { patientFacts } from "./patient.js";

/** One resource on its way in. */
interface Item {
  readonly type: string;
  readonly id: string;
  readonly facts: FhirFacts;
  readonly file: string;
  readonly line: number;
}

const MOST_WAITING = 500_000;

/** Whether resources of that type say anything that is kept. */
export function isRead(type: string): boolean {
  return type === "Patient" || type === "Medication" || READERS.has(type);
}

export class Resources {
  readonly #intake: Intake;
  /** What a bundle calls its patients and medications, where that is not their type and id. */
  readonly #patientUrls = new Map<string, string>();
  readonly #medications = new Map<string, RecordedCode>();
  readonly #waiting: Item[] = [];
  /** Resources come by patient more often than not: the last one's key is remembered. */
  #lastReference = "";
  #lastPatient = 0;

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  take(resource: Json, fullUrl: string | null, file: string, line: number): void {
    const type = textAt(resource, "resourceType") ?? "";
    const id = textAt(resource, "id") ?? fullUrl ?? "";
    if (type === "Patient") return this.#takePatient(resource, id, fullUrl, file, line);
    if (type === "Medication") return this.#takeMedication(resource, id, fullUrl);
    const read = READERS.get(type);
    if (read === undefined) {
      if (/^[A-Za-z]{1,64}$/.test(type)) return this.leave(type, file, line);
      return this.#intake.tally.skipped("resources", "bad", "it has no resourceType", file, line);
    }
    const facts = leftOutByStatus(resource) ?? read(resource);
    if ("leftOut" in facts) return this.#leave(type, facts.leftOut, file, line);
    if (facts.day === null)
      return this.#leave(type, "it has no date, so no question could see it", file, line);
    const item = { type, id, facts, file, line };
    if (!this.#put(item)) this.#wait(item);
  }

  /** Counts a resource of a kind that is not read. */
  leave(type: string, file: string, line: number): void {
    this.#leave(type, "no question asks about this kind of resource", file, line);
  }

  /** Everything was met: what still points at nobody is an orphan, a medication that never came is no code. */
  settle(): void {
    for (const item of this.#waiting) {
      if (this.#put(item, UNCODED)) continue;
      this.#intake.tally.skipped(
        item.type,
        "orphan",
        "its subject is no patient of these records",
        item.file,
        item.line,
      );
    }
    this.#waiting.length = 0;
  }

  #takePatient(resource: Json, id: string, fullUrl: string | null, file: string, line: number): void {
    if (id === "") return this.#intake.tally.skipped("Patient", "bad", "it has no id", file, line);
    this.#intake.load.patient(id, patientFacts(resource));
    if (fullUrl !== null) this.#patientUrls.set(fullUrl, id);
    this.#intake.tally.taken("Patient");
  }

  #takeMedication(resource: Json, id: string, fullUrl: string | null): void {
    const code = codeOf(objectAt(resource, "code"));
    this.#medications.set(`Medication/${id}`, code);
    if (fullUrl !== null) this.#medications.set(fullUrl, code);
    this.#intake.tally.taken("Medication");
  }

  #leave(type: string, reason: string, file: string, line: number): void {
    this.#intake.tally.skipped(type, "left-out", reason, file, line);
  }

  #wait(item: Item): void {
    if (this.#waiting.length === MOST_WAITING) {
      throw new ImportError(
        "not-this-format",
        `${item.file}: half a million resources came before their patients; put the file of patients first`,
      );
    }
    this.#waiting.push(item);
  }

  /** False where the patient, or the medication unless another code is given for it, is not known yet. */
  #put({ type, id, facts }: Item, unknownMedication?: RecordedCode): boolean {
    const load = this.#intake.load;
    const patient = this.#patientOf(facts.subject);
    if (patient === 0) return false;
    const medication =
      facts.medication === null ? UNCODED : this.#medicationOf(facts.medication, unknownMedication);
    if (medication === undefined) return false;
    const clinician = load.clinicians.key(facts.clinician);
    let part = 0;
    for (const event of facts.events) {
      const { system, code } = event.code ?? medication;
      const coding = load.codes.coding(system, code);
      const measure = load.measures.key(event.unit, event.comparator);
      const row = id === "" ? 0 : rowId(part === 0 ? `${type}/${id}` : `${type}/${id}#${part}`);
      const { value, quantity } = event;
      load.event(
        patient,
        facts.day!,
        coding.code,
        coding.origin,
        value,
        measure,
        quantity,
        clinician,
        row,
        false,
      );
      part++;
    }
    this.#intake.tally.taken(type);
    return true;
  }

  #patientOf(reference: string | null): number {
    if (reference === null) return 0;
    if (reference === this.#lastReference) return this.#lastPatient;
    const patient = this.#lookUp(reference);
    if (patient !== 0) {
      this.#lastReference = reference;
      this.#lastPatient = patient;
    }
    return patient;
  }

  #lookUp(reference: string): number {
    const id = this.#patientUrls.get(reference) ?? /(?:^|\/)Patient\/([^/]+)/.exec(reference)?.[1];
    return id === undefined ? 0 : this.#intake.load.patientKey(id);
  }

  #medicationOf(reference: string, otherwise: RecordedCode | undefined): RecordedCode | undefined {
    const relative = /(?:^|\/)(Medication\/[^/]+)/.exec(reference)?.[1];
    return this.#medications.get(reference) ?? this.#medications.get(relative ?? "") ?? otherwise;
  }
}
