/** Reads consultations, observations and issues: by far the longest tables, so they make as few texts as they can. */
import { NO_DAY, ownCopy, rowIdOfGuid } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, dayAt, dayOfParts, dayOfText, isDeleted } from "../fields.js";
import { SKIP_PROTECTED } from "../code-lists.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import type { SourceFile } from "../source-file.js";
import { type LATER, type Skip, skipBad, SKIP_ORPHAN, SKIP_UNDATED } from "../table.js";
import { dayFrom, heldDespite, HELD_UNDATED } from "../undated.js";
import type { Codes, Kind } from "./codes.js";
import { OF_ANOTHER } from "./organisation.js";
import type { Patients } from "./patients.js";
import { type RowColumns, BAD_DELETED, bareGuid, NO_ORDER, orderIn, readRows } from "./rows.js";
import { UnplacedRows } from "./unplaced.js";

interface EventTable {
  readonly table: "CareRecord_Consultation" | "CareRecord_Observation" | "Prescribing_IssueRecord";
  readonly id: string;
  readonly code: string;
  readonly codes: Kind;
}

export const EVENT_TABLES: readonly EventTable[] = [
  { table: "CareRecord_Consultation", id: "consultationguid", code: "consultationsourcecodeid", codes: "clinical" },
  { table: "CareRecord_Observation", id: "observationguid", code: "codeid", codes: "clinical" },
  { table: "Prescribing_IssueRecord", id: "issuerecordguid", code: "codeid", codes: "drug" },
]; // prettier-ignore

/** Kinds of observations that do not say that the person has or had something done; to opt out somebody need not. */
const OF_OTHERS: ReadonlySet<string> = new Set(["family history", "test request"]);
const NOTHING_DONE: ReadonlySet<string> = new Set(["annotation", "annotated image", "document"]);
type ObservationKind = "their own" | "of others" | "nothing done";
const KIND_LEFT_OUT: NonNullable<Skip> = {
  kind: "left-out",
  reason: "ObservationType is family history, a test request, an annotation or a document",
};
const CONFIDENTIAL: Skip = { kind: "left-out", reason: "IsConfidential is true" };
/** Rows that count nowhere, and wait: they stay events. */
const KEPT_OF_A_TEST_PATIENT: Skip = { kind: "left-out", reason: "it is of a test patient" };
const KEPT_FOR_SOMEBODY: Skip = { ...SKIP_ORPHAN! };
const KEPT_FOR_ITS_CODE: Skip = {
  kind: "left-out",
  reason: "it is confidential or has no date, and its code is named in no extract yet",
};
const KEPT: ReadonlySet<Skip> = new Set([KEPT_OF_A_TEST_PATIENT, KEPT_FOR_SOMEBODY, KEPT_FOR_ITS_CODE]);
const BEFORE_THEY_LEFT: Skip = {
  kind: "left-out",
  reason: "its person left the scope of the extract after it, and it was not told again",
};
const NAMELESS = skipBad("its GUID is empty");
const BAD_PRECISION = skipBad("EffectiveDatePrecision is none of U, Y, YM, YMD, YMDT");
const BAD_CONFIDENTIAL = skipBad("IsConfidential is neither true nor false");
const BAD_DATE = skipBad(`EffectiveDate ${DAY_WORDS}`);
const BAD_VALUE = skipBad("Value is not a number");
const BAD_QUANTITY = skipBad("Quantity is not a number");
const LONGEST_TEXT = 256;

export async function readEvents(
  intake: Intake,
  file: SourceFile,
  of: EventTable,
  context: EventContext,
): Promise<void> {
  const unplaced = new UnplacedRows(file);
  let events: EventRows | null = null;
  await readRows(intake, file, of.table, (at: RowColumns) => {
    const rows = (events = new EventRows(intake, file.shown, of, at, context, unplaced));
    return (row) => rows.take(row);
  });
  unplaced.settle(intake, of.table, file.shown, (row, id, order) => events!.takeWithout(row, id, order));
}

interface EventContext {
  readonly codes: Codes;
  readonly patients: Patients;
  readonly organisation: string;
}

/** A text that repeats from row to row, with what was made of it. */
class Repeated<T> {
  #text = "\n";
  #made: T;
  readonly #make: (text: string) => T;

  constructor(none: T, make: (text: string) => T) {
    this.#made = none;
    this.#make = make;
  }

  of(row: CsvRow, column: number): T {
    if (column < 0) return this.#make("");
    if (row.repeats(column, this.#text)) return this.#made;
    this.#text = row.get(column);
    return (this.#made = this.#make(this.#text.trim()));
  }
}

class EventRows {
  readonly #intake: Intake;
  readonly #file: string;
  readonly #of: EventTable;
  readonly #at: RowColumns;
  readonly #context: EventContext;
  readonly #isOurs: Repeated<boolean>;
  readonly #guid = new Repeated("", bareGuid);
  #patientGuid = "\n";
  #patient = 0;
  #standing = { isTest: false, left: -1 };
  readonly #unplaced: UnplacedRows;

  constructor(
    intake: Intake,
    file: string,
    of: EventTable,
    at: RowColumns,
    context: EventContext,
    unplaced: UnplacedRows,
  ) {
    this.#unplaced = unplaced;
    this.#intake = intake;
    this.#file = file;
    this.#of = of;
    this.#at = at;
    this.#context = context;
    this.#isOurs = new Repeated(false, (text) => bareGuid(text) === context.organisation);
  }

  take(row: CsvRow): Skip | typeof LATER {
    const [at, load] = [this.#at, this.#intake.load];
    const deleted = this.#isTombstone.of(row, at.deleted!);
    const isBare = deleted === true && row.isEmpty(at.organisationguid!); // a tombstone may say no more than which row it is of
    if (!isBare && !this.#isOurs.of(row, at.organisationguid!))
      return deleted === null ? BAD_DELETED : OF_ANOTHER;
    const id = guidRowIn(row, at[this.#of.id]!, EVENT_TABLES.indexOf(this.#of));
    if (id === 0) return NAMELESS;
    const order = orderIn(row, at);
    if (order === null) return deleted === true ? NO_ORDER : this.#unplaced.put(row, id, this.#isOptOut(row));
    this.#unplaced.see(order);
    if (deleted === true) {
      load.removeRow(id, "deleted", order);
      return null;
    }
    if (deleted === null && !this.#isOptOut(row)) {
      load.noEvent(0, id, order);
      return BAD_DELETED;
    }
    return this.#takeOrDrop(row, id, order, deleted === null ? BAD_DELETED : null);
  }

  /** Takes a row that has no order of its own as if it had this one. */
  takeWithout(row: CsvRow, id: number, order: number): Skip {
    return this.#takeOrDrop(row, id, order, NO_ORDER);
  }

  #takeOrDrop(row: CsvRow, id: number, order: number, faultOfRow: Skip): Skip {
    const left = this.#takeEvent(row, id, order, faultOfRow);
    if (left !== null && !KEPT.has(left)) this.#intake.load.noEvent(this.#patient, id, order); // also a bad one: what it corrected was wrong
    return left;
  }

  #takeEvent(row: CsvRow, id: number, order: number, faultOfRow: Skip): Skip {
    const { codes, patients } = this.#context;
    const [at, load] = [this.#at, this.#intake.load];
    const patientGuid = this.#guid.of(row, at.patientguid!);
    if (patientGuid !== this.#patientGuid) {
      this.#patientGuid = patientGuid;
      this.#patient = load.people.keyOf(patientGuid);
      this.#standing = patients.standingOf(patientGuid);
    }
    if (patientGuid === "") return SKIP_ORPHAN;
    if (order < this.#standing.left) return BEFORE_THEY_LEFT;
    const kind = this.#kindOf(row);
    if (kind === "of others") return KIND_LEFT_OUT;
    const reading = this.#readingIn(row);
    const quantity = at.quantity === undefined ? NaN : numberIn(row, at.quantity);
    const confidential = this.#isConfidential.of(row, at.isconfidential!);
    const written = this.#dayIn(row);
    const fault =
      faultOfRow !== null ? faultOfRow
      : kind === "nothing done" ? KIND_LEFT_OUT
      : reading === null ? BAD_VALUE
      : quantity === null ? BAD_QUANTITY
      : confidential === null ? BAD_CONFIDENTIAL
      : written === undefined ? BAD_PRECISION
      : null; // prettier-ignore
    if (fault !== null && !this.#isOptOut(row)) return fault;
    const codeId = row.trimmed(at[this.#of.code]!);
    const { coding, source, isUnknown: unknown } = codes.of(this.#of.codes, codeId);
    if (coding === null) return SKIP_PROTECTED;
    if (confidential && !coding.holdsUndated && !unknown) return CONFIDENTIAL; // but who opted out has, however it was entered
    const dated = dayFrom(load, this.#patient, written ?? null, coding);
    const waits = this.#patient === 0 || (unknown && (confidential || dated === null));
    if (dated === null && !unknown) return written === null ? SKIP_UNDATED : BAD_DATE;
    const isUndated = written === null || written === undefined || Number.isNaN(written);
    const day = waits && isUndated ? NO_DAY : dated!;
    if (isUndated || confidential || fault !== null) load.optOutRows.put(id, order, isUndated);
    if (fault !== null) this.#doubt(heldDespite(fault.reason), row);
    if (!waits && day !== written) this.#doubt(HELD_UNDATED, row);
    if (coding.doubt !== null) this.#doubt(coding.doubt, row);
    const { value, comparator } = reading ?? NO_READING;
    const measure = Number.isNaN(value) ? 0 : load.measures.key(row.trimmed(at.numericunit ?? -1).slice(0, LONGEST_TEXT), comparator); // prettier-ignore
    const clinician = this.#clinicianIn(row);
    const { code, origin } = unknown && confidential ? codes.confidential(this.#of.codes, codeId) : coding;
    const patient = waits ? load.awaited.key(patientGuid) : this.#patient;
    load.event(patient, day, code, origin, value, measure, quantity ?? NaN, clinician, id, false, order, source); // prettier-ignore
    if (this.#standing.isTest) return KEPT_OF_A_TEST_PATIENT;
    if (this.#patient === 0) return KEPT_FOR_SOMEBODY;
    return waits ? KEPT_FOR_ITS_CODE : null;
  }

  readonly #isConfidential = new Repeated<boolean | null>(false, isDeleted);
  readonly #isTombstone = new Repeated<boolean | null>(false, isDeleted);

  #clinicianIn(row: CsvRow): number {
    const text = row.get(this.#at.clinicianuserinroleguid!);
    const known = this.#clinicians.get(text);
    if (known !== undefined) return known;
    const key = this.#intake.load.clinicians.key(bareGuid(text.trim()));
    this.#clinicians.set(ownCopy(text), key);
    return key;
  }
  readonly #clinicians = new Map<string, number>();

  #kindOf(row: CsvRow): ObservationKind {
    const column = this.#at.observationtype;
    return column === undefined ? "their own" : this.#kind.of(row, column);
  }
  readonly #kind = new Repeated<ObservationKind>("their own", (text) => {
    const kind = text.toLowerCase();
    return OF_OTHERS.has(kind) ? "of others" : NOTHING_DONE.has(kind) ? "nothing done" : "their own";
  });

  #isOptOut(row: CsvRow): boolean {
    return this.#context.codes.holdsUndated(this.#of.codes, row.trimmed(this.#at[this.#of.code]!));
  }

  /** The number of an observation, behind a comparator or not; null where it is none. */
  #readingIn(row: CsvRow): { value: number; comparator: string } | null {
    const column = this.#at.value;
    if (column === undefined) return NO_READING;
    const value = numberIn(row, column);
    if (value !== null) return Number.isNaN(value) ? NO_READING : { value, comparator: "" };
    return limitOf(row.get(column));
  }

  /**
   * The day of the row, as far as it is known: a month counts as its first day, a year as its 1 July. Null where it
   * has none, NaN where it is no date, undefined where its precision is not known.
   */
  #dayIn(row: CsvRow): number | null | undefined {
    const at = this.#at.effectivedate!;
    const precision = this.#precision.of(row, this.#at.effectivedateprecision!);
    if (precision === "U" || row.isEmpty(at)) return null;
    if (!PRECISIONS.has(precision)) return undefined;
    const day = dayAt(row.text, row.start[at]!, row.end[at]!);
    const text = precision.length > 2 && day === day ? "" : row.trimmed(at);
    const whole = text === "" ? day : dayOfText(text);
    if (precision.length > 2 || Number.isNaN(whole)) return text === "" && day !== day ? null : whole;
    const [year, month] = [Number(text.slice(0, 4)), Number(text.slice(5, 7))];
    return precision === "Y" ? dayOfParts(year, 7, 1) : dayOfParts(year, month, 1);
  }
  readonly #precision = new Repeated("", (text) => text.toUpperCase() || "YMD");

  #doubt(words: string, row: CsvRow): void {
    this.#intake.tally.doubted(this.#of.table, words, this.#file, row.line);
  }
}

/** The id of the row of a GUID, without braces and spaces around it; 0 where the field is empty. */
function guidRowIn(row: CsvRow, column: number, kind: number): number {
  let [start, end] = [row.start[column]!, row.end[column]!];
  const { text } = row;
  while (start < end && AROUND.has(text.charCodeAt(start))) start++;
  while (start < end && AROUND.has(text.charCodeAt(end - 1))) end--;
  return rowIdOfGuid(kind, text, start, end);
}
const AROUND: ReadonlySet<number> = new Set([..." \t{}"].map((c) => c.charCodeAt(0)));

const PRECISIONS: ReadonlySet<string> = new Set(["Y", "YM", "YMD", "YMDT"]);
const NO_READING = { value: NaN, comparator: "" };
