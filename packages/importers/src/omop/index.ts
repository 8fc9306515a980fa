/**
 * The importer of OMOP CDM 5.3 and 5.4 as CSV, names in upper or lower case. Concepts become codes through CONCEPT.
 */
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { findCoversTo } from "../manifest.js";
import { tableOf } from "../table-files.js";
import { Concepts } from "./concepts.js";
import { EVENT_TABLES, readEvents } from "./events.js";
import { readDeaths, readPeriods, readPersons } from "./persons.js";

const READ = [
  "person",
  "death",
  "observation_period",
  "concept",
  ...EVENT_TABLES.map(({ name }) => name),
] as const;
/** All tables that are known, also those that are not read, so that none is taken for a part of another. */
const TABLES = [...READ, "visit_detail", "concept_class", "concept_synonym"] as const;
type Table = (typeof TABLES)[number];

export const omop: Importer = {
  format: "omop",
  standardInput: null,
  knows: (file) => tableOf(file, READ) !== null,
  async read(intake) {
    const tables = new Map(intake.files.map((file) => [file, tableOf(file, TABLES)]));
    const named = (name: Table): SourceFile[] => intake.files.filter((file) => tables.get(file) === name);
    requireTables(intake, named);
    sayUnread(intake, tables);
    for (const file of named("person")) await readPersons(intake, file);
    for (const file of named("death")) await readDeaths(intake, file);
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

/** Notes unread tables, but for those that say more of concepts than their codes: a vocabulary comes with many. */
function sayUnread(intake: Intake, tables: ReadonlyMap<SourceFile, Table | null>): void {
  const isRead = (table: Table | null | undefined): boolean => READ.some((name) => name === table);
  const unread = intake.files.filter((file) => !isRead(tables.get(file)) && file.name !== "manifest.json");
  if (unread.length > 0)
    intake.note(
      `not read, for holding nothing that a question asks about: ${unread.map(({ shown }) => shown).join(", ")}`,
    );
}

function requireTables(intake: Intake, named: (name: Table) => SourceFile[]): void {
  if (named("person").length === 0 && intake.load.people.isEmpty()) {
    throw new ImportError("no-files", "no person.csv there; name the folder of the CDM's tables");
  }
  // Deaths and periods can come alone, as a later extract brings them; they carry no codes.
  const coded = EVENT_TABLES.some(({ name }) => named(name).length > 0);
  if (coded && named("concept").length === 0) {
    throw new ImportError(
      "no-files",
      "no concept.csv there, so concepts cannot become codes; export CONCEPT too",
    );
  }
}
