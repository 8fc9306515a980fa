/** FHIR R4: bundles, single resources and Bulk Data NDJSON; the STU3 records of GP Connect on the same way. */
import { isUtf8 } from "node:buffer";
import { ImportError } from "../errors.js";
import type { SourceFile } from "../source-file.js";
import type { Importer, Intake } from "../importer.js";
import { findCoversTo } from "../manifest.js";
import { isObject, type Json, listAt, objectAt, textAt } from "./json.js";
import { isRead, Resources } from "./resources.js";
import { BundleScanner, LineScanner, type OnElement } from "./scan.js";

export const fhir: Importer = {
  format: "fhir",
  standardInput: "resources.ndjson",
  async read(intake) {
    const resources = new Resources(intake);
    for (const file of inOrder(intake)) {
      if (/\.json$/.test(file.name)) await readBundle(intake, file, resources);
      else await readLines(intake, file, resources);
    }
    resources.settle();
    return { coversTo: await findCoversTo(intake) };
  },
};

/** Patients and medications first: what points at them can then be taken as it comes. */
function inOrder(intake: Intake): SourceFile[] {
  const files = intake.files.filter((file) => {
    if (file.name === "manifest.json") return false;
    if (/^log(\..*)?\.ndjson$/.test(file.name)) return false;
    const ours = /\.(json|ndjson|jsonl)$/.test(file.name);
    if (!ours) intake.note(`${file.shown} is neither .json nor .ndjson and was not read`);
    return ours;
  });
  if (files.length === 0) throw new ImportError("no-files", "no .json or .ndjson file there");
  const first = (file: SourceFile): number => (/^(patient|medication)\W/.test(file.name) ? 0 : 1);
  return files.sort((a, b) => first(a) - first(b));
}

async function readBundle(intake: Intake, file: SourceFile, resources: Resources): Promise<void> {
  const onElement: OnElement = (bytes, line) => {
    const type = IN_ENTRY.exec(bytes.toString("latin1", 0, 400))?.[1];
    if (type !== undefined && isUnread(type)) return resources.leave(type, file.shown, line);
    const text = textOf(bytes);
    const entry = text === null ? null : parsed(text);
    if (entry === null) throw notJson(file, `the entry at line ${line}`);
    const resource = objectAt(entry, "resource");
    if (resource === null)
      intake.tally.skipped("Bundle", "left-out", "an entry holds no resource", file.shown, line);
    else resources.take(resource, textAt(entry, "fullUrl"), file.shown, line);
  };
  const scanner = new BundleScanner(onElement);
  const frame = await scanned(intake, file, scanner);
  if (!isObject(frame)) throw notJson(file, "it");
  if (frame.resourceType === "Bundle") return;
  resources.take(frame, null, file.shown, 1);
}

async function readLines(intake: Intake, file: SourceFile, resources: Resources): Promise<void> {
  let known = "\n"; // how the last line began that was of a kind that is read: most begin so
  const lines = new LineScanner((bytes, from, to, line) => {
    const text = textOf(bytes, from, to);
    if (text !== null && !text.startsWith(known)) {
      const start = ALONE.exec(text);
      if (start !== null && isUnread(start[1]!)) return resources.leave(start[1]!, file.shown, line);
      known = start?.[0] ?? "\n";
    }
    const resource = text === null ? null : parsed(text);
    if (resource?.resourceType === "Bundle") takeEntries(resource, file, line, resources);
    else if (resource !== null) resources.take(resource, null, file.shown, line);
    else intake.tally.skipped(tableOf(file), "bad", "the line is not JSON", file.shown, line);
  });
  await scanned(intake, file, lines);
}

/** A whole bundle on one line. */
function takeEntries(bundle: Json, file: SourceFile, line: number, resources: Resources): void {
  for (const entry of listAt(bundle, "entry")) {
    const resource = objectAt(entry, "resource");
    if (resource !== null) resources.take(resource, textAt(entry, "fullUrl"), file.shown, line);
  }
}

/** Where the type stands, when it stands first: in half of what a system exports nothing else need be read. */
const IN_ENTRY =
  /^\{\s*(?:"fullUrl"\s*:\s*"[^"\\]*"\s*,\s*)?"resource"\s*:\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;
const ALONE = /^\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

function isUnread(type: string): boolean {
  return type !== "Bundle" && !isRead(type);
}

/** Under which name a line is counted that does not say what it is. */
function tableOf(file: SourceFile): string {
  return file.shown.split(/[\\/]/).at(-1)?.split(".")[0] || "lines";
}

async function scanned(
  intake: Intake,
  file: SourceFile,
  scanner: { take(chunk: Buffer): void; end(): unknown },
): Promise<unknown> {
  try {
    for await (const chunk of intake.reader.chunks(file, "resources")) scanner.take(chunk);
    return scanner.end();
  } catch (cause) {
    if (cause instanceof SyntaxError) throw notJson(file, "it", cause);
    if (cause instanceof RangeError)
      throw new ImportError("not-this-format", `${file.shown}: ${cause.message}`, cause);
    throw cause;
  }
}

/** Null where the bytes are not UTF-8: a character that stands for what is none is looked into. */
function textOf(bytes: Buffer, from = 0, to = bytes.length): string | null {
  const text = bytes.toString("utf8", from, to);
  return text.includes("\ufffd") && !isUtf8(bytes.subarray(from, to)) ? null : text;
}

function parsed(text: string): Json | null {
  try {
    const value = JSON.parse(text, text.includes("\\u") ? wellFormed : undefined) as unknown;
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Half a surrogate pair can be written in JSON, and no database gives it back as it was. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value).toString() : value;
}

/** Without the parser's own words, which quote what they stumbled over. */
function notJson(file: SourceFile, what: string, cause?: unknown): ImportError {
  const words = `${file.shown}: ${what} is not whole JSON: the file is damaged or was cut short; export or copy it again`;
  return new ImportError(
    "unreadable",
    words,
    cause === undefined ? undefined : new Error("JSON.parse refused it"),
  );
}
