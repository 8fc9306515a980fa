/**
 * OMOP CDM 5.4 as CSV. Concepts have identifiers of the range kept for local ones (above two billion), each with its
 * row in CONCEPT. Old codes are left unmapped (concept 0), with their source concept, as an honest extract would.
 */
import { join } from "node:path";
import type { Code } from "../concepts.js";
import { CODES } from "../concepts.js";
import { textOf } from "../days.js";
import type { Events } from "../events.js";
import type { Person } from "../population/person.js";
import type { FormatWriter, OpenFormat, PracticeContext } from "./format.js";
import { dayTexts, quoted, readingOf, Table } from "./tables.js";

export const openOmop: OpenFormat = (out, gzip, told) => new Omop(out, gzip, told);

const COLUMNS = {
  person: "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,birth_datetime,race_concept_id,ethnicity_concept_id,location_id,provider_id,care_site_id,person_source_value,gender_source_value,gender_source_concept_id,race_source_value,race_source_concept_id,ethnicity_source_value,ethnicity_source_concept_id",
  observation_period: "observation_period_id,person_id,observation_period_start_date,observation_period_end_date,period_type_concept_id",
  death: "person_id,death_date,death_datetime,death_type_concept_id,cause_concept_id,cause_source_value,cause_source_concept_id",
  visit_occurrence: "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,visit_end_date,visit_end_datetime,visit_type_concept_id,provider_id,care_site_id,visit_source_value,visit_source_concept_id,admitted_from_concept_id,admitted_from_source_value,discharged_to_concept_id,discharged_to_source_value,preceding_visit_occurrence_id",
  condition_occurrence: "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_start_datetime,condition_end_date,condition_end_datetime,condition_type_concept_id,condition_status_concept_id,stop_reason,provider_id,visit_occurrence_id,visit_detail_id,condition_source_value,condition_source_concept_id,condition_status_source_value",
  drug_exposure: "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_start_datetime,drug_exposure_end_date,drug_exposure_end_datetime,verbatim_end_date,drug_type_concept_id,stop_reason,refills,quantity,days_supply,sig,route_concept_id,lot_number,provider_id,visit_occurrence_id,visit_detail_id,drug_source_value,drug_source_concept_id,route_source_value,dose_unit_source_value",
  procedure_occurrence: "procedure_occurrence_id,person_id,procedure_concept_id,procedure_date,procedure_datetime,procedure_end_date,procedure_end_datetime,procedure_type_concept_id,modifier_concept_id,quantity,provider_id,visit_occurrence_id,visit_detail_id,procedure_source_value,procedure_source_concept_id,modifier_source_value",
  measurement: "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_datetime,measurement_time,measurement_type_concept_id,operator_concept_id,value_as_number,value_as_concept_id,unit_concept_id,range_low,range_high,provider_id,visit_occurrence_id,visit_detail_id,measurement_source_value,measurement_source_concept_id,unit_source_value,unit_source_concept_id,value_source_value,measurement_event_id,meas_event_field_concept_id",
  observation: "observation_id,person_id,observation_concept_id,observation_date,observation_datetime,observation_type_concept_id,value_as_number,value_as_string,value_as_concept_id,qualifier_concept_id,unit_concept_id,provider_id,visit_occurrence_id,visit_detail_id,observation_source_value,observation_source_concept_id,unit_source_value,qualifier_source_value,value_source_value,observation_event_id,obs_event_field_concept_id",
  concept: "concept_id,concept_name,domain_id,vocabulary_id,concept_class_id,standard_concept,concept_code,valid_start_date,valid_end_date,invalid_reason",
} as const; // prettier-ignore
type TableName = keyof typeof COLUMNS;

const TABLE_OF = {
  condition: "condition_occurrence", measurement: "measurement", finding: "observation", admin: "observation", procedure: "procedure_occurrence",
  vaccine: "procedure_occurrence", contact: "visit_occurrence", medicine: "drug_exposure",
} as const satisfies Record<Code["kind"], TableName>; // prettier-ignore
const DOMAIN_OF = {
  condition: "Condition", measurement: "Measurement", finding: "Observation", admin: "Observation", procedure: "Procedure",
  vaccine: "Procedure", contact: "Visit", medicine: "Drug",
} as const satisfies Record<Code["kind"], string>; // prettier-ignore

const VOCABULARY = { snomed: "SNOMED", dmd: "dm+d", read2: "Read", ctv3: "CTV3" } as const;
/** Identifiers of OMOP's standard vocabularies. */
const GENDER = { male: 8507, female: 8532, other: 8521, unknown: 0 } as const;
const RACE = { white: 8527, asian: 8515, black: 8516, mixed: 0, other: 0 } as const;
const OPERATOR: Readonly<Record<string, number>> = {
  "<": 4171756,
  "<=": 4171754,
  ">=": 4171755,
  ">": 4172704,
};
const EHR = 32817;
const OUTPATIENT = 9202;

const conceptId = (index: number): number => 2_000_000_001 + index;
const isOld = (code: Code): boolean => code.system === "read2" || code.system === "ctv3";

class Omop implements FormatWriter {
  private readonly tables: Record<TableName, Table>;
  private readonly told: PracticeContext;
  private readonly days: string[];
  private rows = 0;
  private periods = 0;

  constructor(out: string, gzip: boolean, told: PracticeContext) {
    this.told = told;
    this.days = dayTexts(told.span);
    this.tables = Object.fromEntries(
      Object.entries(COLUMNS).map(([name, columns]) => [name, new Table(join(out, `${name}.csv`), gzip, columns.split(","))]),
    ) as Record<TableName, Table>;
    for (const code of CODES) {
      const standard = isOld(code) ? "" : "S";
      this.tables.concept.row(conceptId(code.index), quoted(code.term), DOMAIN_OF[code.kind], VOCABULARY[code.system], "Undefined", standard, code.code, "1970-01-01", "2099-12-31");
    }
  } // prettier-ignore

  async patient(person: Person, events: Events, order: Uint32Array): Promise<void> {
    this.writePerson(person);
    for (const at of order) this.writeEvent(person.number + 1, events, at);
    for (const table of Object.values(this.tables)) await table.breathe();
  }

  private writePerson(person: Person): void {
    const id = person.number + 1;
    const [year = "", month = "", day = ""] = textOf(person.birth).split("-");
    const race = person.ethnicGroup === null ? 0 : RACE[person.ethnicGroup];
    const born = person.birthKnownTo === "day" ? Number(day) : "";
    this.tables.person.row(id, GENDER[person.sex], year, Number(month), born, "", race, 0, "", "", 1, person.id, person.sex, 0, person.ethnicGroup, 0, "", 0); // prettier-ignore
    if (person.death !== null) this.tables.death.row(id, textOf(person.death), "", EHR);
    for (const each of person.registrations) {
      const end = each.end ?? this.told.span.until; // an observation period must end: at the extract's last day
      this.tables.observation_period.row(++this.periods, id, textOf(each.start), textOf(end), EHR);
    }
  }

  private writeEvent(person: number, events: Events, at: number): void {
    const index = events.code[at] ?? 0;
    const code = CODES[index];
    if (!code) return;
    const id = ++this.rows;
    const day = this.days[(events.day[at] ?? 0) - this.told.span.from] ?? "";
    const source = conceptId(index);
    const standard = isOld(code) ? 0 : source;
    const provider = events.clinician[at] || "";
    const reading = readingOf(events, at);
    const { tables } = this;
    switch (TABLE_OF[code.kind]) {
      case "condition_occurrence":
        return tables.condition_occurrence.row(id, person, standard, day, "", "", "", EHR, "", "", provider, "", "", code.code, source);
      case "procedure_occurrence":
        return tables.procedure_occurrence.row(id, person, standard, day, "", "", "", EHR, "", "", provider, "", "", code.code, source);
      case "visit_occurrence":
        return tables.visit_occurrence.row(id, person, OUTPATIENT, day, "", day, "", EHR, provider, 1, code.code, source);
      case "drug_exposure":
        return tables.drug_exposure.row(id, person, standard, day, "", day, "", "", EHR, "", "", events.quantity[at] || "", "", "", "", "", provider, "", "", code.code, source);
      case "observation":
        return tables.observation.row(id, person, standard, day, "", EHR, reading?.number ?? "", "", "", "", "", provider, "", "", code.code, source, reading?.unit ?? "");
      case "measurement":
        return tables.measurement.row(id, person, standard, day, "", "", EHR, OPERATOR[reading?.comparator ?? ""] ?? "", reading?.number ?? "", "", "", "", "", provider, "", "", code.code, source, reading?.unit ?? "");
    }
  } // prettier-ignore

  async close(): Promise<void> {
    for (const table of Object.values(this.tables)) await table.close();
  }
}
