/**
 * The extracts among the files that were named: one for each SRManifest.csv, with what lies beside and below it, in the
 * order of the moments that they are of.
 */
import { dirname } from "node:path";
import { ImportError } from "../errors.js";
import type { Extract, ExtractFacts } from "../importer.js";
import type { SourceFile } from "../source-file.js";
import { MANIFEST, readManifest } from "./manifest.js";

export interface OneExtract {
  readonly files: readonly SourceFile[];
  readonly facts: ExtractFacts;
}

/** The files of each extract; without a manifest, or with one, all are one's. @throws ImportError */
export function apart(files: readonly SourceFile[]): SourceFile[][] {
  const places = files.filter(({ name }) => name === MANIFEST).map(placeOf);
  if (places.length < 2) return [[...files]];
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice !== undefined)
    throw new ImportError("wrong-option", `${files.find((file) => file.name === MANIFEST && placeOf(file) === twice)!.shown}: there are two manifests of one folder; give each extract a folder of its own; nothing was kept`); // prettier-ignore
  const deepestFirst = [...places].sort((a, b) => b.length - a.length);
  const byPlace = new Map<string, SourceFile[]>(places.map((place) => [place, []]));
  for (const file of files) {
    const own = placeOf(file);
    const place = deepestFirst.find((each) => own === each || own.startsWith(`${each}/`));
    if (place === undefined)
      throw new ImportError("wrong-option", `${file.shown}: there are ${places.length} extracts, and it lies beside the SRManifest.csv of none; put it into the folder of its own; nothing was kept`); // prettier-ignore
    byPlace.get(place)!.push(file);
  }
  return [...byPlace.values()];
}

/** The extracts, the oldest first. @throws ImportError where one of several says no moment, or two say the same */
export async function inOrder({ files, reader }: Extract): Promise<OneExtract[]> {
  const extracts: OneExtract[] = [];
  for (const each of apart(files))
    extracts.push({ files: each, facts: await readManifest({ files: each, reader }) });
  if (extracts.length === 1) return extracts;
  const shown = (extract: OneExtract): string => extract.files.find(({ name }) => name === MANIFEST)!.shown;
  extracts.sort((a, b) => ((a.facts.to ?? "") < (b.facts.to ?? "") ? -1 : 1));
  for (const [i, extract] of extracts.entries()) {
    const { to } = extract.facts;
    if (to !== null && to !== extracts[i + 1]?.facts.to) continue;
    const what =
      to === null
        ? "it says no DateExtractTo"
        : `its DateExtractTo is that of ${shown(extracts[i + 1]!)} too`;
    throw new ImportError("wrong-option", `${shown(extract)}: ${what}, so that these ${extracts.length} extracts have no order; load them one by one, the oldest first; nothing was kept`); // prettier-ignore
  }
  return extracts;
}

/** The folder of a file: inside a .zip, behind the path of that. */
function placeOf(file: SourceFile): string {
  return file.entry === undefined ? dirname(file.path) : dirname(`${file.path}/${file.entry.fileName}`);
}
