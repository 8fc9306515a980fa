/** FHIR R4 as Bulk Data gives it: one resource a line, one file for each type, relative references. */
import { join } from "node:path";
import { TextFile } from "../bytes.js";
import type { Code } from "../concepts.js";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import { postcodeOf } from "../postcodes.js";
import type { FormatWriter, OpenFormat, PracticeContext } from "./format.js";
import { dayTexts, readingOf } from "./tables.js";

export const openFhir: OpenFormat = (out, gzip, told) => new Fhir(out, gzip, told);

const TYPES = [
  "Condition",
  "Observation",
  "MedicationRequest",
  "Immunization",
  "Procedure",
  "Encounter",
] as const;
type Type = (typeof TYPES)[number];

const TYPE_OF: Readonly<Record<Code["kind"], Type>> = {
  condition: "Condition", measurement: "Observation", finding: "Observation", admin: "Observation", procedure: "Procedure",
  vaccine: "Immunization", contact: "Encounter", medicine: "MedicationRequest",
}; // prettier-ignore

const SYSTEMS: Readonly<Record<Code["system"], string>> = {
  snomed: "http://snomed.info/sct",
  dmd: "https://dmd.nhs.uk",
  read2: "http://read.info/readv2",
  ctv3: "http://read.info/ctv3",
};

const CODINGS = CODES.map(
  (code) =>
    `{"coding":[${JSON.stringify({ system: SYSTEMS[code.system], code: code.code, display: code.term })}]}`,
);
const BLOOD_PRESSURE =
  '{"coding":[{"system":"http://snomed.info/sct","code":"75367002","display":"Blood pressure"}]}';
/** UK Core's ethnic categories nearest to the census's five groups. */
const ETHNIC_CATEGORY = { white: "A", mixed: "G", asian: "L", black: "P", other: "S" } as const;

class Fhir implements FormatWriter {
  private readonly patients: TextFile;
  private readonly files: Record<Type, TextFile>;
  private readonly told: PracticeContext;
  private readonly days: string[];

  constructor(out: string, gzip: boolean, told: PracticeContext) {
    const open = (type: string): TextFile => new TextFile(join(out, `${type}.ndjson`), gzip);
    this.told = told;
    this.patients = open("Patient");
    this.files = Object.fromEntries(TYPES.map((type) => [type, open(type)])) as Record<Type, TextFile>;
    this.days = dayTexts(told.span);
  }

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    this.patients.text(`${JSON.stringify(patientResource(person))}\n`);
    const patient = `{"reference":"Patient/${person.id}"}`;
    for (let i = 0; i < order.length; i++) {
      const at = order[i] ?? 0;
      const next = order[i + 1];
      const code = CODES[events.code[at] ?? 0];
      if (!code) continue;
      const head = { id: `${person.id}-${i + 1}`, patient, day: this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "", who: this.clinician(events, at) }; // prettier-ignore
      if (next !== undefined && isPair(events, at, next)) {
        this.files.Observation.text(pressure(head, events, at, next));
        i++;
      } else {
        this.files[TYPE_OF[code.kind]].text(resource(TYPE_OF[code.kind], head, events, at));
      }
    }
    await this.patients.breathe();
    for (const type of TYPES) await this.files[type].breathe();
  }

  private clinician(events: Events, at: number): string | null {
    const name = this.told.clinicians[(events.clinician[at] ?? 0) - 1];
    return name === undefined
      ? null
      : `{"reference":"Practitioner/${this.told.profile.code}-${name}","display":"${name}"}`;
  }

  async close(): Promise<void> {
    await this.patients.close();
    for (const type of TYPES) await this.files[type].close();
  }
}

interface Head {
  readonly id: string;
  readonly patient: string;
  readonly day: string;
  readonly who: string | null;
}

function patientResource(person: Person): object {
  const category = person.ethnicGroup === null ? null : ETHNIC_CATEGORY[person.ethnicGroup];
  return {
    resourceType: "Patient",
    id: person.id,
    ...(category && {
      extension: [
        {
          url: "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory",
          valueCodeableConcept: {
            coding: [{ system: "https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory", code: category }],
          },
        },
      ],
    }),
    identifier: [{ system: "urn:cairn:invented-patient", value: person.id }],
    gender: person.sex,
    birthDate: textOf(person.birth).slice(0, person.birthKnownTo === "day" ? 10 : 7),
    ...(person.death !== null && { deceasedDateTime: textOf(person.death) }),
    ...(person.fifth !== null && { address: [{ use: "home", postalCode: postcodeOf(person) }] }),
  };
}

function resource(type: Type, head: Head, events: Events, at: number): string {
  const { id, patient, day, who } = head;
  const code = CODINGS[events.code[at] ?? 0] ?? "";
  const start = `{"resourceType":"${type}","id":"${id}",`;
  switch (type) {
    case "Condition":
      return `${start}"code":${code},"subject":${patient},"recordedDate":"${day}","onsetDateTime":"${day}"${who ? `,"recorder":${who}` : ""}}\n`;
    case "Observation":
      return `${start}"status":"final","code":${code},"subject":${patient},"effectiveDateTime":"${day}"${performer(who)}${quantity(events, at)}}\n`;
    case "MedicationRequest":
      return `${start}"status":"completed","intent":"order","medicationCodeableConcept":${code},"subject":${patient},"authoredOn":"${day}"${who ? `,"requester":${who}` : ""}${dispense(events, at)}}\n`;
    case "Immunization":
      return `${start}"status":"completed","vaccineCode":${code},"patient":${patient},"occurrenceDateTime":"${day}"${who ? `,"performer":[{"actor":${who}}]` : ""}}\n`;
    case "Procedure":
      return `${start}"status":"completed","code":${code},"subject":${patient},"performedDateTime":"${day}"${who ? `,"performer":[{"actor":${who}}]` : ""}}\n`;
    case "Encounter":
      return `${start}"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"AMB"},"type":[${code}],"subject":${patient},"period":{"start":"${day}","end":"${day}"}${who ? `,"participant":[{"individual":${who}}]` : ""}}\n`;
  }
} // prettier-ignore

function performer(who: string | null): string {
  return who ? `,"performer":[${who}]` : "";
}

function dispense(events: Events, at: number): string {
  const quantity = events.quantity[at] ?? 0;
  return quantity > 0 ? `,"dispenseRequest":{"quantity":{"value":${quantity}}}` : "";
}

function quantity(events: Events, at: number): string {
  const reading = readingOf(events, at);
  if (!reading) return "";
  const comparator = reading.comparator ? `,"comparator":"${reading.comparator}"` : "";
  const unit = reading.unit ? `,"unit":"${reading.unit}"` : "";
  return `,"valueQuantity":{"value":${reading.number}${comparator}${unit}}`;
}

/** Whether two entries make one blood pressure: systolic and diastolic, one after the other in one sitting. */
function isPair(events: Events, at: number, next: number): boolean {
  return (
    events.day[at] === events.day[next] &&
    events.clinician[at] === events.clinician[next] &&
    CODES[events.code[at] ?? 0]?.concept === "systolic-bp" &&
    CODES[events.code[next] ?? 0]?.concept === "diastolic-bp"
  );
}

function pressure(head: Head, events: Events, systolic: number, diastolic: number): string {
  const parts = [systolic, diastolic].map(
    (at) => `{"code":${CODINGS[events.code[at] ?? 0]}${quantity(events, at)}}`,
  );
  return `{"resourceType":"Observation","id":"${head.id}","status":"final","code":${BLOOD_PRESSURE},"subject":${head.patient},"effectiveDateTime":"${head.day}"${performer(head.who)},"component":[${parts.join(",")}]}\n`;
}
