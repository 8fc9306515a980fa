/** Takes resources into the load; those whose patient or medication has not been met yet wait until the end. */
import { shownSystem } from "../code-systems.js";
import type { Intake } from "../importer.js";
import { ImportError } from "../errors.js";
import { rowId } from "../../records/row-id.js";
import { codeOf, type RecordedCode, UNCODED } from "./codings.js";
import { type FhirFacts, leftOutByStatus, READERS } from "./facts.js";
import { type Json, listAt, objectAt, textAt } from "./json.js";
import { patientFacts } from "./patient.js";
import { isByIdentifier, References, type Scope } from "./references.js";

/** Where a resource stands: for what is said of it, and for whom its references mean. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** Null outside of bundles. */
  readonly scope: Scope | null;
}

/** One resource on its way in. */
interface Item {
  readonly type: string;
  readonly id: string;
  readonly facts: FhirFacts;
  readonly at: Place;
}

/** A patient who is said to be another one now; taken after all where that one never comes. */
interface Replaced {
  readonly id: string;
  readonly resource: Json;
  readonly at: Place;
}

const MOST_WAITING = 500_000;

/** Whether resources of that type say anything that is kept. */
export function isRead(type: string): boolean {
  return type === "Patient" || type === "Medication" || READERS.has(type);
}

export class Resources {
  readonly #intake: Intake;
  readonly #references: References;
  readonly #waiting: Item[] = [];
  readonly #replaced: Replaced[] = [];
  /** What this load said of each patient, to see whether it says two things of one. */
  readonly #patients = new Map<string, string>();

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
    if ("leftOut" in facts) return this.#leave(type, facts.leftOut, at);
    if (facts.day === null) return this.#leave(type, "it has no date, so no question could see it", at);
    if (Number.isNaN(facts.day)) return this.#leave(type, "its date is none from 1800 to 2199", at);
    const item = { type, id, facts, at };
    if (!this.#put(item)) this.#wait(item);
  }

  /** Counts a resource of a kind that is not read. */
  leave(type: string, at: Place): void {
    this.#leave(type, "no question asks about this kind of resource", at);
  }

  /** How many resources wait: given back to `closeBundle` at the bundle's end. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** A bundle's end: what waited for something in it, since so many waited, need not wait for it any longer. */
  closeBundle(scope: Scope, since: number): void {
    scope.closed = true;
    for (const item of this.#waiting.splice(since)) if (!this.#put(item)) this.#waiting.push(item);
  }

  /** Everything was met: what still points at nobody is an orphan, a medication that never came is no code. */
  settle(): void {
    this.#references.complete();
    for (const { id, resource, at } of this.#replaced) {
      if (this.#intake.load.patientKey(this.#references.standsFor(id)) !== 0)
        this.#leave("Patient", "it was replaced by another patient, who has its records", at);
      else {
        this.#references.replace(id, id);
        this.#say("Patient", "it was replaced by a patient who is not in these records; taken as it is", at);
        this.#putPatient(resource, id, at);
      }
    }
    for (const item of this.#waiting) {
      if (this.#put(item, UNCODED)) continue;
      const words = isByIdentifier(item.facts.subject)
        ? "its subject is named by an identifier that no one patient of this load has"
        : "its subject is no patient of these records";
      this.#intake.tally.skipped(item.type, "orphan", words, item.at.file, item.at.line);
    }
    this.#waiting.length = 0;
  }

  #takePatient(resource: Json, id: string, fullUrl: string | null, at: Place): void {
    if (id === "") return this.#intake.tally.skipped("Patient", "bad", "it has no id", at.file, at.line);
    for (const link of listAt(resource, "link")) {
      const other = /(?:^|\/)Patient\/([^/?#|]+)/.exec(
        textAt(objectAt(link, "other"), "reference") ?? "",
      )?.[1];
      if (other === undefined || other === id) continue;
      if (link.type === "replaced-by") this.#references.replace(id, other);
      else if (link.type === "replaces" && this.#intake.load.patientKey(other) === 0)
        this.#references.replace(other, id);
    }
    this.#references.addPatient(id, resource, fullUrl, at.scope);
    if (this.#references.standsFor(id) !== id) this.#replaced.push({ id, resource, at });
    else this.#putPatient(resource, id, at);
  }

  #putPatient(resource: Json, id: string, at: Place): void {
    const { facts, said } = patientFacts(resource);
    for (const reason of said) this.#say("Patient", reason, at);
    const content = JSON.stringify(facts);
    if ((this.#patients.get(id) ?? content) !== content)
      this.#say(
        "Patient",
        "it was given before with another birth, sex, death or group; the later one holds",
        at,
      );
    this.#patients.set(id, content);
    this.#intake.load.patient(id, facts);
    this.#intake.tally.taken("Patient");
  }

  #takeMedication(resource: Json, fullUrl: string | null, at: Place): void {
    const code = codeOf(objectAt(resource, "code"));
    this.#references.addMedication(resource, fullUrl, at.scope, code);
    this.#intake.tally.taken("Medication");
  }

  #leave(type: string, reason: string, at: Place): void {
    this.#intake.tally.skipped(type, "left-out", reason, at.file, at.line);
  }

  #say(type: string, reason: string, at: Place): void {
    this.#intake.tally.doubted(type, reason, at.file, at.line);
  }

  #wait(item: Item): void {
    if (this.#waiting.length === MOST_WAITING) {
      throw new ImportError(
        "not-this-format",
        `${item.at.file}: half a million resources came before their patients; put the file of patients first`,
      );
    }
    this.#waiting.push(item);
  }

  /** False where the patient, or the medication unless another code is given for it, is not known yet. */
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
      this.#say(type, "its medication is none of these records, so it has no code", at);
    const clinician = load.clinicians.key(facts.clinician);
    let part = 0;
    for (const event of facts.events) {
      const { system, code, unknown } = event.code ?? medication;
      if (unknown !== undefined) this.#say(type, unknownSystem(unknown), at);
      else if (code === "" && event.code !== null)
        this.#say(type, "it has no code, so no codelist finds it", at);
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
}

function unknownSystem(address: string): string {
  if (address === "") return "its code names no code system; kept as a local code";
  const shown = shownSystem(address);
  return shown === null
    ? "its code system has an odd name and is not known here; kept as a local code"
    : `its code system ${shown} is not known here; kept as a local code`;
}
