/** Reads what was recorded of people, table by table. */
import { NO_DAY, rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { readTable, skipBad, type Skip, SKIP_ORPHAN, skipOrphan, SKIP_UNDATED } from "../table.js";
import { dayFrom, HELD_UNDATED } from "../undated.js";
import { BEFORE_THEY_LEFT, type MissingPeople, OF_TEST_PATIENT } from "./missing-people.js";
import { CODE } from "./codes.js";
import { EVENT, UNEXPLAINED } from "./contacts.js";
import type { EventTable } from "./event-table.js";
import { DAY_WORDS, isTrue, SYSTMONE, textIn } from "./fields.js";
import { IMMUNISATION } from "./immunisations.js";
import { LAYOUTS, type Columns } from "./layout.js";
import { MEDICATION } from "./medications.js";
import type { RowOrder } from "./order.js";
import type { Practice } from "./practice.js";

export const EVENT_TABLES = [EVENT, CODE, MEDICATION, IMMUNISATION] as const;

/** @param isLater whether other extracts of the load came before */
export async function readEvents(
  intake: Intake,
  table: EventTable,
  files: readonly SourceFile[],
  practice: Practice,
  absent: MissingPeople,
  orders: RowOrder,
  isLater: boolean,
): Promise<void> {
  for (const file of files) {
    const rows = new EventRows(intake, table, file.shown, absent, orders, isLater);
    await readTable(
      intake,
      file,
      table.name,
      LAYOUTS[table.name],
      table.needed,
      (at: Columns) => (row) => {
        practice.see(row, at.idorganisationvisibleto!, file.shown);
        return rows.take(at, row);
      },
      { format: SYSTMONE, unmissed: table.unmissed ?? LAYOUTS[table.name] },
    );
  }
}

const BAD_DATE = skipBad(`its date ${DAY_WORDS}`);
const NAMELESS = skipBad("RowIdentifier is empty");

class EventRows {
  readonly #intake: Intake;
  readonly #table: EventTable;
  readonly #file: string;
  readonly #absent: MissingPeople;
  readonly #orders: RowOrder;
  readonly #read: ReturnType<EventTable["begin"]>;
  /** Whether rows may be those of an earlier extract, so that one that counts no more has to go. */
  readonly #later: boolean;
  /** The last person and their key: extracts come by person more often than not. */
  #person = "\n";
  #id = "";
  #patient = 0;
  #isTest = false;
  #isNobody = false;
  #left = 0;
  #order: number | undefined;
  #line = 0;

  constructor(
    intake: Intake,
    table: EventTable,
    file: string,
    absent: MissingPeople,
    orders: RowOrder,
    isLater: boolean,
  ) {
    this.#orders = orders;
    this.#intake = intake;
    this.#table = table;
    this.#file = file;
    this.#absent = absent;
    this.#read = table.begin(intake);
    this.#later = isLater || intake.load.people.held > 0;
  }

  take(at: Columns, row: CsvRow): Skip {
    const { load } = this.#intake;
    const entry = this.#entryOf(row, at.rowidentifier!);
    if (entry === 0) return NAMELESS;
    const order = (this.#order = this.#orders.next());
    if (isTrue(row, at.removeddata!)) {
      load.removeRow(entry, "deleted", order);
      return null;
    }
    this.#line = row.line;
    this.#find(row, at.idpatient!);
    if (this.#isNobody) return skipOrphan(load, entry, order);
    if (order !== undefined && order < this.#left) return this.#without(entry, BEFORE_THEY_LEFT);
    const recorded = this.#read(row, at, this.#doubt);
    if ("kind" in recorded) return this.#without(entry, recorded);
    const { coding, value, measure, quantity, waits = false, source = 0 } = recorded;
    const isHere = this.#patient !== 0;
    const dated = dayFrom(load, this.#patient, recorded.day, coding);
    if (dated === null) return this.#without(entry, recorded.day === null ? SKIP_UNDATED : BAD_DATE);
    const isUndated = dated !== recorded.day;
    if (isHere && isUndated) this.#doubt(HELD_UNDATED);
    if (isUndated && order !== undefined) load.optOutRows.put(entry, order, true);
    const day = isHere || !isUndated ? dated : NO_DAY; // their birth is not known yet
    if (coding.doubt !== null) this.#doubt(coding.doubt);
    const clinician = load.clinicians.key(textIn(row, at.iddoneby!));
    const patient = isHere && !waits ? this.#patient : load.awaited.key(this.#id);
    load.event(
      patient,
      day,
      coding.code,
      coding.origin,
      value,
      measure,
      quantity,
      clinician,
      entry,
      false,
      order,
      source,
    );
    // What is not taken now waits.
    if (this.#isTest) return OF_TEST_PATIENT;
    if (!isHere) return SKIP_ORPHAN;
    return waits ? UNEXPLAINED : null;
  }

  /** The row's id as the store has it; 0 where it has none. */
  #entryOf(row: CsvRow, column: number): number {
    const { prefix } = this.#table;
    const [start, end] = [row.start[column]!, row.end[column]!];
    if (prefix === "" && end - start <= 15) {
      const id = wholeAt(row.text, start, end);
      if (id > 0) return id; // as `rowId` has it
    }
    const id = textIn(row, column);
    return id === "" ? 0 : rowId(prefix + id);
  }

  /** Skips a row that is no event, and removes the event that it was before: a bad one, too, for what it corrects was wrong. */
  #without(entry: number, left: Skip): Skip {
    const { load } = this.#intake;
    if (this.#order !== undefined) load.noEvent(this.#patient, entry, this.#order);
    else if (this.#later) load.removeRow(entry, "no event");
    return left;
  }

  readonly #doubt = (words: string): void =>
    this.#intake.tally.doubted(this.#table.name, words, this.#file, this.#line);

  #find(row: CsvRow, column: number): void {
    if (row.repeats(column, this.#person)) return;
    this.#person = row.get(column);
    this.#id = textIn(row, column);
    this.#patient = this.#intake.load.people.keyOf(this.#id);
    this.#isTest = this.#absent.tests.has(this.#id);
    this.#left = this.#absent.standings.of(this.#id).left;
    this.#isNobody = this.#id === "" || this.#absent.left.has(this.#id);
  }
}

/** A whole number without leading zeros; 0 where the text is none. */
function wholeAt(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) === 48) return 0;
  let n = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return 0;
    n = n * 10 + digit;
  }
  return n;
}
