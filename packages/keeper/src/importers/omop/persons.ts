import type { EthnicGroup, Sex } from "@cairn/query-library";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayOfParts, dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { bad, type Left, ORPHAN, readTable } from "../table.js";

const QUIETLY = { quietly: true };

/** Deaths come before persons are put in; one of nobody is counted as an orphan once persons are known. */
export async function readDeaths(
  intake: Intake,
  file: SourceFile,
  deaths: Map<string, number>,
): Promise<void> {
  const columns = ["person_id", "death_date"] as const;
  await readTable(
    intake,
    file,
    "death",
    columns,
    columns,
    (at) => (row) => {
      const day = dayOfText(row.get(at.death_date));
      if (Number.isNaN(day)) return bad(`death_date ${DAY_WORDS}`);
      deaths.set(row.get(at.person_id), day);
      return null;
    },
    QUIETLY,
  );
}

const PERSON = [
  "person_id",
  "gender_concept_id",
  "gender_source_value",
  "year_of_birth",
  "month_of_birth",
  "day_of_birth",
  "race_concept_id",
] as const;
type Person = Record<(typeof PERSON)[number], number>;

export async function readPersons(
  intake: Intake,
  file: SourceFile,
  deaths: Map<string, number>,
): Promise<void> {
  const required = ["person_id", "gender_concept_id", "year_of_birth"] as const;
  const begin = (at: Person) => (row: CsvRow) => takePerson(intake, at, row, deaths);
  await readTable(intake, file, "person", PERSON, required, begin, QUIETLY);
}

const RACES: Readonly<Record<string, EthnicGroup>> = {
  "8527": "white",
  "8515": "asian",
  "8516": "black",
  "8657": "other",
  "8557": "other",
  "8522": "other",
};

function takePerson(intake: Intake, at: Person, row: CsvRow, deaths: Map<string, number>): Left {
  const id = row.get(at.person_id);
  if (id === "") return bad("person_id is empty");
  const [year, month, day] = [at.year_of_birth, at.month_of_birth, at.day_of_birth].map((column) =>
    row.get(column),
  );
  const birthDay = dayOfParts(Number(year), Number(month || 7), Number((month && day) || 1));
  if (Number.isNaN(birthDay)) return bad("year_of_birth, month_of_birth and day_of_birth are not a date");
  intake.load.patient(id, {
    sex: sexOf(row.get(at.gender_concept_id), row.get(at.gender_source_value)),
    birthDay,
    birthPrecision: month ? (day ? "day" : "month") : "year",
    deathDay: deaths.get(id) ?? null,
    deprivationFifth: 0,
    ethnicGroup: RACES[row.get(at.race_concept_id)] ?? "unknown",
  });
  return null;
}

const GENDERS: Readonly<Record<string, Sex>> = { "8532": "female", "8507": "male", "8521": "other" };

function sexOf(concept: string, source: string): Sex {
  if (concept === "0") return source === "F" ? "female" : source === "M" ? "male" : "unknown";
  return GENDERS[concept] ?? "unknown";
}

const PERIOD = ["person_id", "observation_period_start_date", "observation_period_end_date"] as const;

/** The time in which a person is observed is the nearest that the CDM has to a registration. */
export async function readPeriods(intake: Intake, file: SourceFile): Promise<void> {
  await readTable(
    intake,
    file,
    "observation_period",
    PERIOD,
    PERIOD,
    (at) => (row) => {
      const patient = intake.load.patientKey(row.get(at.person_id));
      if (patient === 0) return ORPHAN;
      const start = dayOfText(row.get(at.observation_period_start_date));
      const ended = row.get(at.observation_period_end_date);
      const end = ended === "" ? null : dayOfText(ended);
      if (Number.isNaN(start) || Number.isNaN(end))
        return bad(`observation_period_start_date or _end_date ${DAY_WORDS}`);
      if (end !== null && end < start) return bad("the period ends before it starts");
      intake.load.registration(patient, start, end);
      return null;
    },
    QUIETLY,
  );
}
