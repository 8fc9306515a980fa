/** OMOP CDM 5.3 and 5.4 as CSV, names in upper or lower case. Concepts become codes through CONCEPT. */
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { findCoversTo } from "../manifest.js";
import { Concepts } from "./concepts.js";
import { EVENT_TABLES, readEvents } from "./events.js";
import { readDeaths, readPeriods, readPersons } from "./persons.js";

export const omop: Importer = {
  format: "omop",
  standardInput: null,
  async read(intake) {
    const named = (name: string): SourceFile[] => intake.files.filter((file) => file.name === `${name}.csv`);
    requireTables(intake, named);
    const deaths = new Map<string, number>();
    for (const file of named("death")) await readDeaths(intake, file, deaths);
    for (const file of named("person")) await readPersons(intake, file, deaths);
    for (const file of named("observation_period")) await readPeriods(intake, file);
    const concepts = new Concepts();
    for (const table of EVENT_TABLES) {
      for (const file of named(table.name)) await readEvents(intake, file, table, concepts);
    }
    for (const file of named("concept")) await concepts.read(intake, file);
    concepts.resolve(intake);
    return { coversTo: await findCoversTo(intake) };
  },
};

function requireTables(intake: Intake, named: (name: string) => SourceFile[]): void {
  if (named("person").length === 0 && intake.load.isEmpty()) {
    throw new ImportError("no-files", "no person.csv there; name the folder of the CDM's tables");
  }
  if (named("concept").length === 0) {
    throw new ImportError(
      "no-files",
      "no concept.csv there, so concepts cannot become codes; export CONCEPT too",
    );
  }
}
