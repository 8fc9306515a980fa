/** Reads events.csv: by far the longest table, so its way from text to columns makes as few strings as it can. */
import { COMPARATORS } from "@cairn/tables";
import { CODE_SYSTEMS, type CodeSystem } from "@cairn/query-library";
import { EXACT, systemOfUri } from "../code-systems.js";
import { rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayAt, dayOfText, isDeleted } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import { skipBad, SKIP_BAD_DELETED, type Skip, skipOrphan, readTable, SKIP_UNDATED } from "../table.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";

const COLUMNS = [
  "patient_id",
  "date",
  "system",
  "code",
  "value",
  "unit",
  "comparator",
  "quantity",
  "clinician",
  "row_id",
  "deleted",
] as const;
type Columns = Record<(typeof COLUMNS)[number], number>;

const LONGEST_CODE = 64;
const LONGEST_TEXT = 256;
const BAD_DATE = skipBad(`date ${DAY_WORDS}`);
const BAD_VALUE = skipBad("value is not a number, nor one behind <, <=, >, >= or ~");
const BAD_QUANTITY = skipBad("quantity is not a number");
const BAD_COMPARATOR = skipBad(`comparator is none of ${COMPARATORS.slice(1).join(" ")}`);
const TWO_COMPARATORS = skipBad("value carries another comparator than the column comparator");
const BAD_SYSTEM = skipBad(`system is none of ${CODE_SYSTEMS.join(", ")}`);
const TOO_LONG = skipBad("a field is longer than any code, unit or identifier");
const NAMELESS = skipBad("it is marked deleted and has no row_id to say which row is meant");

export async function readEvents(intake: Intake, file: SourceFile): Promise<void> {
  await readTable(intake, file, "events", COLUMNS, ["patient_id", "date", "code"], (columns) => {
    const events = new EventRows(intake, file.shown, columns);
    return (row) => events.take(row);
  });
}

class EventRows {
  readonly #intake: Intake;
  readonly #columns: Columns;
  readonly #file: string;
  readonly #systems = new Map<string, CodeSystem>(CODE_SYSTEMS.map((name) => [name, name]));
  /** The last patient and their key: extracts come by patient more often than not. */
  #patientId = "\n";
  #patient = 0;

  constructor(intake: Intake, file: string, columns: Columns) {
    this.#intake = intake;
    this.#file = file;
    this.#columns = columns;
    this.#systems.set("", intake.system);
  }

  take(row: CsvRow): Skip {
    const columns = this.#columns;
    const load = this.#intake.load;
    const patient = this.#patientOf(row);
    const id = columns.row_id < 0 ? 0 : rowId(row.trimmed(columns.row_id));
    const deleted = this.#isDeleted(row);
    if (deleted === null) return SKIP_BAD_DELETED;
    if (deleted) return this.#takeTombstone(patient, id);
    if (patient === 0) return skipOrphan(load, id);
    const system = this.#systemOf(row);
    if (system === null) return BAD_SYSTEM;
    let value = numberIn(row, columns.value);
    let comparator = row.trimmed(columns.comparator);
    if (!(COMPARATORS as readonly string[]).includes(comparator)) return BAD_COMPARATOR;
    if (value === null) {
      const limit = limitOf(row.get(columns.value));
      if (limit === null) return BAD_VALUE;
      if (comparator !== "" && comparator !== limit.comparator) return TWO_COMPARATORS;
      ({ value, comparator } = limit);
    }
    const quantity = numberIn(row, columns.quantity);
    if (quantity === null) return BAD_QUANTITY;
    const code = EXACT.has(system) ? row.get(columns.code) : row.trimmed(columns.code);
    const unit = row.trimmed(columns.unit);
    const clinician = row.trimmed(columns.clinician);
    if (code.length > LONGEST_CODE || unit.length > LONGEST_TEXT || clinician.length > LONGEST_TEXT)
      return TOO_LONG;
    const coding = load.codes.coding(code === "" ? "local" : system, code);
    const at = columns.date;
    let written = dayAt(row.text, row.start[at]!, row.end[at]!);
    if (written !== written) written = dayOfText(row.trimmed(at));
    const day = dayFrom(load, patient, written, coding);
    if (day === null) return row.trimmed(at) === "" ? SKIP_UNDATED : BAD_DATE;
    if (day !== written) this.#doubt(HELD_UNDATED, row);
    if (coding.doubt !== null) this.#doubt(coding.doubt, row);
    load.event(
      patient,
      day,
      coding.code,
      coding.origin,
      value,
      load.measures.key(unit, comparator),
      quantity,
      load.clinicians.key(clinician),
      id,
      false,
    );
    return null;
  }

  #doubt(words: string, row: CsvRow): void {
    this.#intake.tally.doubted("events", words, this.#file, row.line);
  }

  /** The system by its name here, or by an address, OID or name that others have for it; null where it is unknown. */
  #systemOf(row: CsvRow): CodeSystem | null {
    const written = row.get(this.#columns.system);
    const known = this.#systems.get(written) ?? this.#systems.get(written.trim().toLowerCase());
    if (known !== undefined) return known;
    const system = systemOfUri(written);
    return system === "local" ? null : system;
  }

  /** Takes a deleted row; systems that delete often give the row's id alone. */
  #takeTombstone(patient: number, id: number): Skip {
    if (id === 0) return NAMELESS;
    if (patient === 0) this.#intake.load.removeRow(id, "deleted");
    else this.#intake.load.event(patient, 0, 0, 0, NaN, 0, NaN, 0, id, true);
    return null;
  }

  #patientOf(row: CsvRow): number {
    const at = this.#columns.patient_id;
    if (row.repeats(at, this.#patientId)) return this.#patient;
    this.#patientId = row.get(at);
    this.#patient = this.#intake.load.people.keyOf(this.#patientId.trim());
    return this.#patient;
  }

  /** Whether the row is marked deleted; null where the word is neither yes nor no. */
  #isDeleted(row: CsvRow): boolean | null {
    if (row.isEmpty(this.#columns.deleted)) return false;
    return isDeleted(row.get(this.#columns.deleted));
  }
}
