/** Reads SRPatientRegistration: when people were registered here. Others' registrations of them are in the file too. */
import { isAwaited, type Load, rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { readTable, skipBad, SKIP_ORPHAN, type Skip } from "../table.js";
import { BEFORE_THEY_LEFT, type MissingPeople, OF_TEST_PATIENT } from "./missing-people.js";
import { DAY_WORDS, dayIn, isTrue, SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";
import type { RowOrder } from "./order.js";
import type { Practice } from "./practice.js";

const NEEDED = [
  "rowidentifier",
  "idorganisationvisibleto",
  "dateregistration",
  "datederegistration",
  "registrationstatus",
  "idpatient",
  "idorganisation",
];
const REGISTERED: ReadonlySet<string> = new Set(["gms", "standard"]);
const leftOut = (reason: string): Skip => ({ kind: "left-out", reason });
const ELSEWHERE = leftOut(
  "IDOrganisation is another than IDOrganisationVisibleTo: it is a registration elsewhere",
);
const NOT_REGISTERED = leftOut(
  "RegistrationStatus is neither GMS nor Standard: it is no registration for all care",
);
const BAD_START = skipBad(`DateRegistration ${DAY_WORDS}`);
const BAD_END = skipBad(`DateDeRegistration ${DAY_WORDS}`);
const BACKWARDS = leftOut("DateDeRegistration is before DateRegistration");
const NOT_HERE = leftOut("RemovedData is 1, and the row is not here");
const UNDATED = leftOut("it has no DateRegistration");

export async function readRegistrations(
  intake: Intake,
  files: readonly SourceFile[],
  practice: Practice,
  absent: MissingPeople,
  orders: RowOrder,
): Promise<void> {
  const registrations = new Registrations(intake, absent, orders);
  for (const file of files)
    await readTable(
      intake,
      file,
      "SRPatientRegistration",
      LAYOUTS.SRPatientRegistration,
      NEEDED,
      (at: Columns) => (row) => {
        practice.see(row, at.idorganisationvisibleto!, file.shown);
        return registrations.take(at, row);
      },
      { format: SYSTMONE, unmissed: LAYOUTS.SRPatientRegistration },
    );
  registrations.settle();
}

class Registrations {
  readonly #intake: Intake;
  readonly #absent: MissingPeople;
  readonly #orders: RowOrder;
  /** The order of the present row. */
  #order: number | undefined;
  /** Days on which registrations began before this load, of each person of whom it corrects any. */
  readonly #before = new Map<number, ReadonlySet<number>>();

  constructor(intake: Intake, absent: MissingPeople, orders: RowOrder) {
    this.#orders = orders;
    this.#intake = intake;
    this.#absent = absent;
  }

  take(at: Columns, row: CsvRow): Skip {
    const { load } = this.#intake;
    const id = textIn(row, at.rowidentifier!);
    if (id === "") return skipBad("RowIdentifier is empty");
    const entry = rowId(id);
    const order = (this.#order = this.#orders.next());
    if (order !== undefined && load.keptRows.isOver("registration", entry, order)) return null;
    if (isTrue(row, at.removeddata!)) return this.#drop(entry) ? null : NOT_HERE;
    const person = textIn(row, at.idpatient!);
    if (order !== undefined && order < this.#absent.standings.of(person).left)
      return this.#dropAs(entry, BEFORE_THEY_LEFT);
    if (person === "" || this.#absent.left.has(person)) return this.#dropAs(entry, SKIP_ORPHAN);
    const here = load.people.keyOf(person);
    const patient = here === 0 ? load.awaited.key(person) : here;
    const [organisation, visibleTo] = [at.idorganisation!, at.idorganisationvisibleto!].map((column) =>
      textIn(row, column),
    );
    if (organisation !== "" && organisation !== visibleTo) return this.#dropAs(entry, ELSEWHERE);
    const statuses = textIn(row, at.registrationstatus!).toLowerCase().split(",");
    if (!statuses.some((status) => REGISTERED.has(status.trim()))) return this.#dropAs(entry, NOT_REGISTERED);
    const [start, end] = [dayIn(row, at.dateregistration!), dayIn(row, at.datederegistration!)];
    if (Number.isNaN(start)) return this.#dropAs(entry, BAD_START);
    if (Number.isNaN(end)) return this.#dropAs(entry, BAD_END);
    if (start === null) return this.#dropAs(entry, UNDATED);
    if (end !== null && end < start) return this.#dropAs(entry, BACKWARDS);
    this.#remember(patient);
    const before = load.keptRows.find("registration", entry);
    if (before !== undefined && before.patient !== 0) this.#remember(before.patient);
    load.keptRows.put("registration", { row: entry, patient, day: start, value: end, order: order ?? 0 });
    if (this.#absent.tests.has(person)) return OF_TEST_PATIENT; // and waits, in case they are not
    return here === 0 ? SKIP_ORPHAN : null;
  }

  /** Brings the registrations of each person whose rows changed to what their rows say. */
  settle(): void {
    for (const [patient, before] of this.#before)
      if (!isAwaited(patient)) putRegistrations(this.#intake.load, patient, before);
  }

  #dropAs(entry: number, left: Skip): Skip {
    this.#drop(entry);
    return left;
  }

  /** Removes a row of an earlier extract, or of this one. @returns whether there was one */
  #drop(entry: number): boolean {
    const { keptRows } = this.#intake.load;
    const before = keptRows.find("registration", entry);
    const wasHere = before !== undefined && before.patient !== 0;
    if (wasHere) this.#remember(before.patient);
    keptRows.remove("registration", entry, this.#order);
    return wasHere;
  }

  #remember(patient: number): void {
    if (this.#before.has(patient)) return;
    const kept = this.#intake.load.keptRows.of(patient, "registration");
    this.#before.set(patient, new Set(kept.map(({ day }) => day)));
  }
}

/** Brings a person's registrations to what their rows say. @param before the days on which those began that they had */
export function putRegistrations(
  { keptRows, registrations }: Load,
  patient: number,
  before: ReadonlySet<number>,
): void {
  const ends = new Map<number, number | null>();
  for (const { day, value } of keptRows.of(patient, "registration"))
    ends.set(day, ends.has(day) ? latest(ends.get(day)!, value) : value);
  for (const start of before) if (!ends.has(start)) registrations.remove(patient, start);
  for (const [start, end] of ends) registrations.put(patient, start, end);
}

/** The later of two ends; null, which is none, is the latest. */
function latest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? null : Math.max(one, other);
}
