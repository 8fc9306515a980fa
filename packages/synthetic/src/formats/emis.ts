/**
 * An EMIS Web extract as a practice receives it: one file a table, every field quoted, rows numbered in the order in
 * which they are to be applied. Ethnic groups are coded entries and every blood pressure has a parent, as EMIS Web
 * writes them. Codes of CTV3 could not be in it, so they stand as Read codes; comparators have no
 * column. A deprivation fifth is an invented postcode.
 */
import { join } from "node:path";
import { TextFile } from "../bytes.js";
import type { Code } from "../concepts.js";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import { postcodeOf } from "../postcodes.js";
import { isConfidential, isSensitive } from "../story/choices.js";
import { EMIS_COLUMNS, type EmisTable } from "./emis-columns.js";
import type { Change, Entry, Night, NightWriter, OpenNight, PracticeContext } from "./format.js";
import { dayTexts, readingOf } from "./tables.js";

export const openEmis: OpenNight = (out, gzip, told, night) => new Emis(out, gzip, told, night);

const TABLES = Object.keys(EMIS_COLUMNS) as EmisTable[];
const COLUMNS = Object.fromEntries(
  TABLES.map((table) => [table, EMIS_COLUMNS[table].split(" ")]),
) as unknown as Readonly<Record<EmisTable, readonly string[]>>;
const SEXES = { female: "F", male: "M", other: "I", unknown: "U" } as const;
/** Read codes of the ethnic categories of the census of 2001 that stand for the five groups. */
const ETHNIC_READ = { white: "9i0..", mixed: "9i65.", asian: "9iAA.", black: "9iD4.", other: "9iFK." } as const; // prettier-ignore
const PRESSURE = { id: "900000000000000117", snomed: "75367002" };
const BASE = 400_000_000_000_006_117n; // eighteen digits: no floating number holds these
const CODE_IDS = CODES.map(({ index }) => String(BASE + BigInt(index) * 100_000n));
const ETHNIC_IDS = Object.fromEntries(
  Object.keys(ETHNIC_READ).map((group, i) => [group, String(900_000_000_000_001_017n + BigInt(i) * 100n)]),
);
/** More rows than an extract has: rows of a later extract are applied after those of an earlier one. */
const ROWS_A_NIGHT = 100_000_000;

const TYPE_OF: Readonly<Partial<Record<Code["kind"], string>>> = { measurement: "Value", vaccine: "Immunisation" }; // prettier-ignore

type Fields = Readonly<Record<string, string | number>>;

class Emis implements NightWriter {
  private readonly files: Readonly<Record<EmisTable, TextFile>>;
  private readonly told: PracticeContext;
  private readonly days: readonly string[];
  private readonly organisation: string;
  private rows: number;

  constructor(out: string, gzip: boolean, told: PracticeContext, night: Night) {
    this.told = told;
    this.days = dayTexts(told.span);
    this.organisation = guid("organisation", told.profile.code);
    this.rows = night.number * ROWS_A_NIGHT;
    const taken = `${textOf(night.until + 1).replaceAll("-", "")}021500`;
    const ids = night.number === 0 ? "bulk_1001" : String(1001 + night.number);
    const name = (table: EmisTable): string =>
      join(out, `${ids}_${table}_${taken}_${guid("agreement", told.profile.code).slice(1, -1)}.csv`);
    this.files = Object.fromEntries(
      TABLES.map((table) => [table, new TextFile(name(table), gzip)]),
    ) as typeof this.files;
    for (const table of TABLES) this.files[table].text(`"${COLUMNS[table].join('","')}"\r\n`);
    if (night.number === 0) this.writeOrganisation();
    this.writeCodes();
  }

  async write({ person, own, put, gone }: Change, events: Events): Promise<void> {
    if (own === "gone") this.row("Admin_Patient", { ...this.who(person), Deleted: "true" });
    if (own === "put") this.writePerson(person);
    for (const entry of put) this.writeEntry(person, entry, events);
    for (const entry of gone) this.writeTombstone(person, entry, events);
    for (const table of TABLES) await this.files[table].breathe();
  }

  async close(): Promise<void> {
    for (const table of TABLES) await this.files[table].close();
  }

  private row(table: EmisTable, fields: Fields): void {
    const all: Fields = { ...fields, ProcessingId: ++this.rows };
    const fieldsOf = COLUMNS[table].map((name) => all[name] ?? "");
    this.files[table].text(`"${fieldsOf.join('","')}"\r\n`);
  }

  private writeOrganisation(): void {
    const { organisation, told } = this;
    const { name, code } = told.profile;
    this.row("Admin_Organisation", { OrganisationGuid: organisation, OrganisationName: name, ODSCode: code, OrganisationType: "General Practice" });
    this.row("Agreements_SharingOrganisation", { OrganisationGuid: organisation, IsActivated: "true", Disabled: "false", Deleted: "false" });
    told.clinicians.forEach((title, i) =>
      this.row("Admin_UserInRole", { UserInRoleGuid: role(i + 1), OrganisationGuid: organisation, JobCategoryName: title.startsWith("GP") ? "General Medical Practitioner" : "Nurse" }),
    );
  } // prettier-ignore

  /** Writes the codes, which come whole with every extract. Read codes stand in them as EMIS Web keeps them. */
  private writeCodes(): void {
    for (const { index, system, code, term } of CODES) {
      const CodeId = CODE_IDS[index] ?? "";
      const Term = term.replaceAll('"', '""');
      if (system === "dmd") this.row("Coding_DrugCode", { CodeId, Term, DmdProductCodeId: code });
      else if (system === "snomed") this.row("Coding_ClinicalCode", { CodeId, Term, SnomedCTConceptId: code });
      else this.row("Coding_ClinicalCode", { CodeId, Term, ReadTermId: readTerm(code, index) });
    }
    this.row("Coding_ClinicalCode", { CodeId: PRESSURE.id, Term: "Blood pressure", SnomedCTConceptId: PRESSURE.snomed });
    for (const [group, code] of Object.entries(ETHNIC_READ))
      this.row("Coding_ClinicalCode", { CodeId: ETHNIC_IDS[group] ?? "", Term: "Ethnic category", ReadTermId: readTerm(code, 1) });
  } // prettier-ignore

  private who(person: Person): Fields {
    return { PatientGuid: guid("patient", person.id), OrganisationGuid: this.organisation };
  }

  private writePerson(person: Person): void {
    const who = this.who(person);
    const last = person.registrations.at(-1);
    const born = textOf(person.birth);
    this.row("Admin_Patient", {
      ...who,
      UsualGpUserInRoleGuid: role(person.usualDoctor),
      Sex: SEXES[person.sex],
      DateOfBirth: person.birthKnownTo === "day" ? born : `${born.slice(0, 7)}-01`,
      DateOfDeath: person.death === null ? "" : textOf(person.death),
      DateOfRegistration: last === undefined ? "" : textOf(last.start),
      DateofDeactivation: last === undefined || last.end === null ? "" : textOf(last.end),
      PatientNumber: person.number + 1,
      Postcode: postcodeOf(person),
      PatientTypeDescription: "Regular",
      DummyType: "false",
      Deleted: "false",
      SpineSensitive: String(this.told.optOuts && isSensitive(person)),
      IsConfidential: String(this.told.optOuts && isConfidential(person)),
    });
    person.registrations.forEach(({ start, end }, i) => {
      const status = (day: number, StatusDescription: string): void =>
        this.row("Admin_PatientHistory", { ...who, HistoryDate: textOf(day), HistoryTime: "09:00:00", StatusDescription });
      status(start, "Registered");
      if (end === null) return;
      const died = person.death !== null && i === person.registrations.length - 1;
      status(end, died ? "Death" : "Removal to New HA/HB");
    });
    if (person.ethnicGroup !== null) this.writeEthnicGroup(person, person.ethnicGroup);
  } // prettier-ignore

  private writeEthnicGroup(person: Person, group: keyof typeof ETHNIC_READ): void {
    const joined = person.registrations[0]?.start ?? this.told.span.from;
    const day = this.days[Math.max(joined, this.told.span.from) - this.told.span.from] ?? "";
    const CodeId = ETHNIC_IDS[group] ?? "";
    this.observation(person, `${person.id}-ethnic`, day, "", { CodeId, ObservationType: "Observation" });
  }

  private writeEntry(person: Person, { id, at }: Entry, events: Events): void {
    const code = CODES[events.code[at] ?? 0];
    const day = this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "";
    if (code === undefined) return;
    const CodeId = CODE_IDS[code.index] ?? "";
    const clinician = role(events.clinician[at] ?? 0);
    if (code.kind === "contact") {
      this.row("CareRecord_Consultation", { ConsultationGuid: guid("row", id), ...this.done(person, day, clinician), ConsultationSourceCodeId: CodeId, Complete: "true" });
    } else if (code.system === "dmd") {
      this.row("Prescribing_IssueRecord", { IssueRecordGuid: guid("row", id), ...this.done(person, day, clinician), CodeId, Quantity: events.quantity[at] || "", IsPrivatelyPrescribed: "false" });
    } else {
      const parent = parentOf(code, id);
      if (code.concept === "systolic-bp") this.observation(person, parent, day, clinician, { CodeId: PRESSURE.id, ObservationType: "Observation" });
      const reading = readingOf(events, at);
      this.observation(person, id, day, clinician, {
        CodeId,
        ParentObservationGuid: parent === "" ? "" : guid("row", parent),
        Value: reading?.number ?? "",
        NumericUnit: reading?.unit ?? "",
        ObservationType: TYPE_OF[code.kind] ?? "Observation",
      });
      if (code.kind === "condition")
        this.row("CareRecord_Problem", { ObservationGuid: guid("row", id), ...this.who(person), Deleted: "false", ProblemStatusDescription: "Active Problem" });
    }
  } // prettier-ignore

  private observation(person: Person, id: string, day: string, clinician: string, more: Fields): void {
    this.row("CareRecord_Observation", { ObservationGuid: guid("row", id), ...this.done(person, day, clinician), Abnormal: "false", Episode: "None", ...more });
  } // prettier-ignore

  private done(person: Person, day: string, ClinicianUserInRoleGuid: string): Fields {
    return {
      ...this.who(person),
      EffectiveDate: day,
      EffectiveDatePrecision: "YMD",
      EnteredDate: day,
      EnteredTime: "11:00:00",
      ClinicianUserInRoleGuid,
      Deleted: "false",
      IsConfidential: "false",
    };
  }

  /** Takes an entry back. Every other tombstone is of its row alone, without the patient. */
  private writeTombstone(person: Person, { id, at }: Entry, events: Events): void {
    const code = CODES[events.code[at] ?? 0];
    const who = at % 2 === 0 ? this.who(person) : { OrganisationGuid: this.organisation };
    const row = { ...who, Deleted: "true" };
    if (code?.kind === "contact") this.row("CareRecord_Consultation", { ConsultationGuid: guid("row", id), ...row });
    else if (code?.system === "dmd") this.row("Prescribing_IssueRecord", { IssueRecordGuid: guid("row", id), ...row });
    else this.row("CareRecord_Observation", { ObservationGuid: guid("row", id), ...row });
  } // prettier-ignore
}

/** The id of the blood pressure that an entry is a part of: the systolic value is entered before the diastolic one. */
function parentOf({ concept }: Code, id: string): string {
  if (concept === "systolic-bp") return `${id}-bp`;
  if (concept !== "diastolic-bp") return "";
  const number = id.lastIndexOf("-") + 1;
  return `${id.slice(0, number)}${Number(id.slice(number)) - 1}-bp`;
}

/** A Read code without the dots behind it, and now and then with the number of a synonym. */
function readTerm(code: string, index: number): string {
  const bare = code.replace(/\.+$/, "");
  return index % 3 === 0 ? `${bare}-${1 + (index % 2)}` : bare;
}

function role(position: number): string {
  return position === 0 ? "" : guid("role", String(position));
}

/** A GUID that stands for this text, always the same. */
function guid(kind: string, text: string): string {
  let hex = "";
  for (let part = 0; part < 4; part++) {
    let h = 0x811c9dc5 ^ part;
    for (const word of [kind, "/", text])
      for (let i = 0; i < word.length; i++) h = Math.imul(h ^ word.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d + 2 * part);
    hex += ((h ^ (h >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  const cut = [0, 8, 12, 16, 20, 32];
  return `{${cut.slice(1).map((end, i) => hex.slice(cut[i], end)).join("-").toUpperCase()}}`;
} // prettier-ignore
