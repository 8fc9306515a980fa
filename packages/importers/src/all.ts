/** Every way in, by its name. */
import { ImportError } from "./errors.js";
import { type Format, FORMATS } from "./formats.js";
import type { Importer } from "./importer.js";
import { aurum } from "./aurum/index.js";
import { fhir } from "./fhir/index.js";
import { journal } from "./journal/index.js";
import { omop } from "./omop/index.js";
import { syntheaCsv } from "./synthea-csv/index.js";

const IMPORTERS: Readonly<Record<Format, Importer>> = {
  journal,
  fhir,
  "synthea-csv": syntheaCsv,
  omop,
  aurum,
};

/** Throws `ImportError` where there is no such format. */
export function importerOf(format: string): Importer {
  const known = FORMATS.find((each) => each === format);
  if (known === undefined) {
    throw new ImportError(
      "wrong-option",
      `there is no format ${format}; choose one of ${FORMATS.join(", ")}`,
    );
  }
  return IMPORTERS[known];
}
