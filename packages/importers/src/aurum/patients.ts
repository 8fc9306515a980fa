import type { PatientFacts } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { dayOfParts } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { requireOnePractice } from "../one-practice.js";
import { putPerson } from "../person.js";
import { skipBad, type Skip, readTable } from "../table.js";
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
  "pracid",
  "acceptable",
  "patienttypeid",
] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

/** CPRD's patienttypeid of a patient who is registered for all care. */
const REGULAR = "3";
const UNACCEPTABLE: Skip = {
  kind: "left-out",
  reason: "acceptable is 0: CPRD does not vouch for this record",
};
const TEMPORARY: Skip = {
  kind: "left-out",
  reason:
    "patienttypeid is not 3: the person is not registered for all care (temporary, private, an emergency)",
};

/** Reads the patients of one practice. @returns the ids of patients that were left out */
export async function readPatients(intake: Intake, files: readonly SourceFile[]): Promise<Set<string>> {
  const required = ["patid", "gender", "yob", "regstartdate", "regenddate"] as const;
  const practices = new Set<string>();
  const leftOut = new Set<string>();
  for (const file of files) {
    const begin = (at: Columns) => (row: CsvRow) => {
      const practice = textIn(row, at.pracid);
      if (practice !== "") practices.add(practice);
      const left = leftOutBy(at, row);
      if (left === null) return takePatient(intake, file, at, row);
      leftOut.add(textIn(row, at.patid));
      intake.load.people.remove(textIn(row, at.patid)); // an earlier build may have vouched for them
      return left;
    };
    await readTable(intake, file, "Patient", COLUMNS, required, begin, { format: TABS, quietly: true });
  }
  requireOnePractice(intake.load, practices, files.map(({ shown }) => shown).join(", "), "pracid", "CPRD ");
  return leftOut;
}

function leftOutBy(at: Columns, row: CsvRow): Skip {
  if (textIn(row, at.acceptable) === "0") return UNACCEPTABLE;
  const type = textIn(row, at.patienttypeid);
  return type === "" || type === REGULAR ? null : TEMPORARY;
}

/**
 * Takes one patient. CPRD's own date of death counts before the system's; a registration that ends before it starts
 * is ignored.
 */
function takePatient(intake: Intake, file: SourceFile, at: Columns, row: CsvRow): Skip {
  const id = textIn(row, at.patid);
  if (id === "") return skipBad("patid is empty");
  const [year, month] = [textIn(row, at.yob), textIn(row, at.mob)];
  const known = /^[1-9]\d?$/.test(month);
  const birthDay = year === "" ? null : dayOfParts(Number(year), known ? Number(month) : 7, 1);
  const deathDay = dayIn(row, at.cprd_ddate) ?? dayIn(row, at.emis_ddate);
  const start = dayIn(row, at.regstartdate);
  const end = dayIn(row, at.regenddate);
  if ([birthDay, deathDay, start, end].some(Number.isNaN))
    return skipBad("yob, regstartdate, regenddate or a date of death is none");
  const gender = textIn(row, at.gender);
  const facts: PatientFacts = {
    sex: gender === "2" ? "female" : gender === "1" ? "male" : gender === "3" ? "other" : "unknown",
    birthDay,
    birthPrecision: birthDay === null ? null : known ? "month" : "year",
    deathDay: at.cprd_ddate < 0 && at.emis_ddate < 0 ? intake.load.people.known(id).deathDay : deathDay,
    deprivationFifth: 0,
    ethnicGroup: "unknown",
  };
  putPerson(intake, "Patient", id, facts, { file: file.shown, line: row.line });
  if (start !== null && end !== null && end < start) {
    intake.tally.skipped(
      "registration",
      "left-out",
      "regenddate is before regstartdate",
      file.shown,
      row.line,
    );
  } else if (start !== null) {
    intake.load.registrations.put(intake.load.people.keyOf(id), start, end);
    intake.tally.taken("registration");
  }
  return null;
}
