/**
 * CPRD Aurum as researchers receive it: tab-separated, CRLF, Latin-1, dd/mm/yyyy, ids of up to 19 digits, many
 * numbered files, and dictionaries beside them. One registration a patient, the year of birth, no deprivation and no
 * comparators: the format cannot carry more. A practice whose old codes are CTV3 could not be one of these, so those
 * codes stand in the dictionary's Read columns.
 */
import { join } from "node:path";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import { UNITS } from "../events.js";
import type { Person } from "../population/person.js";
import { ageOn } from "../population/person.js";
import type { FormatWriter, OpenFormat, PracticeContext } from "./format.js";
import { dayTexts, readingOf, Table } from "./tables.js";

export const openAurum: OpenFormat = (out, gzip, told) => new Aurum(out, gzip, told);

const COLUMNS = {
  patient: "patid pracid usualgpstaffid gender yob mob emis_ddate regstartdate patienttypeid regenddate acceptable cprd_ddate",
  practice: "pracid lcd uts region",
  staff: "staffid pracid jobcatid",
  consultation: "patid consid pracid consdate enterdate staffid conssourceid cprdconstype consmedcodeid",
  observation: "patid consid pracid obsid obsdate enterdate staffid parentobsid medcodeid value numunitid obstypeid numrangelow numrangehigh probobsid",
  drugissue: "patid issueid pracid probobsid drugrecid issuedate enterdate staffid prodcodeid dosageid quantity quantunitid duration estnhscost",
  emismedicaldictionary: "MedCodeId Term OriginalReadCode CleansedReadCode SnomedCTConceptId SnomedCTDescriptionId Release EmisCodeCategoryId",
  emisproductdictionary: "ProdCodeId dmdid TermfromEMIS ProductName Formulation RouteOfAdministration DrugSubstanceName SubstanceStrength BNFChapter Release",
  numunit: "numunitid Description",
} as const; // prettier-ignore
type TableName = keyof typeof COLUMNS;

const ROWS_A_FILE = 1_000_000;
const BASE = 4_000_000_000_000_006_117n; // nineteen digits: no floating number holds these
const CODE_IDS = CODES.map((code) => String(BASE + BigInt(code.index) * 100_000n));

const british = (day: number): string => textOf(day).split("-").reverse().join("/");

type Large = "consultation" | "observation" | "drugissue";

class Aurum implements FormatWriter {
  private readonly out: string;
  private readonly gzip: boolean;
  private readonly told: PracticeContext;
  private readonly days: string[];
  private readonly practice = "20901";
  private readonly patients: Table;
  private readonly large: Record<Large, { table: Table; rows: number; part: number }>;
  private readonly lookups: Table[];
  private rows = 0;

  constructor(out: string, gzip: boolean, told: PracticeContext) {
    this.out = out;
    this.gzip = gzip;
    this.told = told;
    this.days = dayTexts(told.span, british);
    this.patients = this.table("patient", "aurum_allpatid_set1_extract_patient_001");
    this.large = { consultation: this.part("consultation", 1), observation: this.part("observation", 1), drugissue: this.part("drugissue", 1) };
    this.lookups = [...this.writeOrganisation(), ...this.writeDictionaries()];
  } // prettier-ignore

  private table(name: TableName, file: string): Table {
    return new Table(join(this.out, `${file}.txt`), this.gzip, COLUMNS[name].split(" "), "\t", "\r\n");
  }

  private part(name: Large, part: number): { table: Table; rows: number; part: number } {
    const file = `aurum_allpatid_set1_extract_${name}_${String(part).padStart(3, "0")}`;
    return { table: this.table(name, file), rows: 0, part };
  }

  private writeOrganisation(): Table[] {
    const practice = this.table("practice", "aurum_allpatid_extract_practice_001");
    practice.row(this.practice, british(this.told.span.until), "", 7);
    const staff = this.table("staff", "aurum_allpatid_extract_staff_001");
    this.told.clinicians.forEach((name, i) =>
      staff.row(this.staff(i + 1), this.practice, name.startsWith("GP") ? 1 : 6),
    );
    const units = this.table("numunit", "numunit");
    UNITS.forEach((unit, i) => i > 0 && units.row(i, unit));
    return [practice, staff, units];
  }

  private writeDictionaries(): Table[] {
    const medical = this.table("emismedicaldictionary", "emismedicaldictionary");
    const product = this.table("emisproductdictionary", "emisproductdictionary");
    for (const code of CODES) {
      const id = CODE_IDS[code.index] ?? "";
      if (code.system === "dmd") product.row(id, code.code, code.term, code.term);
      else if (code.system === "snomed") medical.row(id, code.term, "", "", code.code);
      else medical.row(id, code.term, code.code, code.code, "");
    }
    return [medical, product];
  }

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    const id = `${person.number + 1}${this.practice}`;
    this.writePatient(person, id);
    for (const at of order) this.writeEvent(id, events, at);
    await this.patients.breathe();
    for (const name of ["consultation", "observation", "drugissue"] as const) {
      const file = this.large[name];
      await file.table.breathe();
      if (file.rows < ROWS_A_FILE) continue;
      await file.table.close();
      this.large[name] = this.part(name, file.part + 1);
    }
  }

  private writePatient(person: Person, id: string): void {
    const [year = "", month = ""] = textOf(person.birth).split("-");
    const child = ageOn(person, this.told.span.until) < 16;
    const last = person.registrations.at(-1);
    const gender = person.sex === "male" ? 1 : person.sex === "female" ? 2 : person.sex === "other" ? 3 : 4;
    const died = person.death === null ? "" : british(person.death);
    const [start, end] = [last ? british(last.start) : "", last && last.end !== null ? british(last.end) : ""];
    this.patients.row(id, this.practice, this.staff(person.usualDoctor), gender, year, child ? Number(month) : "", died, start, 3, end, 1, died);
  } // prettier-ignore

  private writeEvent(patient: string, events: Events, at: number): void {
    const index = events.code[at] ?? 0;
    const code = CODES[index];
    if (!code) return;
    const row = `${++this.rows}${this.practice}`;
    const day = this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "";
    const staff = this.staff(events.clinician[at] ?? 0);
    const id = CODE_IDS[index] ?? "";
    if (code.system === "dmd") {
      this.next("drugissue").row(patient, row, this.practice, "", "", day, day, staff, id, "", events.quantity[at] || "");
    } else if (code.kind === "contact") {
      this.next("consultation").row(patient, row, this.practice, day, day, staff, "", "", id);
    } else {
      const reading = readingOf(events, at);
      const unit = reading === null ? "" : events.unit[at] || "";
      this.next("observation").row(patient, "", this.practice, row, day, day, staff, "", id, reading?.number ?? "", unit, 4);
    }
  } // prettier-ignore

  private next(name: Large): Table {
    this.large[name].rows++;
    return this.large[name].table;
  }

  private staff(position: number): string {
    return position === 0 ? "" : `${position}${this.practice}`;
  }

  async close(): Promise<void> {
    const large = Object.values(this.large).map((each) => each.table);
    for (const table of [this.patients, ...large, ...this.lookups]) await table.close();
  }
}
