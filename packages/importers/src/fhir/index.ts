/** The importer of FHIR R4: bundles, single resources and Bulk Data NDJSON, and the STU3 records of GP Connect. */
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import { dayOfText } from "../fields.js";
import type { Extract, ExtractFacts, Importer, Intake } from "../importer.js";
import { coversToOf, describeByManifest, readManifest } from "../manifest.js";
import { ExportReport } from "./export-report.js";
import { isObject, textAt } from "./json.js";
import { Reader } from "./read-files.js";
import { Resources } from "./resources.js";

export const fhir: Importer = {
  format: "fhir",
  standardInput: "resources.ndjson",
  knows: ({ name }) => FILE.test(name),
  describe,
  async read(intake) {
    const resources = new Resources(intake);
    const exported = new ExportReport(intake);
    const reader = new Reader(intake, resources, exported);
    for (const file of inOrder(intake)) {
      if (/\.json$/.test(file.name)) await reader.readBundle(file);
      else await reader.readLines(file);
    }
    resources.settle();
    const manifest = await readManifest(intake);
    if (manifest !== null && isObject(manifest.content))
      exported.takeManifest(manifest.content, manifest.file);
    exported.tell();
    return { coversTo: (manifest === null ? null : coversToOf(manifest)) ?? exported.day };
  },
};

/** The manifest of a bulk export gives its moment, and in its request the moment from which on it holds what changed. */
async function describe(extract: Extract): Promise<ExtractFacts> {
  const facts = await describeByManifest(extract);
  const exported = (await readManifest(extract))?.content;
  if (!isObject(exported)) return facts;
  const moment = momentOf(textAt(exported, "transactionTime"));
  if (moment === null) return facts;
  const since = /[?&]_since=([^&]*)/.exec(textAt(exported, "request") ?? "")?.[1];
  const from = since === undefined ? null : momentOf(since.replaceAll("%3A", ":"));
  return {
    ...facts,
    kind: facts.kind ?? (since === undefined ? "bulk" : "delta"),
    from: facts.from ?? from,
    to: facts.to ?? moment,
  };
}

function momentOf(text: string | null): string | null {
  if (text === null || Number.isNaN(dayOfText(text.slice(0, 10)))) return null;
  return /^[^.Z+]{10}T\d\d:\d\d:\d\d/.exec(text)?.[0] ?? text.slice(0, 10);
}

const FILE = /\.(json|ndjson|jsonl)$/;

/** Sorts files so that patients and medications come first: references to them can then be resolved at once. */
function inOrder(intake: Intake): SourceFile[] {
  const files = intake.files.filter((file) => {
    if (file.name === "manifest.json") return false;
    if (/^log(\..*)?\.ndjson$/.test(file.name)) return false;
    const ours = FILE.test(file.name);
    if (!ours) intake.note(`${file.shown} is neither .json nor .ndjson and was not read`);
    return ours;
  });
  if (files.length === 0) throw new ImportError("no-files", "no .json or .ndjson file there");
  const first = (file: SourceFile): number => (/^(patient|medication)\W/.test(file.name) ? 0 : 1);
  return files.sort((a, b) => first(a) - first(b));
}
