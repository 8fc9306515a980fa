import type { CodeSystem } from "@cairn/query-library";
import { rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { ImportError } from "../errors.js";
import { dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import { systemOfUri, unknownSystem } from "../code-systems.js";
import { skipBad, type Skip, skipOrphan, readTable, SKIP_UNDATED } from "../table.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";

interface EventTable {
  readonly name: string;
  /** The system of its codes; a SYSTEM column, where there is one, wins. */
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

/** Short names of code systems, which some versions write; others write the address. */
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
  const begin = (columns: Columns): ((row: CsvRow) => Skip) => {
    if (columns.start < 0 && columns.date < 0) {
      throw new ImportError("not-this-format", `${file.shown}: it has neither a column START nor DATE`);
    }
    return (row) => takeEvent(intake, file, table, columns, row);
  };
  await readTable(intake, file, table.name, COLUMNS, ["patient", "code"], begin, { quietly: true });
}

function takeEvent(intake: Intake, file: SourceFile, table: EventTable, columns: Columns, row: CsvRow): Skip {
  const load = intake.load;
  const patient = load.people.keyOf(row.trimmed(columns.patient));
  const id = columns.id < 0 ? 0 : rowId(row.trimmed(columns.id));
  if (patient === 0) return skipOrphan(load, id);
  const reading = readingIn(row, columns);
  if (reading === null) return skipBad("VALUE is not a number");
  const said = row.trimmed(columns.system);
  const system = systemOf(said, table);
  const code = row.trimmed(columns.code);
  const coding = load.codes.coding(code === "" ? "local" : system, code);
  const doubt = (words: string): void => intake.tally.doubted(table.name, words, file.shown, row.line);
  const written = dayOfText(row.trimmed(columns.start >= 0 ? columns.start : columns.date));
  const day = dayFrom(load, patient, written, coding);
  if (day === null)
    return row.trimmed(columns.start >= 0 ? columns.start : columns.date) === ""
      ? SKIP_UNDATED
      : skipBad("its date is none");
  if (day !== written) doubt(HELD_UNDATED);
  if (system === "local") doubt(unknownSystem(said));
  if (coding.doubt !== null) doubt(coding.doubt);
  const measure = Number.isNaN(reading.value)
    ? 0
    : load.measures.key(row.trimmed(columns.units), reading.comparator);
  const clinician = load.clinicians.key(row.trimmed(columns.provider));
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
 * 2018 have no TYPE: there a number is one that reads as one. Null where there is none.
 */
function readingIn(row: CsvRow, columns: Columns): Reading | null {
  const type = row.trimmed(columns.type).toLowerCase();
  const value = type === "" || type === "numeric" ? numberIn(row, columns.value) : null;
  if (value !== null) return { value, comparator: "" };
  const limit = limitOf(row.get(columns.value));
  return limit ?? (type === "numeric" ? null : NONE);
}
