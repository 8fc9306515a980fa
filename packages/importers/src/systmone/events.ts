/** Reads what was recorded of people: SRCode, SRPrimaryCareMedication, SRImmunisation and SREvent. */
import { COMPARATORS } from "@cairn/tables";
import { type CodeSystem, dayNumber } from "@cairn/query-library";
import { type Coding, NO_DAY, rowId } from "@cairn/records";
import { isProtected, SKIP_PROTECTED } from "../code-lists.js";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { comparatorOf, limitOf, numberIn } from "../number-column.js";
import { readTable, skipBad, type Skip, SKIP_ORPHAN, skipOrphan, SKIP_UNDATED } from "../table.js";
import { dayFrom, heldDespite, HELD_UNDATED } from "../undated.js";
import { BEFORE_THEY_LEFT, type MissingPeople, OF_TEST_PATIENT } from "./missing-people.js";
import { WayReader } from "./contacts.js";
import { DAY_WORDS, dayIn, isTrue, quantityIn, SYSTMONE, textIn, unitIn } from "./fields.js";
import { LAYOUTS, type Columns, type KnownTable } from "./layout.js";
import type { RowOrder } from "./order.js";
import type { Practice } from "./practice.js";

/** One row's meaning, beside its person. */
interface Recorded {
  readonly day: number | null; // null none, NaN no date
  readonly coding: Coding;
  readonly value: number;
  readonly measure: number; // from `load.measures`
  readonly quantity: number;
  /** Whether it is no event before a later extract explains its code. */
  readonly waits?: boolean;
  /** What else its code rests on, from `load.sourceCodes`; 0 where all is known. */
  readonly source?: number;
}

/** A table of events: its columns, and what a row of it says. */
interface EventTable {
  readonly name: KnownTable;
  readonly needed: readonly string[];
  /** Tells rows of this table from those of others, whose RowIdentifier may be the same. */
  readonly prefix: string;
  readonly unmissed?: readonly string[];
  /** Begins one load. The reader gives a row's meaning, or why it is skipped. */
  begin(
    intake: Intake,
  ): (row: CsvRow, at: Columns, doubt: (words: string) => void) => Recorded | NonNullable<Skip>;
}

const ALWAYS = ["rowidentifier", "idpatient", "dateevent", "iddoneby"];
const leftOut = (reason: string): NonNullable<Skip> => ({ kind: "left-out", reason });
const bad = (reason: string): NonNullable<Skip> => ({ kind: "bad", reason });

const LONGEST_CODE = 64;
const TOO_LONG = bad("its code is longer than any");
const BAD_VALUE = bad("NumericValue is not a number, nor one behind <, <=, >, >= or ~");
const BAD_COMPARATOR = bad(`NumericComparator is none of ${COMPARATORS.slice(1).join(" ")}`);
/** From here on practices recorded in SNOMED CT; a CTV3 code beside it is a translation then. */
const SNOMED_SINCE = dayNumber("2018-04-01");

/** The coding of a row with a CTV3 and a SNOMED CT code, either of which may be none. */
function codingOf(
  { load }: Intake,
  snomed: string,
  ctv3: string,
  recorded: () => number,
): Coding | NonNullable<Skip> {
  if (isProtected("ctv3", ctv3) || isProtected("snomed", snomed)) return SKIP_PROTECTED;
  if (ctv3.length > LONGEST_CODE || snomed.length > LONGEST_CODE) return TOO_LONG;
  if (snomed === "" || snomed === "0") return load.codes.coding(ctv3 === "" ? "local" : "ctv3", ctv3);
  if (ctv3 === "" || recorded() >= SNOMED_SINCE) return load.codes.coding("snomed", snomed);
  return load.codes.codingBeside("snomed", snomed, "ctv3", ctv3);
}

/** When a row was recorded, as far as it says; else the day that it is about. */
function recordedOn(row: CsvRow, at: Columns, day: number | null): number {
  const recorded = dayIn(row, at.dateeventrecorded!);
  return recorded === null || Number.isNaN(recorded) ? (day ?? NaN) : recorded;
}

const CODE: EventTable = {
  name: "SRCode",
  needed: [...ALWAYS, "ctv3code", "numericcomparator", "numericvalue", "numericunit"],
  prefix: "",
  unmissed: LAYOUTS.SRCode.filter((name) => name !== "snomedcode"),
  begin: (intake) => (row, at, doubt) => {
    const day = dayIn(row, at.dateevent!);
    const coding = codingOf(intake, textIn(row, at.snomedcode!), textIn(row, at.ctv3code!), () =>
      recordedOn(row, at, day),
    );
    if ("kind" in coding) return coding;
    const reading = readingIn(intake, row, at);
    if (!("kind" in reading)) return { day, coding, ...reading, quantity: NaN };
    if (!coding.holdsUndated) return reading;
    doubt(heldDespite(reading.reason));
    return { day, coding, ...NO_READING, quantity: NaN };
  },
};

const NO_READING = { value: NaN, measure: 0 };

function readingIn(
  { load }: Intake,
  row: CsvRow,
  at: Columns,
): Pick<Recorded, "value" | "measure"> | NonNullable<Skip> {
  if (row.isEmpty(at.numericvalue!)) return NO_READING;
  const number = numberIn(row, at.numericvalue!);
  const sign = textIn(row, at.numericcomparator!);
  const limit = number === null ? limitOf(row.get(at.numericvalue!)) : { value: number, comparator: "" };
  if (limit === null) return BAD_VALUE;
  const comparator = sign === "" || sign === "=" ? limit.comparator : comparatorOf(sign);
  if (!(COMPARATORS as readonly string[]).includes(comparator)) return BAD_COMPARATOR;
  const { value } = limit;
  if (Number.isNaN(value)) return NO_READING;
  return { value, measure: load.measures.key(unitIn(row, at.numericunit!), comparator) };
}

const NOT_ISSUED: readonly (readonly [column: string, left: NonNullable<Skip>])[] = [
  ["isothermedication", leftOut("IsOtherMedication is true: it was not issued by the practice")],
  ["isdentalmedication", leftOut("IsDentalMedication is true: it was not issued by the practice")],
  ["ishospitalmedication", leftOut("IsHospitalMedication is true: it was not issued by the practice")],
];
const NO_QUANTITY = "MedicationQuantity does not begin with a number; taken without one";

const MEDICATION: EventTable = {
  name: "SRPrimaryCareMedication",
  needed: [
    ...ALWAYS,
    "idmultilexdmd",
    "datemedicationstart",
    "medicationquantity",
    ...NOT_ISSUED.map(([name]) => name),
  ],
  prefix: "m",
  begin: (intake) => (row, at, doubt) => {
    for (const [column, left] of NOT_ISSUED) if (isTrue(row, at[column]!)) return left;
    // An acute item can be issued for a day to come.
    const day = dayIn(row, at.datemedicationstart!) ?? dayIn(row, at.dateevent!);
    const [dmd, product] = [textIn(row, at.idmultilexdmd!), textIn(row, at.idmultilexproduct!)];
    const [system, code]: [CodeSystem, string] =
      dmd === "" ? ["local", product && `multilex-${product}`] : ["dmd", dmd];
    if (code.length > LONGEST_CODE) return TOO_LONG;
    const quantity = quantityIn(row, at.medicationquantity!);
    if (Number.isNaN(quantity) && textIn(row, at.medicationquantity!) !== "") doubt(NO_QUANTITY);
    return { day, coding: intake.load.codes.coding(system, code), value: NaN, measure: 0, quantity };
  },
};

const IMMUNISATION: EventTable = {
  name: "SRImmunisation",
  needed: [...ALWAYS, "immsreadcode"],
  prefix: "i",
  unmissed: LAYOUTS.SRImmunisation.filter((name) => name !== "immssnomedcode"),
  begin: (intake) => (row, at) => {
    const day = dayIn(row, at.dateevent!);
    const codes = [textIn(row, at.immssnomedcode!), textIn(row, at.immsreadcode!)] as const;
    const coding = codingOf(intake, ...codes, () => recordedOn(row, at, day));
    return "kind" in coding ? coding : { day, coding, value: NaN, measure: 0, quantity: NaN };
  },
};

const NO_CONTACT = leftOut("its ContactMethod is no contact with the person");
const UNEXPLAINED = leftOut(
  "its ContactMethod, or its place where it has none, is a number that no SRConfiguredListOption explains",
);
const INCOMPLETE = leftOut("EventIncomplete is true");
const NOT_CLINICAL = leftOut("ClinicalEvent is false: it is administration");

const EVENT: EventTable = {
  name: "SREvent",
  needed: [...ALWAYS, "contactmethod", "contacteventlocation", "eventincomplete", "clinicalevent"],
  prefix: "e",
  begin(intake) {
    const contacts = new WayReader(intake);
    return (row, at) => {
      if (isTrue(row, at.eventincomplete!)) return INCOMPLETE;
      if (textIn(row, at.clinicalevent!) !== "" && !isTrue(row, at.clinicalevent!)) return NOT_CLINICAL;
      const [method, location] = [textIn(row, at.contactmethod!), textIn(row, at.contacteventlocation!)];
      const code = contacts.codeOf(method, location);
      if (code === "") return NO_CONTACT;
      const coding =
        code === null ? contacts.awaited(method, location) : intake.load.codes.coding("snomed", code);
      const [waits, source] = [code === null, contacts.sourceOf(location)];
      return { day: dayIn(row, at.dateevent!), coding, value: NaN, measure: 0, quantity: NaN, waits, source };
    };
  },
};

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
