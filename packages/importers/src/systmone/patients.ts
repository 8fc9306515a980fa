/** Reads SRPatient: who there is. */
import type { Sex } from "@cairn/query-library";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { requireOnePractice } from "../one-practice.js";
import { putPerson } from "../person.js";
import { readTable, skipBad, type Skip } from "../table.js";
import { DAY_WORDS, dayIn, isTrue, SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";

const NEEDED = [
  "rowidentifier",
  "idorganisationvisibleto",
  "datebirth",
  "datedeath",
  "gender",
  "testpatient",
];
const SEX_OF: Readonly<Record<string, Sex>> = { F: "female", M: "male", I: "other" };
const TEST: Skip = { kind: "left-out", reason: "TestPatient is true: it is nobody" };
const NOT_HERE: Skip = { kind: "left-out", reason: "RemovedData is 1, and the person is not here" };

/** Reads the people of one practice. @returns the ids of test patients */
export async function readPatients(intake: Intake, files: readonly SourceFile[]): Promise<Set<string>> {
  const practices = new Set<string>();
  const tests = new Set<string>();
  for (const file of files) {
    const begin = (at: Columns) => (row: CsvRow) => {
      const practice = textIn(row, at.idorganisationvisibleto!);
      if (practice !== "") practices.add(practice);
      return takePatient(intake, file, at, row, tests);
    };
    await readTable(intake, file, "SRPatient", LAYOUTS.SRPatient, NEEDED, begin, {
      format: SYSTMONE,
      unmissed: LAYOUTS.SRPatient,
    });
  }
  requireOnePractice(
    intake.load,
    practices,
    files.map(({ shown }) => shown).join(", "),
    "IDOrganisationVisibleTo",
  );
  return tests;
}

function takePatient(intake: Intake, file: SourceFile, at: Columns, row: CsvRow, tests: Set<string>): Skip {
  const { people } = intake.load;
  const id = textIn(row, at.rowidentifier!);
  if (id === "") return skipBad("RowIdentifier is empty");
  if (isTrue(row, at.removeddata!)) return people.remove(id) ? null : NOT_HERE;
  if (isTrue(row, at.testpatient!)) {
    tests.add(id);
    people.remove(id); // it may have become one
    return TEST;
  }
  tests.delete(id);
  const [birthDay, deathDay] = [dayIn(row, at.datebirth!), dayIn(row, at.datedeath!)];
  if (Number.isNaN(birthDay)) return skipBad(`DateBirth ${DAY_WORDS}`);
  if (Number.isNaN(deathDay)) return skipBad(`DateDeath ${DAY_WORDS}`);
  const { deprivationFifth, ethnicGroup } = people.known(id);
  const facts = {
    sex: SEX_OF[textIn(row, at.gender!).toUpperCase()] ?? "unknown",
    birthDay,
    birthPrecision: birthDay === null ? null : ("day" as const),
    deathDay,
    deprivationFifth, // of their address
    ethnicGroup, // of their coded entries
  };
  putPerson(intake, "SRPatient", id, facts, { file: file.shown, line: row.line });
  return null;
}
