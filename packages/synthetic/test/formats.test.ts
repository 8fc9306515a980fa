/** Every format tells of the same people and the same entries, in its own way. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { CODES } from "../src/concepts.js";
import { FORMATS, writePractice } from "../src/index.js";
import type { FormatName, PracticeSummary } from "../src/index.js";

const CHOSEN = {
  patients: 150,
  eventsPerPatient: 150,
  seed: 7,
  until: "2025-03-31",
  practice: "Drovers Gate Surgery",
};

type Row = Readonly<Record<string, string>>;
/** Number of the patient, date, code, and the value where there is one. */
type Told = { patients: number; deaths: number; entries: string[] };

const telling: Record<FormatName, (folder: string) => Told> = {
  journal,
  fhir,
  "synthea-csv": syntheaCsv,
  omop,
  aurum,
  emis,
  systmone,
};

t.test("every format, one practice", async (t) => {
  const told = new Map<FormatName, Told>();
  for (const format of Object.keys(FORMATS) as FormatName[]) {
    const folder = t.testdir();
    const summary: PracticeSummary = await writePractice({ ...CHOSEN, format, out: folder });
    const bytes = digest(folder);
    const heard = telling[format](folder);
    t.equal(heard.patients, CHOSEN.patients, `${format}: patients`);
    t.equal(heard.entries.length, summary.events, `${format}: events`);
    told.set(format, { ...heard, entries: heard.entries.sort() });
    await writePractice({ ...CHOSEN, format, out: folder });
    t.equal(digest(folder), bytes, `${format}: the same bytes again`);
  }
  const journal = told.get("journal");
  t.ok(journal && journal.deaths > 0, "somebody died");
  for (const [format, heard] of told) {
    // Not `same`: what differs is told by the first entry, where a full comparison of thousands takes minutes.
    const first = heard.entries.findIndex((each, i) => each !== journal?.entries[i]);
    t.equal(heard.entries[first], journal?.entries[first], `${format} says what the journal says`);
    t.equal(heard.deaths, journal?.deaths, `${format}: deaths`);
  }
});

function journal(folder: string): Told {
  const people = table(folder, "patients.csv");
  const number = (id = ""): number => Number(id.slice(-6));
  const entries = table(folder, "events.csv").map((row) =>
    entry(number(row.patient_id), row.date, row.code, row.value),
  );
  return { patients: people.length, deaths: people.filter((row) => row.date_of_death).length, entries };
}

interface Resource {
  readonly resourceType: string;
  readonly id: string;
  readonly [key: string]: unknown;
}
interface Coded {
  readonly code?: { coding: [{ code: string }] };
  readonly valueQuantity?: { value: number };
}

function fhir(folder: string): Told {
  const all = readdirSync(folder)
    .filter((name) => name.endsWith(".ndjson"))
    .flatMap((name) => lines(join(folder, name)));
  const resources = all.map((line) => JSON.parse(line) as Resource);
  const people = resources.filter((each) => each.resourceType === "Patient");
  const entries = resources.flatMap((each) => (each.resourceType === "Patient" ? [] : fhirEntries(each)));
  return { patients: people.length, deaths: people.filter((each) => each.deceasedDateTime).length, entries };
}

function fhirEntries(of: Resource): string[] {
  const found = of as Resource & Coded & Record<string, string | undefined> & Record<string, { reference: string; start: string }> & { component?: Coded[]; type?: Coded["code"][]; medicationCodeableConcept?: Coded["code"]; vaccineCode?: Coded["code"] };
  const subject = (found.subject ?? found.patient)?.reference ?? "";
  const day = String(found.effectiveDateTime ?? found.recordedDate ?? found.authoredOn ?? found.occurrenceDateTime ?? found.performedDateTime ?? found.period?.start);
  const parts: Coded[] = found.component ?? [{ code: found.code ?? found.medicationCodeableConcept ?? found.vaccineCode ?? found.type?.[0], valueQuantity: found.valueQuantity }];
  return parts.map((part) => entry(Number(subject.slice(-6)), day, part.code?.coding[0].code, part.valueQuantity?.value));
} // prettier-ignore

function syntheaCsv(folder: string): Told {
  const people = table(folder, "patients.csv");
  const numbers = new Map(people.map((row) => [row.Id, Number((row.FIRST ?? "").replace("Invented", ""))]));
  const names = ["conditions", "observations", "medications", "immunizations", "procedures", "encounters"];
  const entries = names.flatMap((name) =>
    table(folder, `${name}.csv`).map((row) =>
      entry(
        numbers.get(row.PATIENT),
        (row.DATE ?? row.START)?.slice(0, 10),
        row.CODE,
        row.VALUE?.replace(/^[<>=]+/, ""),
      ),
    ),
  );
  return { patients: people.length, deaths: people.filter((row) => row.DEATHDATE).length, entries };
}

function omop(folder: string): Told {
  const codes = new Map(table(folder, "concept.csv").map((row) => [row.concept_id, row.concept_code]));
  const tables = { condition_occurrence: "condition_start_date", drug_exposure: "drug_exposure_start_date", procedure_occurrence: "procedure_date", measurement: "measurement_date", observation: "observation_date", visit_occurrence: "visit_start_date" }; // prettier-ignore
  const entries = Object.entries(tables).flatMap(([name, date]) =>
    table(folder, `${name}.csv`).map((row) => {
      const source = `${name.replace(/_(occurrence|exposure)$/, "")}_source_concept_id`;
      return entry(Number(row.person_id), row[date], codes.get(row[source]), row.value_as_number);
    }),
  );
  const [people, deaths] = [table(folder, "person.csv"), table(folder, "death.csv")];
  return { patients: people.length, deaths: deaths.length, entries };
}

function aurum(folder: string): Told {
  const read = (name: string): Row[] => table(folder, `${name}.txt`, "\t", "\r\n");
  const medical = read("emismedicaldictionary").map(
    (row) => [row.MedCodeId, row.SnomedCTConceptId || row.OriginalReadCode] as const,
  );
  const codes = new Map([
    ...medical,
    ...read("emisproductdictionary").map((row) => [row.ProdCodeId, row.dmdid] as const),
  ]);
  const extract = (name: string): Row[] => read(`aurum_allpatid_set1_extract_${name}_001`);
  const day = (text = ""): string => text.split("/").reverse().join("-");
  const number = (id = ""): number => Number(id.slice(0, -5));
  const people = extract("patient");
  const entries = [
    ...extract("observation").map((row) =>
      entry(number(row.patid), day(row.obsdate), codes.get(row.medcodeid), row.value),
    ),
    ...extract("consultation").map((row) =>
      entry(number(row.patid), day(row.consdate), codes.get(row.consmedcodeid)),
    ),
    ...extract("drugissue").map((row) =>
      entry(number(row.patid), day(row.issuedate), codes.get(row.prodcodeid)),
    ),
  ];
  return { patients: people.length, deaths: people.filter((row) => row.emis_ddate).length, entries };
}

function emis(folder: string): Told {
  const names = readdirSync(folder);
  const read = (name: string): Row[] =>
    table(folder, names.find((each) => each.includes(`_${name}_`)) ?? name, ",", "\r\n");
  const readCode = (text = ""): string => text.replace(/-\d+$/, "").padEnd(5, ".");
  const codes = new Map([
    ...read("Coding_ClinicalCode").map(
      (row) => [row.CodeId, row.SnomedCTConceptId || readCode(row.ReadTermId)] as const,
    ),
    ...read("Coding_DrugCode").map((row) => [row.CodeId, row.DmdProductCodeId] as const),
  ]);
  const people = read("Admin_Patient");
  const numbers = new Map(people.map((row) => [row.PatientGuid, Number(row.PatientNumber)]));
  const rows = ["CareRecord_Consultation", "CareRecord_Observation", "Prescribing_IssueRecord"].flatMap(read);
  // Beside what the journal says: a parent for each blood pressure, and ethnic groups as entries.
  const told = rows.filter((row) => KNOWN.has(codes.get(row.CodeId ?? row.ConsultationSourceCodeId) ?? ""));
  const entries = told.map((row) =>
    entry(
      numbers.get(row.PatientGuid),
      row.EffectiveDate,
      codes.get(row.CodeId ?? row.ConsultationSourceCodeId),
      row.Value,
    ),
  );
  return { patients: people.length, deaths: people.filter((row) => row.DateOfDeath).length, entries };
}

function systmone(folder: string): Told {
  const read = (name: string): Row[] => table(folder, `${name}.csv`, ",", "\r\n");
  const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  const day = (text = ""): string =>
    `${text.slice(7, 11)}-${String(months.indexOf(text.slice(3, 6)) + 1).padStart(2, "0")}-${text.slice(0, 2)}`;
  const code = (snomed = "", old = ""): string => (snomed === "-1" ? old : snomed);
  const words = new Map(
    read("SRConfiguredListOption").map((row) => [row.RowIdentifier, row.ConfiguredListOption]),
  );
  const met = ({ ContactMethod, ContactEventLocation }: Row): string => {
    const [method, place] = [words.get(ContactMethod), words.get(ContactEventLocation)];
    if (method === "Telephone") return "185317003";
    if (method === "Online consultation") return "1068881000000101";
    return place === "Patient's home" ? "439708006" : "308335008";
  };
  const people = read("SRPatient");
  const numbers = new Map(people.map((row, i) => [row.RowIdentifier, i + 1]));
  const of = (row: Row, code: string | undefined): string =>
    entry(numbers.get(row.IDPatient), day(row.DateEvent), code, row.NumericValue);
  const entries = [
    // Beside what the journal says: ethnic groups as entries.
    ...read("SRCode").flatMap((row) => {
      const found = code(row.SNOMEDCode, row.CTV3Code);
      return KNOWN.has(found) ? [of(row, found)] : [];
    }),
    ...read("SRImmunisation").map((row) => of(row, code(row.ImmsSNOMEDCode, row.ImmsReadCode))),
    ...read("SRPrimaryCareMedication").map((row) => of(row, row.IDMultiLexDMD)),
    ...read("SREvent").map((row) => of(row, met(row))),
  ];
  return { patients: people.length, deaths: people.filter((row) => row.DateDeath).length, entries };
}

/** SystmOne tells four kinds of contact apart: in all formats they are compared by these. */
const CONTACTS = new Set(CODES.flatMap(({ kind, code }) => (kind === "contact" ? [code] : [])));
const MET: Row = {
  "185317003": "185317003",
  "439708006": "439708006",
  "1068881000000101": "1068881000000101",
  "185320006": "1068881000000101",
};

const KNOWN = new Set(CODES.map((code) => code.code));

function entry(
  patient: number | undefined,
  date: string | undefined,
  code: string | undefined,
  value: string | number = "",
): string {
  if (!patient || !date || !code || !KNOWN.has(code))
    throw new Error(`an entry without ${patient} ${date} ${code}`);
  const told = CONTACTS.has(code) ? (MET[code] ?? "308335008") : code;
  return `${patient} ${date} ${told} ${value === "" ? "" : Number(value)}`;
}

function digest(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

function lines(path: string, ending = "\n"): string[] {
  return readFileSync(path, "utf8")
    .split(ending)
    .filter((line) => line !== "");
}

function table(folder: string, name: string, separator = ",", ending = "\n"): Row[] {
  const [head = "", ...rest] = lines(join(folder, name), ending);
  const split = (line: string): string[] =>
    separator === ","
      ? [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => m[1] ?? m[2] ?? "")
      : line.split(separator);
  const keys = split(head);
  return rest.map((line) => Object.fromEntries(split(line).map((field, i) => [keys[i] ?? "", field])));
}
