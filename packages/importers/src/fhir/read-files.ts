/** Takes files apart into resources: a bundle entry by entry, NDJSON line by line, with whatever either holds. */
import { isUtf8 } from "node:buffer";
import { ImportError } from "../errors.js";
import type { Intake } from "../importer.js";
import type { SourceFile } from "../source-file.js";
import type { ExportReport } from "./export-report.js";
import { History } from "./history.js";
import { isObject, type Json, listAt, objectAt, textAt } from "./json.js";
import { Scope } from "./references.js";
import { isRead, type Resources } from "./resources.js";
import type { Place } from "./waiting.js";
import { BundleScanner, LayoutError, LineScanner, type ElementListener, withoutMark } from "./scan.js";

export class Reader {
  readonly #intake: Intake;
  readonly #resources: Resources;
  readonly #exported: ExportReport;
  readonly #history = new History();

  constructor(intake: Intake, resources: Resources, exported: ExportReport) {
    this.#intake = intake;
    this.#resources = resources;
    this.#exported = exported;
  }

  /** Reads a file that is one resource: most are bundles. */
  async readBundle(file: SourceFile): Promise<void> {
    const scope = new Scope(null);
    let ofHistory: boolean | null = null;
    const onElement: ElementListener = (bytes, line) => {
      const at = { file: file.shown, line, scope };
      const type = IN_ENTRY.exec(bytes.toString("latin1", 0, 400))?.[1];
      if (type !== undefined && isPassedOver(type)) return this.#leave(type, at);
      const text = textOf(bytes);
      const entry = text === null ? null : parsed(text);
      if (!isObject(entry)) throw notJson(file, `the entry at line ${line}`);
      ofHistory ??= scanner.says(HISTORY);
      this.#takeEntry(entry, ofHistory, at);
    };
    const scanner: BundleScanner = new BundleScanner(onElement);
    const frame = await this.#scanned(file, scanner);
    this.#resources.closeBundle(scope);
    if (!isObject(frame)) throw notJson(file, "it");
    if (frame.resourceType === "Bundle" || this.#exported.takeManifest(frame, file.shown)) return;
    this.#takeResource(frame, null, { file: file.shown, line: 1, scope: null });
  }

  /** Reads a file with a resource on each line. */
  async readLines(file: SourceFile): Promise<void> {
    let known = "\n"; // how the last line began that was of a kind that is read: most begin so
    const lines = new LineScanner((bytes, from, to, line) => {
      const at = { file: file.shown, line, scope: null };
      const text = textOf(bytes, from, to);
      if (text !== null && !text.startsWith(known)) {
        const start = ALONE.exec(text);
        if (start !== null && isPassedOver(start[1]!)) return this.#leave(start[1]!, at);
        known = start?.[0] ?? "\n";
      }
      const resource = text === null ? null : parsed(text);
      if (isObject(resource)) return this.#takeResource(resource, null, at);
      const reason = Array.isArray(resource)
        ? "the line is a JSON list, not a resource"
        : "the line is not JSON";
      this.#intake.tally.skipped(tableOf(file), "bad", reason, file.shown, line);
    });
    await this.#scanned(file, lines);
  }

  #takeEntry(entry: Json, ofHistory: boolean, at: Place): void {
    if (this.#history.isVersion(entry, ofHistory) && !this.#history.isNewest(entry))
      return this.#intake.tally.skipped("Bundle", "left-out", OLD_VERSION, at.file, at.line);
    const outcome = objectAt(objectAt(entry, "response"), "outcome");
    if (outcome !== null) this.#exported.takeOutcome(outcome, at);
    const request = objectAt(entry, "request");
    if (textAt(request, "method")?.toUpperCase() === "DELETE")
      return this.#resources.remove(textAt(request, "url") ?? textAt(entry, "fullUrl") ?? "", at);
    const resource = objectAt(entry, "resource");
    if (resource !== null) this.#takeResource(resource, textAt(entry, "fullUrl"), at);
    else if (outcome === null)
      this.#intake.tally.skipped("Bundle", "left-out", "an entry holds no resource", at.file, at.line);
  }

  #takeResource(resource: Json, fullUrl: string | null, at: Place): void {
    const type = textAt(resource, "resourceType");
    if (type === "Bundle") {
      const within = { ...at, scope: new Scope(at.scope) };
      const ofHistory = textAt(resource, "type") === "history";
      for (const entry of listAt(resource, "entry")) this.#takeEntry(entry, ofHistory, within);
      this.#resources.closeBundle(within.scope);
    } else if (type === "OperationOutcome") this.#exported.takeOutcome(resource, at);
    else {
      if (type !== null) this.#exported.count(type);
      this.#resources.take(resource, fullUrl, at);
    }
  }

  #leave(type: string, at: Place): void {
    this.#exported.count(type);
    this.#resources.leave(type, at);
  }

  async #scanned(file: SourceFile, scanner: { take(chunk: Buffer): void; end(): unknown }): Promise<unknown> {
    try {
      for await (const chunk of withoutMark(this.#intake.reader.chunks(file, "resources")))
        scanner.take(chunk);
      return scanner.end();
    } catch (cause) {
      if (cause instanceof SyntaxError) throw notJson(file, "it", cause);
      if (cause instanceof LayoutError)
        throw new ImportError("unreadable", `${file.shown}: ${cause.message}`, { cause });
      if (cause instanceof RangeError)
        throw new ImportError("not-this-format", `${file.shown}: ${cause.message}`, { cause });
      throw cause;
    }
  }
}

/** The place of the type, when it stands first: half of what a system exports then needs no further reading. */
const IN_ENTRY =
  /^\{\s*(?:"fullUrl"\s*:\s*"[^"\\]*"\s*,\s*)?"resource"\s*:\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;
const ALONE = /^\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"/;

/** A bundle that states its type before its entries. */
const HISTORY = /"type"\s*:\s*"history"/;
const OLD_VERSION = "a newer version of the resource was met";

function isPassedOver(type: string): boolean {
  return type !== "Bundle" && type !== "OperationOutcome" && !isRead(type);
}

/** The name under which a line without a type is counted. */
function tableOf(file: SourceFile): string {
  return file.shown.split(/[\\/]/).at(-1)?.split(".")[0] || "lines";
}

/** The text of bytes, or null where they are not UTF-8: a replacement character is checked against the bytes. */
function textOf(bytes: Buffer, from = 0, to = bytes.length): string | null {
  const text = bytes.toString("utf8", from, to);
  return text.includes("\ufffd") && !isUtf8(bytes.subarray(from, to)) ? null : text;
}

/** Parses JSON; null where the text is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, text.includes("\\u") ? wellFormed : undefined) as unknown;
  } catch {
    return null;
  }
}

/** Replaces half a surrogate pair, which JSON can hold and no database gives back as it was. */
function wellFormed(_key: string, value: unknown): unknown {
  return typeof value === "string" ? Buffer.from(value).toString() : value;
}

/** The error for a file that is not JSON, without the parser's own words, which quote the record. */
function notJson(file: SourceFile, what: string, cause?: unknown): ImportError {
  const words = `${file.shown}: ${what} is not whole JSON: the file is damaged or was cut short; export or copy it again`;
  const withoutText = cause === undefined ? undefined : new Error("JSON.parse refused it");
  return new ImportError("unreadable", words, { cause: withoutText });
}
