import { rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { idIn, type Limit, limitOf, numberIn } from "../number-column.js";
import { skipBad, LATER, type Skip, skipOrphan, readTable, SKIP_UNDATED } from "../table.js";
import type { Concepts } from "./concepts.js";
import { CDM } from "./fields.js";
import { unitOfConcept } from "./units.js";

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
  /** The stem of column names: condition_concept_id, condition_source_concept_id, condition_source_value. */
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

/** Comparators as concepts. */
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
    "value_source_value",
    "unit_source_value",
    "unit_concept_id",
    "operator_concept_id",
  ];
  const begin = (at: Record<string, number>) => (row: CsvRow) =>
    takeEvent(intake, file, table, concepts, at, row);
  const layout = { quietly: true, format: CDM };
  await readTable(intake, file, table.name, [...required, ...more], required, begin, layout);
}

const UNIT_UNKNOWN =
  "the concept of its unit is none that is known here; the source's own word for the unit counts, where there is one";

/**
 * The number, or one behind a comparator, which some sources leave to their own words alone; null where there is
 * none.
 */
function readingIn(row: CsvRow, at: Record<string, number>): Limit | null {
  const value = numberIn(row, at.value_as_number!);
  if (value === null) return limitOf(row.get(at.value_as_number!));
  const written = Number.isNaN(value) ? limitOf(row.get(at.value_source_value!)) : null;
  return written ?? { value, comparator: "" };
}

function takeEvent(
  intake: Intake,
  file: SourceFile,
  table: EventTable,
  concepts: Concepts,
  at: Record<string, number>,
  row: CsvRow,
): Skip | typeof LATER {
  const field = (name: string): string => row.trimmed(at[name]!);
  const id = (name: string): string => idIn(row, at[name]!);
  const load = intake.load;
  const patient = load.people.keyOf(id("person_id"));
  const source = field(`${table.stem}_source_value`);
  // Extracts give the same id out twice, to different entries: GiBleed does to some thousands. What the source wrote
  // tells them apart, and stays as it is when a new vocabulary gives it another concept.
  const entry = rowId(`${table.name}/${id(table.id)}/${source}`);
  if (patient === 0) return skipOrphan(load, entry);
  const reading = readingIn(row, at);
  if (reading === null) return skipBad("value_as_number is not a number");
  const quantity = numberIn(row, at.quantity!);
  if (quantity === null) return skipBad("quantity is not a number");
  const slot = concepts.slot(
    id(`${table.stem}_source_concept_id`),
    id(`${table.stem}_concept_id`),
    source,
    table.name,
    file.shown,
    row.line,
  );
  const day = dayOfText(field(table.date));
  if (Number.isNaN(day)) {
    const left = field(table.date) === "" ? SKIP_UNDATED : skipBad(`${table.date} ${DAY_WORDS}`);
    concepts.keepUndated({
      patient,
      slot,
      entry,
      left: left!,
      table: table.name,
      file: file.shown,
      line: row.line,
    });
    return LATER;
  }
  const { value } = reading;
  const concept = Number.isNaN(value) ? "" : id("unit_concept_id").replace(/^0$/, "");
  const known = unitOfConcept(concept);
  if (concept !== "" && known === undefined)
    intake.tally.doubted(table.name, UNIT_UNKNOWN, file.shown, row.line);
  const words = Number.isNaN(value) ? "" : field("unit_source_value");
  const unit = known ?? (words || (concept === "" ? "" : `concept ${concept}`));
  const comparator = reading.comparator || (OPERATORS[id("operator_concept_id")] ?? "");
  const measure = load.measures.key(unit, comparator);
  const provider = id("provider_id");
  const clinician = load.clinicians.key(provider === "0" ? "" : provider); // extracts write 0 for nobody
  load.event(patient, day, slot, 0, value, measure, quantity, clinician, entry, false);
  return null;
}
