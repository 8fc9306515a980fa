/**
 * Resolves references to patients and medications. A bundle's own names come first: two bundles may give one
 * `urn:uuid` to two people. Names unknown in the own bundle are looked for among all of the load, where they count
 * only as long as they are unambiguous.
 */
import type { Load } from "@cairn/records";
import type { RecordedCode } from "./codings.js";
import { type Json, listAt, objectAt, textAt } from "./json.js";

/**
 * The names of patients and medications in one bundle; a bundle inside of another also knows the outer one's names.
 */
export class Scope {
  /** Whether everything in the bundle was read: an unknown name can then be looked for elsewhere. */
  closed = false;
  readonly patients = new Map<string, string>();
  readonly medications = new Map<string, RecordedCode>();
  readonly outer: Scope | null;

  constructor(outer: Scope | null) {
    this.outer = outer;
  }
}

export const PATIENT = /(?:^|\/)Patient\/([^/?#|]+)/;
const MEDICATION = /(?:^|\/)(Medication\/[^/?#|]+)/;
/** Prefix of a reference by identifier, as normalised here. */
const BY_IDENTIFIER = "Patient?identifier=";

export class References {
  readonly #load: Load;
  /** Patient by name; null where two patients have the name. */
  readonly #patients = new Map<string, string | null>();
  readonly #identifiers = new Map<string, string | null>();
  readonly #medications = new Map<string, RecordedCode | null>();
  readonly #replacedBy = new Map<string, string>();
  /** The last reference and its key: resources come by patient more often than not. */
  #lastReference = "";
  #lastScope: Scope | null = null;
  #lastPatient = 0;
  #complete = false;

  constructor(load: Load) {
    this.#load = load;
  }

  /** Ends the collection of names: a name now stands for one thing in all bundles alike, or for none. */
  complete(): void {
    this.#complete = true;
  }

  addPatient(id: string, resource: Json, fullUrl: string | null, scope: Scope | null): void {
    for (const name of namesOf("Patient", resource, fullUrl)) {
      scope?.patients.set(name, id);
      putShared(this.#patients, name, id);
    }
    for (const identifier of listAt(resource, "identifier")) {
      const value = textAt(identifier, "value");
      if (value === null) continue;
      const same = (a: string, b: string): boolean => this.standsFor(a) === this.standsFor(b);
      putShared(this.#identifiers, value, id, same);
      const system = textAt(identifier, "system");
      if (system !== null) putShared(this.#identifiers, `${system}|${value}`, id, same);
    }
    this.#lastReference = "";
  }

  addMedication(resource: Json, fullUrl: string | null, scope: Scope | null, code: RecordedCode): void {
    const id = textAt(resource, "id");
    if (id !== null) this.#load.keptCodes.put(id, code);
    for (const name of [...(id === null ? [] : [`Medication/${id}`]), ...namesOf("Medication", resource, fullUrl)]) {
      scope?.medications.set(name, code);
      putShared(this.#medications, name, code, (a, b) => a.system === b.system && a.code === b.code);
    } // prettier-ignore
  }

  /** Redirects every reference from one patient to another. */
  replace(id: string, by: string): void {
    this.#replacedBy.set(id, by);
    this.#lastReference = "";
  }

  /** The ids of patients who were replaced. */
  replaced(): readonly string[] {
    return [...this.#replacedBy.keys()];
  }

  /** The patient who replaces this one; the same id where nobody does. */
  standsFor(id: string): string {
    let last = id;
    for (let steps = 0; steps < 20; steps++) {
      const next = this.#replacedBy.get(last);
      if (next === undefined || next === id) break;
      last = next;
    }
    return last;
  }

  /** The id of the patient that a reference stands for among everything that was read; null for nobody. */
  patientId(reference: string, scope: Scope | null): string | null {
    for (let each = scope; each !== null; each = each.outer) {
      const id = each.patients.get(reference);
      if (id !== undefined) return id;
    }
    const known = reference.startsWith(BY_IDENTIFIER)
      ? this.#identifiers.get(reference.slice(BY_IDENTIFIER.length))
      : PATIENT.exec(reference)?.[1];
    return known ?? this.#patients.get(reference) ?? null;
  }

  /** The patient's key in the store; 0 where the reference leads to nobody known yet. */
  patientKey(reference: string | null, scope: Scope | null): number {
    if (reference === null) return 0;
    if (reference === this.#lastReference && scope === this.#lastScope) return this.#lastPatient;
    const patient = this.#findPatient(reference, scope);
    if (patient !== 0) {
      this.#lastReference = reference;
      this.#lastScope = scope;
      this.#lastPatient = patient;
    }
    return patient;
  }

  #findPatient(reference: string, scope: Scope | null): number {
    for (let each = scope; each !== null; each = each.outer) {
      const id = each.patients.get(reference);
      if (id !== undefined) return this.#load.people.keyOf(this.standsFor(id));
    }
    const known = reference.startsWith(BY_IDENTIFIER)
      ? this.#identifiers.get(reference.slice(BY_IDENTIFIER.length))
      : (PATIENT.exec(reference)?.[1] ?? undefined);
    const key = known == null ? 0 : this.#load.people.keyOf(this.standsFor(known));
    if (key !== 0) return key;
    const shared = this.#complete ? this.#patients.get(reference) : null;
    return shared == null ? 0 : this.#load.people.keyOf(this.standsFor(shared));
  }

  /** The code of a medication; undefined where it is not known yet. */
  medication(reference: string, scope: Scope | null): RecordedCode | undefined {
    const relative = MEDICATION.exec(reference)?.[1] ?? "";
    for (let each = scope; each !== null; each = each.outer) {
      const found = each.medications.get(reference) ?? each.medications.get(relative);
      if (found !== undefined) return found;
    }
    const shared = this.#complete ? this.#medications.get(reference) : null;
    if (shared != null) return shared;
    if (scope !== null && !scope.closed && !this.#complete) return undefined;
    return this.#medications.get(relative) ?? this.#load.keptCodes.get(relative.slice("Medication/".length));
  }
}

/**
 * The names of a resource beside type and id: `fullUrl`, and for a resource without an id the end of that as type and
 * id.
 */
function namesOf(type: string, resource: Json, fullUrl: string | null): string[] {
  if (fullUrl === null) return [];
  const end = textAt(resource, "id") === null ? fullUrl.split("/").slice(-2).join("/") : "";
  return end.startsWith(`${type}/`) ? [fullUrl, end] : [fullUrl];
}

function putShared<T>(
  map: Map<string, T | null>,
  name: string,
  meant: T,
  same: (a: T, b: T) => boolean = Object.is,
): void {
  const before = map.get(name);
  map.set(name, before === undefined || (before !== null && same(before, meant)) ? meant : null);
}

/**
 * The subject of a resource, as one text: a reference as written, or `Patient?identifier=system|value` where it names
 * the patient by an identifier, in a search, beside the reference, or in a patient that it holds itself. Null for
 * nobody.
 */
export function subjectOf(resource: Json): string | null {
  return nameIn(objectAt(resource, "subject") ?? objectAt(resource, "patient"), resource);
}

/** The patient that a reference in a resource names, as `subjectOf` writes it. */
export function nameIn(subject: Json | null, resource: Json): string | null {
  const reference = textAt(subject, "reference");
  if (reference === null) return byIdentifier(objectAt(subject, "identifier"));
  if (reference.startsWith("#")) {
    const held = listAt(resource, "contained").find((each) => each.id === reference.slice(1));
    return byIdentifier(listAt(held, "identifier").find((each) => textAt(each, "value") !== null) ?? null);
  }
  const search = reference.includes("?") ? /(?:^|\/)Patient\?(.*)$/.exec(reference) : null;
  if (search === null) return reference;
  const token = new URLSearchParams(search[1]).get("identifier");
  return token === null ? reference : BY_IDENTIFIER + token.replace(/^\|/, "");
}

export function isByIdentifier(subject: string | null): boolean {
  return subject?.startsWith(BY_IDENTIFIER) ?? false;
}

function byIdentifier(identifier: Json | null): string | null {
  const value = textAt(identifier, "value");
  if (value === null) return null;
  const system = textAt(identifier, "system");
  return `${BY_IDENTIFIER}${system === null ? "" : `${system}|`}${value}`;
}
