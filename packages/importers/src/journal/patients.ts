import { ETHNIC_GROUPS, type EthnicGroup, type Sex, SEXES } from "@cairn/query-library";
import type { PatientFacts } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayOfParts, dayOfText, isDeleted } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { requireOnePractice } from "../one-practice.js";
import { putPerson } from "../person.js";
import { skipBad, SKIP_BAD_DELETED, type Skip, SKIP_ORPHAN, readTable } from "../table.js";

const COLUMNS = [
  "patient_id",
  "practice",
  "date_of_birth",
  "sex",
  "date_of_death",
  "deprivation_fifth",
  "ethnic_group",
  "deleted",
] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

/** Reads the patients, and checks that they are of one practice: the one whose records are here already. */
export async function readPatients(intake: Intake, files: readonly SourceFile[]): Promise<void> {
  const practices = new Set<string>();
  for (const file of files) {
    const begin = (columns: Columns) => (row: CsvRow) => {
      const practice = row.trimmed(columns.practice);
      if (practice !== "") practices.add(practice);
      return takePatient(intake, file, columns, row);
    };
    await readTable(intake, file, "patients", COLUMNS, ["patient_id"], begin, {
      unmissed: ["deleted"],
      absent: intake.load.whole ? "nothing is known of it now" : "what is known of it stays",
    });
  }
  requireOnePractice(intake.load, practices, files.map(({ shown }) => shown).join(", "), "practice");
}

const NOT_HERE: Skip = { kind: "left-out", reason: "it is marked deleted and is not here" };

function takePatient(intake: Intake, file: SourceFile, columns: Columns, row: CsvRow): Skip {
  const id = row.trimmed(columns.patient_id);
  if (id === "") return skipBad("patient_id is empty");
  const deleted = isDeleted(row.get(columns.deleted));
  if (deleted === null) return SKIP_BAD_DELETED;
  if (deleted) return intake.load.people.remove(id) ? null : NOT_HERE;
  const deathsAlone = columns.date_of_death >= 0 && columns.date_of_birth < 0 && columns.sex < 0;
  if (deathsAlone && intake.load.people.keyOf(id) === 0) return SKIP_ORPHAN;
  const birth = birthOf(row.trimmed(columns.date_of_birth));
  if (birth === null) return skipBad("date_of_birth is not a date written YYYY-MM-DD, YYYY-MM or YYYY");
  const death = row.trimmed(columns.date_of_death);
  const deathDay = death === "" ? null : dayOfText(death);
  if (Number.isNaN(deathDay)) return skipBad(`date_of_death ${DAY_WORDS}`);
  const sex = row.trimmed(columns.sex).toLowerCase() || "unknown";
  if (!(SEXES as readonly string[]).includes(sex)) return skipBad(`sex is none of ${SEXES.join(", ")}`);
  const ethnic = row.trimmed(columns.ethnic_group).toLowerCase() || "unknown";
  if (!(ETHNIC_GROUPS as readonly string[]).includes(ethnic)) {
    return skipBad(`ethnic_group is none of ${ETHNIC_GROUPS.join(", ")}`);
  }
  const fifth = row.trimmed(columns.deprivation_fifth);
  if (!/^[1-5]?$/.test(fifth)) return skipBad("deprivation_fifth is not 1 to 5");
  const known = intake.load.people.known(id);
  const facts: PatientFacts = {
    ...(columns.date_of_birth < 0 ? known : birth),
    deathDay: columns.date_of_death < 0 ? known.deathDay : deathDay,
    sex: columns.sex < 0 ? known.sex : (sex as Sex),
    ethnicGroup: columns.ethnic_group < 0 ? known.ethnicGroup : (ethnic as EthnicGroup),
    deprivationFifth: columns.deprivation_fifth < 0 ? known.deprivationFifth : Number(fifth),
  };
  putPerson(intake, "patients", id, facts, { file: file.shown, line: row.line });
  return null;
}

/** The birth of a text: a month counts as its first day, a year as its 1 July. Null where it is no date. */
function birthOf(text: string): Pick<PatientFacts, "birthDay" | "birthPrecision"> | null {
  if (text === "") return { birthDay: null, birthPrecision: null };
  const parts = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?$/.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [parts[1], parts[2], parts[3]];
  const birthDay = dayOfParts(Number(year), Number(month ?? 7), Number(day ?? 1));
  if (Number.isNaN(birthDay)) return null;
  return { birthDay, birthPrecision: day !== undefined ? "day" : month !== undefined ? "month" : "year" };
}
