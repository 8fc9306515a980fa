import type { EthnicGroup, Sex } from "@cairn/query-library";
import type { PatientFacts } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayOfParts, dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { idIn } from "../number-column.js";
import { putPerson } from "../person.js";
import { skipBad, type Skip, SKIP_ORPHAN, readTable } from "../table.js";
import { CDM } from "./fields.js";

const LAYOUT = { quietly: true, format: CDM };

const DIED_TWICE = "the person died on another day before in this extract; the last counts";

/** Reads deaths. They come behind persons, in this load or an earlier one. */
export async function readDeaths(intake: Intake, file: SourceFile): Promise<void> {
  const columns = ["person_id", "death_date"] as const;
  await readTable(
    intake,
    file,
    "death",
    columns,
    columns,
    (at) => (row) => {
      const day = dayOfText(row.trimmed(at.death_date));
      if (Number.isNaN(day)) return skipBad(`death_date ${DAY_WORDS}`);
      const patient = intake.load.people.keyOf(idIn(row, at.person_id));
      if (patient === 0) return SKIP_ORPHAN;
      if (intake.load.people.putDeath(patient, day))
        intake.tally.doubted("death", DIED_TWICE, file.shown, row.line);
      return null;
    },
    LAYOUT,
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

export async function readPersons(intake: Intake, file: SourceFile): Promise<void> {
  const required = ["person_id", "gender_concept_id", "year_of_birth"] as const;
  const begin = (at: Person) => (row: CsvRow) => takePerson(intake, file, at, row);
  await readTable(intake, file, "person", PERSON, required, begin, LAYOUT);
}

const RACES: Readonly<Record<string, EthnicGroup>> = {
  "8527": "white",
  "8515": "asian",
  "8516": "black",
  "8657": "other",
  "8557": "other",
  "8522": "other",
};

/** Takes one person. Their own row does not mention their death: what is known of it stays. */
function takePerson(intake: Intake, file: SourceFile, at: Person, row: CsvRow): Skip {
  const id = idIn(row, at.person_id);
  if (id === "") return skipBad("person_id is empty");
  const [year, month, day] = [at.year_of_birth, at.month_of_birth, at.day_of_birth].map((column) =>
    idIn(row, column),
  );
  const birthDay = dayOfParts(Number(year), Number(month || 7), Number((month && day) || 1));
  if (Number.isNaN(birthDay)) return skipBad("year_of_birth, month_of_birth and day_of_birth are not a date");
  const known = intake.load.people.known(id);
  const facts: PatientFacts = {
    sex: sexOf(idIn(row, at.gender_concept_id), row.trimmed(at.gender_source_value)),
    birthDay,
    birthPrecision: month ? (day ? "day" : "month") : "year",
    deathDay: known.deathDay,
    deprivationFifth: 0,
    ethnicGroup:
      at.race_concept_id < 0 ? known.ethnicGroup : (RACES[idIn(row, at.race_concept_id)] ?? "unknown"),
  };
  putPerson(intake, "person", id, facts, { file: file.shown, line: row.line });
  return null;
}

const GENDERS: Readonly<Record<string, Sex>> = { "8532": "female", "8507": "male", "8521": "other" };

function sexOf(concept: string, source: string): Sex {
  if (concept === "0") return source === "F" ? "female" : source === "M" ? "male" : "unknown";
  return GENDERS[concept] ?? "unknown";
}

const PERIOD = ["person_id", "observation_period_start_date", "observation_period_end_date"] as const;

/** Reads observation periods: the nearest that the CDM has to a registration. */
export async function readPeriods(intake: Intake, file: SourceFile): Promise<void> {
  await readTable(
    intake,
    file,
    "observation_period",
    PERIOD,
    PERIOD,
    (at) => (row) => {
      const patient = intake.load.people.keyOf(idIn(row, at.person_id));
      if (patient === 0) return SKIP_ORPHAN;
      const start = dayOfText(row.trimmed(at.observation_period_start_date));
      const ended = row.trimmed(at.observation_period_end_date);
      const end = ended === "" ? null : dayOfText(ended);
      if (Number.isNaN(start) || Number.isNaN(end))
        return skipBad(`observation_period_start_date or _end_date ${DAY_WORDS}`);
      if (end !== null && end < start) return skipBad("the period ends before it starts");
      intake.load.registrations.put(patient, start, end);
      return null;
    },
    LAYOUT,
  );
}
