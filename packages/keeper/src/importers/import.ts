/** Records in: from whatever a practice exported to the store, whole or not at all. */
import type { CodeSystem } from "@cairn/query-library";
import { isoDate } from "@cairn/query-library";
import { explained, SqliteError } from "@cairn/sqlite";
import type { CodeMap } from "../records/dictionary.js";
import type { Load, RecordBasis, StoreTotals } from "../records/load.js";
import type { Records } from "../records/store.js";
import { ImportError } from "./errors.js";
import { FileReader, findFiles } from "./files.js";
import { importerOf } from "./formats.js";
import { type Reason, type Rows, Tally } from "./tally.js";

export interface ImportRequest {
  readonly format: string;
  readonly paths: readonly string[];
  /** System of codes that come without one. */
  readonly system: CodeSystem;
  /** Day number; wins over the extract's own manifest. */
  readonly completeTo: number | null;
  readonly registeredFrom: "birth" | "first-record" | null;
  /** Read, check and count everything, and keep nothing. */
  readonly dryRun: boolean;
  readonly now: Date;
  progress(step: "reading" | "writing", done: number, of: number): void;
}

/** What became of an extract; the JSON of `agent import`, with what is said beside it. */
export interface ImportReport extends StoreTotals {
  readonly format: string;
  readonly rows: Rows;
  readonly reasons: readonly Reason[];
  readonly covers_to: string | null;
  /** Where registrations come from, said with every result where they are derived. */
  readonly basis: RecordBasis;
  /** True where this very content was loaded before, so that nothing changed. */
  readonly known: boolean;
  readonly notes: readonly string[];
}

/** Loads an extract. Throws `ImportError` or `SqliteError`; the store is then as it was. */
export async function importRecords(records: Records, request: ImportRequest): Promise<ImportReport> {
  const importer = importerOf(request.format);
  const files = await findFiles(request.paths, importer.format, importer.standardInput);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const reader = new FileReader((done) => request.progress("reading", done, bytes));
  const tally = new Tally();
  const notes = new Set<string>();
  const load = records.beginLoad(AS_RECORDED);
  try {
    const note = (text: string): void => void notes.add(text);
    const claims = await importer.read({ files, reader, load, tally, system: request.system, note });
    tally.requireCredible();
    const coversTo = request.completeTo ?? claims.coversTo;
    const digest = reader.digest(`${request.format} ${request.system}`);
    const read = { format: request.format, rows: tally.rows(), reasons: tally.reasons() };
    if (load.knows(digest)) {
      load.abandon();
      return alreadyHere(records, request, coversTo, { ...read, notes: [...notes] });
    }
    const basis = basisOf(load, request.registeredFrom, note);
    load.writeEvents((done, of) => request.progress("writing", done, of));
    const covers_to = coversTo === null ? records.coversTo() : isoDate(coversTo);
    const report = { ...read, ...load.totals(), covers_to, basis, known: false, notes: [...notes] };
    if (!request.dryRun) keep(load, request, digest, coversTo, report);
    return report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC")
      throw new SqliteError("full", "the record store", error);
    throw explained(error, "the record store");
  } finally {
    load.abandon();
  }
}

/** The same extract again changes nothing, but for the day to which it is said to be complete. */
function alreadyHere(
  records: Records,
  request: ImportRequest,
  coversTo: number | null,
  read: Pick<ImportReport, "format" | "rows" | "reasons" | "notes">,
): ImportReport {
  if (coversTo !== null && !request.dryRun) records.setCoversTo(coversTo);
  return {
    ...read,
    ...records.totals(),
    covers_to: records.coversTo(),
    basis: records.recordBasis() ?? "registrations",
    known: true,
  };
}

const AS_RECORDED: CodeMap = (system, code) =>
  system === "read2" || system === "ctv3" ? { system, code, state: "unmapped" } : null;

/** Registrations where there are any; otherwise what was asked for now, or earlier for this store. */
function basisOf(
  load: Load,
  asked: "birth" | "first-record" | null,
  note: (text: string) => void,
): RecordBasis {
  if (load.hasRegistrations()) {
    if (asked !== null)
      note("these records carry registrations, so --registered-from was not needed and was ignored");
    return "registrations";
  }
  const basis = asked ?? load.basis();
  if (basis === null || basis === "registrations") {
    throw new ImportError(
      "no-registrations",
      "these records carry no registrations; say --registered-from birth or --registered-from first-record",
    );
  }
  return basis;
}

function keep(
  load: Load,
  request: ImportRequest,
  digest: string,
  coversTo: number | null,
  report: ImportReport,
): void {
  const { notes: _notes, ...kept } = report;
  load.commit({
    at: request.now.toISOString(),
    format: request.format,
    source: request.paths.join(" "),
    digest,
    coversTo,
    basis: report.basis,
    report: kept,
  });
}
