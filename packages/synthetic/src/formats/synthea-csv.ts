/**
 * The tables of Synthea's CSV exporter, with the `SYSTEM` column that version 3.3 has for two of them given to all,
 * because these records are not coded in LOINC, RxNorm and CVX. A number with a comparator is text here.
 */
import { join } from "node:path";
import type { Code } from "../concepts.js";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import { postcodeOf } from "../postcodes.js";
import type { FormatWriter, OpenFormat, PracticeContext } from "./format.js";
import { dayTexts, quoted, readingOf, Table } from "./tables.js";

export const openSyntheaCsv: OpenFormat = (out, gzip, told) => new SyntheaCsv(out, gzip, told);

const COLUMNS = {
  patients: "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,ZIP,LAT,LON,HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE",
  encounters: "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,SYSTEM,CODE,DESCRIPTION,BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,REASONDESCRIPTION",
  conditions: "START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION",
  observations: "DATE,PATIENT,ENCOUNTER,CATEGORY,SYSTEM,CODE,DESCRIPTION,VALUE,UNITS,TYPE",
  medications: "START,STOP,PATIENT,PAYER,ENCOUNTER,SYSTEM,CODE,DESCRIPTION,BASE_COST,PAYER_COVERAGE,DISPENSES,TOTALCOST,REASONCODE,REASONDESCRIPTION",
  immunizations: "DATE,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION,BASE_COST",
  procedures: "START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION,BASE_COST,REASONCODE,REASONDESCRIPTION",
} as const; // prettier-ignore
type TableName = keyof typeof COLUMNS;

const TABLE_OF: Readonly<Record<Code["kind"], TableName>> = {
  condition: "conditions", measurement: "observations", finding: "observations", admin: "observations", procedure: "procedures",
  vaccine: "immunizations", contact: "encounters", medicine: "medications",
}; // prettier-ignore

const SYSTEMS: Readonly<Record<Code["system"], string>> = {
  snomed: "http://snomed.info/sct",
  dmd: "https://dmd.nhs.uk",
  read2: "http://read.info/readv2",
  ctv3: "http://read.info/ctv3",
};
const TERMS = CODES.map((code) => quoted(code.term));

class SyntheaCsv implements FormatWriter {
  private readonly tables: Record<TableName, Table>;
  private readonly told: PracticeContext;
  private readonly days: string[];

  constructor(out: string, gzip: boolean, told: PracticeContext) {
    this.told = told;
    this.days = dayTexts(told.span);
    this.tables = Object.fromEntries(
      Object.entries(COLUMNS).map(([name, columns]) => [
        name,
        new Table(join(out, `${name}.csv`), gzip, columns.split(",")),
      ]),
    ) as Record<TableName, Table>;
  }

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    const id = this.uuid(1, person.number + 1);
    this.writePatient(person, id);
    for (let i = 0; i < order.length; i++) this.writeEvent(person, id, events, order[i] ?? 0, i);
    for (const table of Object.values(this.tables)) await table.breathe();
  }

  private writePatient(person: Person, id: string): void {
    const gender = person.sex === "female" ? "F" : person.sex === "male" ? "M" : "";
    const died = person.death === null ? "" : textOf(person.death);
    const birth = textOf(person.birth);
    const born = person.birthKnownTo === "day" ? birth : `${birth.slice(0, 7)}-01`; // these tables have no half dates
    const name = `Invented${person.number + 1}`;
    this.tables.patients.row(
      id, born, died, "", "", "", "", name, this.told.profile.code, "", "", "", person.ethnicGroup ?? "", "", gender,
      "", "", "", "", "", postcodeOf(person),
    ); // prettier-ignore
  }

  private writeEvent(person: Person, id: string, events: Events, at: number, i: number): void {
    const index = events.code[at] ?? 0;
    const code = CODES[index];
    if (!code) return;
    const day = this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "";
    const time = `${day}T09:00:00Z`;
    const [system, term] = [SYSTEMS[code.system], TERMS[index] ?? ""];
    const { conditions, observations, medications, immunizations, procedures, encounters } = this.tables;
    const table = TABLE_OF[code.kind];
    if (table === "conditions") conditions.row(day, "", id, "", system, code.code, term);
    else if (table === "procedures") procedures.row(time, time, id, "", system, code.code, term);
    else if (table === "immunizations") immunizations.row(time, id, "", system, code.code, term);
    else if (table === "medications") medications.row(time, time, id, "", "", system, code.code, term, "", "", events.quantity[at] || "");
    else if (table === "encounters") {
      const who = events.clinician[at] ?? 0;
      const provider = who === 0 ? "" : this.uuid(3, who);
      encounters.row(this.uuid(2, (person.number + 1) * 65_536 + i), time, time, id, this.uuid(4, 1), provider, "", "ambulatory", system, code.code, term);
    } else {
      const reading = readingOf(events, at);
      const text = reading === null ? "" : reading.comparator + reading.number;
      observations.row(time, id, "", "", system, code.code, term, text, reading?.unit ?? "", reading === null || reading.comparator !== "" ? "text" : "numeric");
    }
  } // prettier-ignore

  /** An identifier made of the practice, the table and the row. */
  private uuid(kind: number, number: number): string {
    const practice = Buffer.from(this.told.profile.code.slice(-4).padStart(4, "0")).toString("hex");
    return `${practice}-000${kind}-4000-8000-${number.toString(16).padStart(12, "0")}`;
  }

  async close(): Promise<void> {
    for (const table of Object.values(this.tables)) await table.close();
  }
}
