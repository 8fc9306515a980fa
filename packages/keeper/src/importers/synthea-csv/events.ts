import type { CodeSystem } from "@cairn/query-library";
import { rowId } from "../../records/row-id.js";
import type { CsvRow } from "../csv.js";
import { ImportError } from "../errors.js";
import { dayAt } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import { systemOfUri } from "../code-systems.js";
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

/** The short names that some versions write; others write the address. */
const SHORT_NAMES: Readonly<Record<string, CodeSystem>> = {
  "snomed-ct": "snomed",
  snomed: "snomed",
  rxnorm: "rxnorm",
  loinc: "loinc",
  cvx: "cvx",
};

function systemOf(said: string, table: EventTable): CodeSystem {
  if (said === "") return table.system;
  const short = said.toLowerCase();
  return Object.hasOwn(SHORT_NAMES, short) ? SHORT_NAMES[short]! : systemOfUri(said);
}

export async function readEvents(intake: Intake, file: SourceFile, table: EventTable): Promise<void> {
  const begin = (columns: Columns): ((row: CsvRow) => Left) => {
    if (columns.start < 0 && columns.date < 0) {
      throw new ImportError("not-this-format", `${file.shown}: it has neither a column START nor DATE`);
    }
    return (row) => takeEvent(intake, file, table, columns, row);
  };
  await readTable(intake, file, table.name, COLUMNS, ["patient", "code"], begin, { quietly: true });
}

function takeEvent(intake: Intake, file: SourceFile, table: EventTable, columns: Columns, row: CsvRow): Left {
  const load = intake.load;
  const patient = load.people.keyOf(row.trimmed(columns.patient));
  if (patient === 0) return ORPHAN;
  const at = columns.start >= 0 ? columns.start : columns.date;
  if (row.isEmpty(at)) return UNDATED;
  const day = dayAt(row.text, row.start[at]!, row.end[at]!);
  if (Number.isNaN(day)) return bad("its date is none");
  const reading = readingIn(row, columns);
  if (reading === null) return bad("VALUE is not a number");
  const system = systemOf(row.trimmed(columns.system), table);
  const code = row.trimmed(columns.code);
  const coding = load.codes.coding(code === "" ? "local" : system, code);
  if (coding.doubt !== null) intake.tally.doubted(table.name, coding.doubt, file.shown, row.line);
  const measure = Number.isNaN(reading.value)
    ? 0
    : load.measures.key(row.trimmed(columns.units), reading.comparator);
  const clinician = load.clinicians.key(row.trimmed(columns.provider));
  const id = columns.id < 0 ? 0 : rowId(row.trimmed(columns.id));
  load.event(patient, day, coding.code, coding.origin, reading.value, measure, NaN, clinician, id, false);
  return null;
}

interface Reading {
  readonly value: number; // NaN: none
  readonly comparator: string;
}
const NONE: Reading = { value: NaN, comparator: "" };

/**
 * A number, or text that is one behind a comparator (`<20`); other answers in words are no numbers. Exports of before
 * 2018 have no TYPE: there a number is one that reads as one. Null: not a number.
 */
function readingIn(row: CsvRow, columns: Columns): Reading | null {
  const type = row.trimmed(columns.type).toLowerCase();
  const value = type === "" || type === "numeric" ? numberIn(row, columns.value) : null;
  if (value !== null) return { value, comparator: "" };
  const limit = limitOf(row.get(columns.value));
  return limit ?? (type === "numeric" ? null : NONE);
}
