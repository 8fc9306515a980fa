import { rowId } from "../../records/row-id.js";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import { bad, type Left, ORPHAN, readTable, UNDATED } from "../table.js";
import type { Concepts } from "./concepts.js";
import { CDM, idIn } from "./fields.js";

interface EventTable {
  readonly name:
    | "visit_occurrence"
    | "condition_occurrence"
    | "drug_exposure"
    | "procedure_occurrence"
    | "measurement"
    | "observation";
  readonly id: string;
  readonly date: string;
  /** Columns are named after it: condition_concept_id, condition_source_concept_id, condition_source_value. */
  readonly stem: string;
}

export const EVENT_TABLES: readonly EventTable[] = [
  { name: "visit_occurrence", id: "visit_occurrence_id", date: "visit_start_date", stem: "visit" },
  {
    name: "condition_occurrence",
    id: "condition_occurrence_id",
    date: "condition_start_date",
    stem: "condition",
  },
  { name: "drug_exposure", id: "drug_exposure_id", date: "drug_exposure_start_date", stem: "drug" },
  { name: "procedure_occurrence", id: "procedure_occurrence_id", date: "procedure_date", stem: "procedure" },
  { name: "measurement", id: "measurement_id", date: "measurement_date", stem: "measurement" },
  { name: "observation", id: "observation_id", date: "observation_date", stem: "observation" },
];

/** Units and comparators as concepts. */
const UNITS: Readonly<Record<string, string>> = {
  "8554": "%",
  "8582": "cm",
  "8749": "umol/L",
  "8753": "mmol/L",
  "8840": "mg/dL",
  "8876": "mmHg",
  "9529": "kg",
  "9531": "kg/m2",
  "9579": "mmol/mol",
  "720870": "mL/min/1.73m2",
};
const OPERATORS: Readonly<Record<string, string>> = {
  "4171756": "<",
  "4171754": "<=",
  "4172704": ">",
  "4171755": ">=",
};

export async function readEvents(
  intake: Intake,
  file: SourceFile,
  table: EventTable,
  concepts: Concepts,
): Promise<void> {
  const { stem } = table;
  const required = ["person_id", table.id, table.date, `${stem}_concept_id`];
  const more = [
    `${stem}_source_concept_id`,
    `${stem}_source_value`,
    "provider_id",
    "quantity",
    "value_as_number",
    "unit_source_value",
    "unit_concept_id",
    "operator_concept_id",
  ];
  const begin = (at: Record<string, number>) => (row: CsvRow) =>
    takeEvent(intake, file, table, concepts, at, row);
  const layout = { quietly: true, format: CDM };
  await readTable(intake, file, table.name, [...required, ...more], required, begin, layout);
}

function takeEvent(
  intake: Intake,
  file: SourceFile,
  table: EventTable,
  concepts: Concepts,
  at: Record<string, number>,
  row: CsvRow,
): Left {
  const field = (name: string): string => row.trimmed(at[name]!);
  const id = (name: string): string => idIn(row, at[name]!);
  const load = intake.load;
  const patient = load.people.keyOf(id("person_id"));
  if (patient === 0) return ORPHAN;
  const written = field(table.date);
  if (written === "") return UNDATED;
  const day = dayOfText(written);
  if (Number.isNaN(day)) return bad(`${table.date} ${DAY_WORDS}`);
  const number = numberIn(row, at.value_as_number!);
  const reading = number === null ? limitOf(field("value_as_number")) : { value: number, comparator: "" };
  if (reading === null) return bad("value_as_number is not a number");
  const quantity = numberIn(row, at.quantity!);
  if (quantity === null) return bad("quantity is not a number");
  const source = `${table.stem}_source`;
  const slot = concepts.slot(
    id(`${source}_concept_id`),
    id(`${table.stem}_concept_id`),
    field(`${source}_value`),
    table.name,
    file.shown,
    row.line,
  );
  const { value } = reading;
  const unit = Number.isNaN(value) ? "" : unitOf(id("unit_concept_id"), field("unit_source_value"));
  const comparator = reading.comparator || (OPERATORS[id("operator_concept_id")] ?? "");
  const measure = load.measures.key(unit, comparator);
  const provider = id("provider_id");
  const clinician = load.clinicians.key(provider === "0" ? "" : provider); // extracts write 0 for nobody
  // Extracts give the same id out twice, to different entries: GiBleed does to some thousands. What the source wrote
  // tells them apart, and stays as it is when a new vocabulary gives it another concept.
  const entry = rowId(`${table.name}/${row.get(at[table.id]!)}/${row.get(at[`${source}_value`]!)}`);
  load.event(patient, day, slot, 0, value, measure, quantity, clinician, entry, false);
  return null;
}

/** The unit's concept says what it is before the words that the source had for it. */
function unitOf(concept: string, words: string): string {
  if (concept === "" || concept === "0") return words;
  return UNITS[concept] ?? (words === "" ? `concept ${concept}` : words);
}
