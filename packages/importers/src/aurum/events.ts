import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { skipBad, type Skip, SKIP_ORPHAN, readTable, SKIP_UNDATED } from "../table.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";
import type { Dictionaries } from "./dictionaries.js";
import { dayIn, quantityIn, TABS, textIn, valueIn } from "./fields.js";

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
  leftOut: ReadonlySet<string>,
): Promise<void> {
  const required = ["patid", table.date, table.code];
  const more = ["staffid", "value", "numunitid", "quantity"];
  const begin = (at: Record<string, number>) => (row: CsvRow) =>
    takeEvent(intake, file, table, dictionaries, leftOut, at, row);
  const layout = { format: TABS, quietly: true };
  await readTable(intake, file, table.shown, [...required, ...more], required, begin, layout);
}

const OF_SOMEBODY_LEFT_OUT: Skip = { kind: "left-out", reason: "it is of a person who was left out" };

function takeEvent(
  intake: Intake,
  file: SourceFile,
  table: EventTable,
  dictionaries: Dictionaries,
  leftOut: ReadonlySet<string>,
  at: Record<string, number>,
  row: CsvRow,
): Skip {
  const field = (name: string): string => textIn(row, at[name]!);
  const load = intake.load;
  const patient = load.people.keyOf(field("patid"));
  if (leftOut.has(field("patid"))) return OF_SOMEBODY_LEFT_OUT;
  if (patient === 0) return SKIP_ORPHAN;
  const reading = valueIn(row, at.value!);
  if (reading === null) return skipBad("value is not a number");
  const quantity = quantityIn(row, at.quantity!);
  if (quantity === null) return skipBad("quantity is not a number");
  const { system, code } = dictionaries[table.dictionary](field(table.code));
  const coding = load.codes.coding(system, code);
  const doubt = (words: string): void => intake.tally.doubted(table.shown, words, file.shown, row.line);
  const written = dayIn(row, at[table.date]!);
  const day = dayFrom(load, patient, written, coding);
  if (day === null)
    return written === null
      ? SKIP_UNDATED
      : skipBad(`${table.date} is not a date from 1800 to 2199 written dd/mm/yyyy`);
  if (day !== written) doubt(HELD_UNDATED);
  if (coding.doubt !== null) doubt(coding.doubt);
  const { value, comparator } = reading;
  const measure = Number.isNaN(value)
    ? 0
    : load.measures.key(dictionaries.unit(field("numunitid")), comparator);
  const clinician = load.clinicians.key(field("staffid"));
  // No row ids: CPRD gives out whole builds and no corrections, so rows are known by what they say.
  load.event(patient, day, coding.code, coding.origin, value, measure, quantity, clinician, 0, false);
  return null;
}
