import { DAY_WORDS, dayOfText } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { bad, ORPHAN, readTable } from "../table.js";

const COLUMNS = ["patient_id", "start", "end"] as const;

export async function readRegistrations(intake: Intake, file: SourceFile): Promise<void> {
  await readTable(intake, file, "registrations", COLUMNS, ["patient_id", "start"], (columns) => (row) => {
    const start = dayOfText(row.trimmed(columns.start));
    if (Number.isNaN(start)) return bad(`start ${DAY_WORDS}`);
    const ended = row.trimmed(columns.end);
    const end = ended === "" ? null : dayOfText(ended);
    if (Number.isNaN(end)) return bad(`end ${DAY_WORDS}`);
    if (end !== null && end < start) return bad("end is before start");
    const patient = intake.load.patientKey(row.trimmed(columns.patient_id));
    if (patient === 0) return ORPHAN;
    intake.load.registration(patient, start, end);
    return null;
  });
}
