/** The importer of the journal: patients.csv, registrations.csv, events.csv, the plain CSV that anyone can make. */
import { findCoversTo } from "../manifest.js";
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { tableOf } from "../table-files.js";
import { readEvents } from "./events.js";
import { readPatients } from "./patients.js";
import { readRegistrations } from "./registrations.js";

const TABLES = ["patients", "registrations", "events"] as const;
type Table = (typeof TABLES)[number];

export const journal: Importer = {
  format: "journal",
  standardInput: "events.csv",
  knows: (file) => nameOf(file) !== null,
  async read(intake) {
    const files = sorted(intake);
    await readPatients(intake, files.patients);
    for (const file of files.registrations) await readRegistrations(intake, file);
    for (const file of files.events) await readEvents(intake, file);
    return { coversTo: await findCoversTo(intake) };
  },
};

/** The table of a file, which may be one of many: `events.csv`, `events-2024.csv.gz`, `events_001.csv`. */
function nameOf(file: SourceFile): Table | null {
  const named = /^(patients|registrations|events)([-_.].*)?\.csv$/.exec(file.name)?.[1];
  return (named as Table | undefined) ?? tableOf(file, TABLES);
}

function sorted(intake: Intake): Record<Table, SourceFile[]> {
  const files: Record<Table, SourceFile[]> = { patients: [], registrations: [], events: [] };
  for (const file of intake.files) {
    const table = nameOf(file);
    if (table) files[table].push(file);
    else if (file.name !== "manifest.json")
      intake.note(`${file.shown} is not part of a journal and was not read`);
  }
  if (TABLES.every((table) => files[table].length === 0)) {
    throw new ImportError(
      "no-files",
      "no patients.csv, registrations.csv or events.csv there; name the folder that holds them",
    );
  }
  return files;
}
