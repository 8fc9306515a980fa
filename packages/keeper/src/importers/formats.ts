/** Every way in, by its name. */
import { ImportError } from "./errors.js";
import type { Importer } from "./importer.js";
import { aurum } from "./aurum/index.js";
import { fhir } from "./fhir/index.js";
import { journal } from "./journal/index.js";
import { omop } from "./omop/index.js";
import { syntheaCsv } from "./synthea-csv/index.js";

const IMPORTERS: readonly Importer[] = [journal, fhir, syntheaCsv, omop, aurum];
export const FORMATS: readonly string[] = IMPORTERS.map((importer) => importer.format);

/** Throws `ImportError` where there is no such format. */
export function importerOf(format: string): Importer {
  const importer = IMPORTERS.find((each) => each.format === format);
  if (importer === undefined) {
    throw new ImportError(
      "wrong-option",
      `there is no format ${format}; choose one of ${FORMATS.join(", ")}`,
    );
  }
  return importer;
}
