/** Every importer, by the name of its format. */
import { ImportError } from "./errors.js";
import { type Format, FORMATS } from "./formats.js";
import type { Extract, ExtractFacts, Importer } from "./importer.js";
import { describeByManifest } from "./manifest.js";
import type { SourceFile } from "./source-file.js";
import { aurum } from "./aurum/index.js";
import { emis } from "./emis/index.js";
import { fhir } from "./fhir/index.js";
import { journal } from "./journal/index.js";
import { omop } from "./omop/index.js";
import { systmone } from "./systmone/index.js";
import { syntheaCsv } from "./synthea-csv/index.js";

const IMPORTERS: Readonly<Record<Format, Importer>> = {
  journal,
  fhir,
  "synthea-csv": syntheaCsv,
  omop,
  aurum,
  emis,
  systmone,
};

/** The importer of a format. @throws ImportError where there is no such format */
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

/** Reads the facts that an extract states of itself; no row is read for it. @throws ImportError where its manifest is none */
export async function describeExtract({ describe }: Importer, extract: Extract): Promise<ExtractFacts> {
  return (describe ?? describeByManifest)(extract);
}

/** Says that files look like another format than this, by their names; null where they do not. */
export function likeness(files: readonly SourceFile[], format: string): string | null {
  const like = lookingLike(files);
  return like === null || like === format
    ? null
    : `by the names of its files this looks like --format ${like}`;
}

/** The format that knows the most of these files by their names; null where none does, or two know as many. */
function lookingLike(files: readonly SourceFile[]): Format | null {
  const own = files.filter(({ name }) => name !== "manifest.json");
  const ranked = FORMATS.map((format) => ({
    format,
    known: own.filter((file) => IMPORTERS[format].knows(file)).length,
  })).sort((a, b) => b.known - a.known);
  const [first, second] = ranked;
  return first && first.known > (second?.known ?? 0) ? first.format : null;
}
