import type { CodeSystem } from "@cairn/query-library";
import { rowId } from "../../records/row-id.js";
import type { CsvRow } from "../csv.js";
import { ImportError } from "../errors.js";
import { dayAt } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { numberIn } from "../number-column.js";
import { bad, type Left, ORPHAN, readTable, UNDATED } from "../table.js";

interface EventTable {
  readonly name: string;
  /** What its codes are of; a SYSTEM column, where there is one, wins. */
  readonly system: CodeSystem;
}

export const EVENT_TABLES: readonly EventTable[] = [
  { name: "encounters", system: "snomed" },
  { name: "conditions", system: "snomed" },
  { name: "allergies", system: "snomed" },
  { name: "observations", system: "loinc" },
  { name: "medications", system: "rxnorm" },
  { name: "immunizations", system: "cvx" },
  { name: "procedures", system: "snomed" },
];

const COLUMNS = [
  "id",
  "start",
  "date",
  "patient",
  "provider",
  "system",
  "code",
  "value",
  "units",
  "type",
] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

const SYSTEMS: Readonly<Record<string, CodeSystem>> = {
  "snomed-ct": "snomed",
  "http://snomed.info/sct": "snomed",
  snomed: "snomed",
  rxnorm: "rxnorm",
  "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
  loinc: "loinc",
  cvx: "cvx",
};

export async function readEvents(intake: Intake, file: SourceFile, table: EventTable): Promise<void> {
  const begin = (columns: Columns): ((row: CsvRow) => Left) => {
    if (columns.start < 0 && columns.date < 0) {
      throw new ImportError("not-this-format", `${file.shown}: it has neither a column START nor DATE`);
    }
    return (row) => takeEvent(intake, table, columns, row);
  };
  await readTable(intake, file, table.name, COLUMNS, ["patient", "code"], begin, { quietly: true });
}

function takeEvent(intake: Intake, table: EventTable, columns: Columns, row: CsvRow): Left {
  const load = intake.load;
  const patient = load.patientKey(row.get(columns.patient));
  if (patient === 0) return ORPHAN;
  const at = columns.start >= 0 ? columns.start : columns.date;
  if (row.isEmpty(at)) return UNDATED;
  const day = dayAt(row.text, row.start[at]!, row.end[at]!);
  if (Number.isNaN(day)) return bad("its date is none");
  // Answers in words are kept as events without a number.
  const isNumber = row.get(columns.type).toLowerCase() === "numeric";
  const value = isNumber ? numberIn(row, columns.value) : NaN;
  if (value === null) return bad("VALUE is not a number");
  const said = row.get(columns.system).toLowerCase();
  const system = said === "" ? table.system : (SYSTEMS[said] ?? "local");
  const code = row.get(columns.code);
  const coding = load.codes.coding(code === "" ? "local" : system, code);
  const measure = isNumber ? load.measures.key(row.get(columns.units), "") : 0;
  const clinician = load.clinicians.key(row.get(columns.provider));
  const id = columns.id < 0 ? 0 : rowId(row.get(columns.id));
  load.event(patient, day, coding.code, coding.origin, value, measure, NaN, clinician, id, false);
  return null;
}
