/** Reads consultations, observations and issues: by far the longest tables, so they make as few texts as they can. */
import { type Coding, NO_DAY } from "@cairn/records";
import { SKIP_PROTECTED } from "../code-lists.js";
import type { CsvRow } from "../csv.js";
import { DAY_WORDS, isDeleted } from "../fields.js";
import type { Intake } from "../importer.js";
import { limitOf, numberIn } from "../number-column.js";
import { KnownField } from "../known-field.js";
import type { SourceFile } from "../source-file.js";
import { type LATER, type Skip, skipBad, SKIP_ORPHAN, SKIP_UNDATED } from "../table.js";
import { dayFrom, heldDespite, HELD_UNDATED } from "../undated.js";
import type { Codes } from "./codes.js";
import {
  EVENT_TABLES,
  type EventTable,
  guidRowIn,
  observationKind,
  type EntryKind,
  placesIn,
} from "./event-tables.js";
import { EventDates } from "./event-dates.js";
import { OF_ANOTHER } from "./organisation.js";
import type { Patients } from "./patients.js";
import {
  type RowColumns,
  BAD_DELETED,
  bareGuid,
  isGarbled,
  NO_ORDER,
  orderIn,
  readRowsAndGarbled,
} from "./rows.js";
import { UnplacedRows } from "./unplaced.js";

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
  reason: "it is confidential, has no date or is bad, and its code is named in no extract yet",
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
  await readRowsAndGarbled(intake, file, of.table, (at: RowColumns) => {
    const rows = (events = new EventRows(intake, file.shown, of, at, context, unplaced));
    return (row, garbled) => rows.take(row, garbled);
  });
  unplaced.settle(intake, of.table, file.shown, (row, id, order) => events!.takeWithout(row, id, order));
}

interface EventContext {
  readonly codes: Codes;
  readonly patients: Patients;
  readonly organisation: string;
}

/** The person that a row names. */
interface Person {
  readonly guid: string;
  /** 0 where they are not here. */
  readonly key: number;
  readonly isTest: boolean;
  /** The order up to which what was told of them is over. */
  readonly left: number;
}

/** What a row says, beside whose it is and its code. */
interface Content {
  /** As `EventDates` has it. */
  readonly day: number | null | undefined;
  readonly value: number;
  readonly comparator: string;
  readonly quantity: number;
  readonly isConfidential: boolean;
  /** What is wrong with it, though it is an opt-out and holds all the same, or may prove to be one; else null. */
  readonly fault: Skip;
}

class EventRows {
  readonly #intake: Intake;
  readonly #file: string;
  readonly #of: EventTable;
  readonly #kindOfRow: number;
  readonly #codes: Codes;
  readonly #at: ReturnType<typeof placesIn>;
  readonly #isTombstone: KnownField<boolean | null>;
  readonly #isOurs: KnownField<boolean>;
  readonly #personOf: KnownField<Person>;
  readonly #kindOf: KnownField<EntryKind>;
  readonly #dates: EventDates;
  readonly #isConfidential: KnownField<boolean | null>;
  readonly #codeOf: KnownField<ReturnType<Codes["of"]>>;
  readonly #unitOf: KnownField<string>;
  readonly #clinicianOf: KnownField<number>;
  readonly #unplaced: UnplacedRows;
  #person: Person = NOBODY;

  constructor(
    intake: Intake,
    file: string,
    of: EventTable,
    columns: RowColumns,
    context: EventContext,
    unplaced: UnplacedRows,
  ) {
    const { codes, organisation, patients } = context;
    const { clinicians, people } = intake.load;
    this.#intake = intake;
    this.#file = file;
    this.#of = of;
    this.#kindOfRow = EVENT_TABLES.indexOf(of);
    this.#codes = codes;
    this.#unplaced = unplaced;
    const at = (this.#at = placesIn(columns, of));
    this.#isTombstone = new KnownField(at.deleted, isDeleted);
    this.#isOurs = new KnownField(
      at.organisation,
      (text) => bareGuid(text) === organisation || isGarbled(text),
    );
    this.#personOf = new KnownField(at.patient, (text) => {
      const guid = isGarbled(text) ? "" : bareGuid(text);
      return { guid, key: people.keyOf(guid), ...patients.standingOf(guid) };
    });
    this.#kindOf = new KnownField(at.kind, observationKind);
    this.#dates = new EventDates(at.date, at.precision);
    this.#isConfidential = new KnownField(at.confidential, isDeleted);
    this.#codeOf = new KnownField(at.code, (id) => codes.of(of.codes, id));
    this.#unitOf = new KnownField(at.unit, (text) => text.slice(0, LONGEST_TEXT));
    this.#clinicianOf = new KnownField(at.clinician, (text) => clinicians.key(bareGuid(text)));
  }

  /** @param garbled what is wrong with a row that is not UTF-8; else null */
  take(row: CsvRow, garbled: Skip): Skip | typeof LATER {
    const { load } = this.#intake;
    const deleted = this.#isTombstone.of(row);
    const isBare = deleted === true && row.isEmpty(this.#at.organisation); // a tombstone may say no more than which row it is of
    if (!isBare && !this.#isOurs.of(row)) return deleted === null ? BAD_DELETED : OF_ANOTHER;
    const id = guidRowIn(row, this.#at.id, this.#kindOfRow);
    if (id === 0) return NAMELESS;
    const order = orderIn(row, this.#at.order);
    if (order === null)
      return deleted === true ? NO_ORDER : this.#unplaced.put(row, id, this.#mayBeOptOut(row));
    this.#unplaced.see(order);
    if (deleted === true) {
      load.removeRow(id, "deleted", order);
      return null;
    }
    const fault = deleted === null ? BAD_DELETED : garbled;
    if (fault !== null && !this.#mayBeOptOut(row)) {
      load.noEvent(0, id, order);
      return fault;
    }
    return this.#takeOrDrop(row, id, order, fault);
  }

  /** Takes a row that has no order of its own as if it had this one. */
  takeWithout(row: CsvRow, id: number, order: number): Skip {
    return this.#takeOrDrop(row, id, order, NO_ORDER);
  }

  #takeOrDrop(row: CsvRow, id: number, order: number, faultOfRow: Skip): Skip {
    const left = this.#takeEvent(row, id, order, faultOfRow);
    if (left !== null && !KEPT.has(left)) this.#intake.load.noEvent(this.#person.key, id, order); // also a bad one: what it corrected was wrong
    return left;
  }

  #takeEvent(row: CsvRow, id: number, order: number, faultOfRow: Skip): Skip {
    const person = (this.#person = this.#personOf.of(row));
    if (person.guid === "") return SKIP_ORPHAN;
    if (order < person.left) return BEFORE_THEY_LEFT;
    const kind = this.#kindOf.of(row);
    if (kind === "of others") return KIND_LEFT_OUT;
    const reading = this.#readingIn(row);
    const quantity = numberIn(row, this.#at.quantity);
    const confidential = this.#isConfidential.of(row);
    const day = this.#dates.in(row);
    const fault =
      faultOfRow !== null ? faultOfRow
      : kind === "nothing done" ? KIND_LEFT_OUT
      : reading === null ? BAD_VALUE
      : quantity === null ? BAD_QUANTITY
      : confidential === null ? BAD_CONFIDENTIAL
      : day === undefined ? BAD_PRECISION
      : null; // prettier-ignore
    if (fault !== null && !this.#mayBeOptOut(row)) return fault;
    const { value, comparator } = reading ?? NO_READING;
    const isConfidential = confidential === true;
    return this.#put(row, id, order, { day, value, comparator, quantity: quantity ?? NaN, isConfidential, fault }); // prettier-ignore
  }

  /** Gives the load an event of the row; one that its person or its code is not known of yet waits. */
  #put(row: CsvRow, id: number, order: number, content: Content): Skip {
    const { load } = this.#intake;
    const { day: written, value, quantity, isConfidential, fault } = content;
    const person = this.#person;
    const { coding, source, isUnknown } = this.#codeOf.of(row);
    if (coding === null) return SKIP_PROTECTED;
    if (isConfidential && !coding.holdsUndated && !isUnknown) return CONFIDENTIAL; // but who opted out has, however it was entered
    const dated = dayFrom(load, person.key, written ?? null, coding);
    if (dated === null && !isUnknown) return written === null ? SKIP_UNDATED : BAD_DATE;
    const countsOnlyIfOptOut = isConfidential || fault !== null;
    const waits = person.key === 0 || (isUnknown && (countsOnlyIfOptOut || dated === null));
    const isUndated = written === null || written === undefined || Number.isNaN(written);
    const day = waits && isUndated ? NO_DAY : dated!;
    if (isUndated || isConfidential || fault !== null) load.optOutRows.put(id, order, isUndated);
    if (fault !== null && !isUnknown) this.#doubt(heldDespite(fault.reason), row);
    if (!waits && day !== written) this.#doubt(HELD_UNDATED, row);
    if (coding.doubt !== null) this.#doubt(coding.doubt, row);
    const measure = Number.isNaN(value) ? 0 : load.measures.key(this.#unitOf.of(row), content.comparator);
    const clinician = this.#clinicianOf.of(row);
    const { code, origin } = isUnknown && countsOnlyIfOptOut ? this.#codingIfOptOut(row) : coding;
    const patient = waits ? load.awaited.key(person.guid) : person.key;
    load.event(patient, day, code, origin, value, measure, quantity, clinician, id, false, order, source);
    if (person.isTest) return KEPT_OF_A_TEST_PATIENT;
    if (person.key === 0) return KEPT_FOR_SOMEBODY;
    return waits ? KEPT_FOR_ITS_CODE : null;
  }

  #mayBeOptOut(row: CsvRow): boolean {
    return this.#codes.mayBeOptOut(this.#of.codes, row.trimmed(this.#at.code));
  }

  #codingIfOptOut(row: CsvRow): Coding {
    return this.#codes.onlyIfOptOut(this.#of.codes, row.trimmed(this.#at.code));
  }

  /** The number of an observation, behind a comparator or not; null where it is none. */
  #readingIn(row: CsvRow): { value: number; comparator: string } | null {
    const value = numberIn(row, this.#at.value);
    if (value !== null) return Number.isNaN(value) ? NO_READING : { value, comparator: "" };
    return limitOf(row.get(this.#at.value));
  }

  #doubt(words: string, row: CsvRow): void {
    this.#intake.tally.doubted(this.#of.table, words, this.#file, row.line);
  }
}

const NOBODY: Person = { guid: "", key: 0, isTest: false, left: -1 };
const NO_READING = { value: NaN, comparator: "" };
