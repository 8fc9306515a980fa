import { DAY_WORDS, dayOfText, isDeleted } from "../fields.js";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { skipBad, SKIP_BAD_DELETED, type Skip, SKIP_ORPHAN, readTable } from "../table.js";

const NOT_HERE: Skip = { kind: "left-out", reason: "it is marked deleted and is not here" };
const COLUMNS = ["patient_id", "start", "end", "deleted"] as const;

type Columns = Record<(typeof COLUMNS)[number], number>;

export async function readRegistrations(intake: Intake, file: SourceFile): Promise<void> {
  const begin = (columns: Columns) => (row: CsvRow) => {
    const start = dayOfText(row.trimmed(columns.start));
    if (Number.isNaN(start)) return skipBad(`start ${DAY_WORDS}`);
    const ended = row.trimmed(columns.end);
    const end = ended === "" ? null : dayOfText(ended);
    if (Number.isNaN(end)) return skipBad(`end ${DAY_WORDS}`);
    if (end !== null && end < start) return skipBad("end is before start");
    const patient = intake.load.people.keyOf(row.trimmed(columns.patient_id));
    if (patient === 0) return SKIP_ORPHAN;
    const deleted = isDeleted(row.get(columns.deleted));
    if (deleted === null) return SKIP_BAD_DELETED;
    if (deleted) return intake.load.registrations.remove(patient, start) ? null : NOT_HERE;
    intake.load.registrations.put(patient, start, end);
    return null;
  };
  const unmissed = ["deleted"];
  await readTable(intake, file, "registrations", COLUMNS, ["patient_id", "start"], begin, { unmissed });
}
