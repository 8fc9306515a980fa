/** The importer of Synthea's CSV export, any version: headers win over column order, and unread tables are noted. */
import type { EthnicGroup } from "@cairn/query-library";
import type { PatientFacts } from "@cairn/records";
import { fifthAt } from "../deprivation.js";
import { ImportError } from "../errors.js";
import type { CsvRow } from "../csv.js";
import { dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { findCoversTo } from "../manifest.js";
import { putPerson } from "../person.js";
import { skipBad, type Skip, readTable } from "../table.js";
import { tableOf } from "../table-files.js";
import { EVENT_TABLES, readEvents } from "./events.js";

const TABLES = ["patients", ...EVENT_TABLES.map(({ name }) => name)];

export const syntheaCsv: Importer = {
  format: "synthea-csv",
  standardInput: null,
  knows: (file) => tableOf(file, TABLES) !== null,
  async read(intake) {
    const tables = new Map(intake.files.map((file) => [file, tableOf(file, TABLES)]));
    const named = (name: string): SourceFile[] => intake.files.filter((file) => tables.get(file) === name);
    if (named("patients").length === 0 && intake.load.people.isEmpty()) {
      throw new ImportError("no-files", "no patients.csv there; name the folder of Synthea's export");
    }
    for (const file of named("patients")) await readPatients(intake, file);
    for (const table of EVENT_TABLES) {
      for (const file of named(table.name)) await readEvents(intake, file, table);
    }
    for (const file of intake.files) {
      if (tables.get(file) === null && file.name !== "manifest.json")
        intake.note(`${file.shown} holds nothing that a question asks about and was not read`);
    }
    return { coversTo: await findCoversTo(intake) };
  },
};

const COLUMNS = ["id", "birthdate", "deathdate", "gender", "race", "zip"] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

async function readPatients(intake: Intake, file: SourceFile): Promise<void> {
  const required = ["id", "birthdate", "gender"] as const;
  const begin = (columns: Columns) => (row: CsvRow) => takePatient(intake, file, columns, row);
  await readTable(intake, file, "patients", COLUMNS, required, begin, { quietly: true });
}

const RACES: Readonly<Record<string, EthnicGroup>> = {
  white: "white",
  black: "black",
  asian: "asian",
  native: "other",
  hawaiian: "other",
  mixed: "mixed",
  other: "other",
};

function takePatient(intake: Intake, file: SourceFile, columns: Columns, row: CsvRow): Skip {
  const id = row.trimmed(columns.id);
  if (id === "") return skipBad("Id is empty");
  const birthDay = dayOfText(row.trimmed(columns.birthdate));
  if (Number.isNaN(birthDay)) return skipBad("BIRTHDATE is not a date");
  const death = row.trimmed(columns.deathdate);
  const deathDay = death === "" ? null : dayOfText(death);
  if (Number.isNaN(deathDay)) return skipBad("DEATHDATE is not a date");
  const gender = row.trimmed(columns.gender);
  const known = intake.load.people.known(id);
  const facts: PatientFacts = {
    sex: gender === "F" ? "female" : gender === "M" ? "male" : "unknown",
    birthDay,
    birthPrecision: "day",
    deathDay: columns.deathdate < 0 ? known.deathDay : deathDay,
    deprivationFifth: fifthAt(intake, row.trimmed(columns.zip), id),
    ethnicGroup:
      columns.race < 0 ? known.ethnicGroup : (RACES[row.trimmed(columns.race).toLowerCase()] ?? "unknown"),
  };
  putPerson(intake, "patients", id, facts, { file: file.shown, line: row.line });
  return null;
}
