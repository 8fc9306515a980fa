import type { CsvRow } from "../csv.js";
import { dayOfParts } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { bad, type Left, readTable } from "../table.js";
import { dayIn, TABS, textIn } from "./fields.js";

const COLUMNS = [
  "patid",
  "gender",
  "yob",
  "mob",
  "emis_ddate",
  "cprd_ddate",
  "regstartdate",
  "regenddate",
] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

export async function readPatients(intake: Intake, file: SourceFile): Promise<void> {
  const required = ["patid", "gender", "yob", "regstartdate", "regenddate"] as const;
  const begin = (at: Columns) => (row: CsvRow) => takePatient(intake, file, at, row);
  await readTable(intake, file, "Patient", COLUMNS, required, begin, { format: TABS, quietly: true });
}

/** CPRD's own date of death before the system's; a registration that ends before it starts is not believed. */
function takePatient(intake: Intake, file: SourceFile, at: Columns, row: CsvRow): Left {
  const id = textIn(row, at.patid);
  if (id === "") return bad("patid is empty");
  const [year, month] = [textIn(row, at.yob), textIn(row, at.mob)];
  const known = /^[1-9]\d?$/.test(month);
  const birthDay = year === "" ? null : dayOfParts(Number(year), known ? Number(month) : 7, 1);
  const deathDay = dayIn(row, at.cprd_ddate) ?? dayIn(row, at.emis_ddate);
  const start = dayIn(row, at.regstartdate);
  const end = dayIn(row, at.regenddate);
  if ([birthDay, deathDay, start, end].some(Number.isNaN))
    return bad("yob, regstartdate, regenddate or a date of death is none");
  const gender = textIn(row, at.gender);
  intake.load.patient(id, {
    sex: gender === "2" ? "female" : gender === "1" ? "male" : gender === "3" ? "other" : "unknown",
    birthDay,
    birthPrecision: birthDay === null ? null : known ? "month" : "year",
    deathDay,
    deprivationFifth: 0,
    ethnicGroup: "unknown",
  });
  if (start !== null && end !== null && end < start) {
    intake.tally.skipped(
      "registration",
      "left-out",
      "regenddate is before regstartdate",
      file.shown,
      row.line,
    );
  } else if (start !== null) {
    intake.load.registration(intake.load.patientKey(id), start, end);
    intake.tally.taken("registration");
  }
  return null;
}
