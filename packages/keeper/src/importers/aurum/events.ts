import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { bad, type Left, ORPHAN, readTable, UNDATED } from "../table.js";
import type { Dictionaries } from "./dictionaries.js";
import { dayIn, quantityIn, TABS, textIn } from "./fields.js";

interface EventTable {
  readonly name: "observation" | "drugissue" | "consultation";
  readonly shown: string;
  readonly date: string;
  readonly code: string;
  readonly dictionary: "medical" | "product";
}

export const EVENT_TABLES: readonly EventTable[] = [
  {
    name: "consultation",
    shown: "Consultation",
    date: "consdate",
    code: "consmedcodeid",
    dictionary: "medical",
  },
  {
    name: "observation",
    shown: "Observation",
    date: "obsdate",
    code: "medcodeid",
    dictionary: "medical",
  },
  {
    name: "drugissue",
    shown: "DrugIssue",
    date: "issuedate",
    code: "prodcodeid",
    dictionary: "product",
  },
];

export async function readEvents(
  intake: Intake,
  file: SourceFile,
  table: EventTable,
  dictionaries: Dictionaries,
): Promise<void> {
  const required = ["patid", table.date, table.code];
  const more = ["staffid", "value", "numunitid", "quantity"];
  const begin = (at: Record<string, number>) => (row: CsvRow) =>
    takeEvent(intake, table, dictionaries, at, row);
  const layout = { format: TABS, quietly: true };
  await readTable(intake, file, table.shown, [...required, ...more], required, begin, layout);
}

function takeEvent(
  intake: Intake,
  table: EventTable,
  dictionaries: Dictionaries,
  at: Record<string, number>,
  row: CsvRow,
): Left {
  const field = (name: string): string => textIn(row, at[name]!);
  const load = intake.load;
  const patient = load.patientKey(field("patid"));
  if (patient === 0) return ORPHAN;
  const day = dayIn(row, at[table.date]!);
  if (day === null) return UNDATED;
  if (Number.isNaN(day)) return bad(`${table.date} is not a date from 1800 to 2199 written dd/mm/yyyy`);
  const value = quantityIn(row, at.value!);
  if (value === null) return bad("value is not a number");
  const quantity = quantityIn(row, at.quantity!);
  if (quantity === null) return bad("quantity is not a number");
  const { system, code } = dictionaries[table.dictionary](field(table.code));
  const coding = load.codes.coding(system, code);
  const measure = Number.isNaN(value) ? 0 : load.measures.key(dictionaries.unit(field("numunitid")), "");
  const clinician = load.clinicians.key(field("staffid"));
  // No row ids: CPRD gives out whole builds and no corrections, so rows are known by what they say.
  load.event(patient, day, coding.code, coding.origin, value, measure, quantity, clinician, 0, false);
  return null;
}
