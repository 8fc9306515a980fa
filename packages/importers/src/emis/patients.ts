/**
 * Reads people. Their rows are applied in the order of ProcessingId, those of earlier loads among them: somebody can leave
 * the scope of the extract and come back to it, and a row can come after a newer one.
 */
import { ownCopy, type PatientFacts } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import { fifthAt } from "../deprivation.js";
import { DAY_WORDS, dayOfText, isDeleted } from "../fields.js";
import type { Intake } from "../importer.js";
import { putPerson } from "../person.js";
import type { SourceFile } from "../source-file.js";
import type { Place } from "../tally.js";
import { LATER, type Skip, skipBad } from "../table.js";
import { OF_ANOTHER, type OrganisationChoice } from "./organisation.js";
import type { Change, PersonRegistration, Registration } from "./registrations.js";
import { type PersonRow, PersonHistory } from "./person-history.js";
import { FileOrder } from "./unplaced.js";
import {
  type RowColumns,
  BAD_DELETED,
  guidIn,
  isGarbled,
  isTombstone,
  NO_ORDER,
  orderIn,
  readRowsAndGarbled,
} from "./rows.js";

const TABLE = "Admin_Patient";
/** The PatientTypeDescription of people who are registered for all care. */
const REGULAR = "regular";
const NOT_HERE: Skip = { kind: "left-out", reason: "it is marked deleted and is not here" };
const DUMMY: Skip = { kind: "left-out", reason: "DummyType is true: a test patient" };
const NOT_REGISTERED = "PatientTypeDescription is not Regular: the person is not registered for all care";
const BAD_DUMMY = skipBad("DummyType is neither true nor false");
const BAD_DATE = skipBad(`DateOfBirth, DateOfDeath, DateOfRegistration or DateofDeactivation ${DAY_WORDS}`);
const BAD_MARK = skipBad("SpineSensitive or IsConfidential is neither true nor false");
const ENDS_EARLY = "DateofDeactivation is before DateOfRegistration";

/** One row of a person. */
interface Row {
  readonly order: number;
  readonly organisation: string;
  readonly deleted: boolean;
  readonly isDummy: boolean;
  readonly isRegular: boolean;
  readonly facts: PatientFacts | null; // null for a tombstone, and where a fault is in it
  readonly fault: Skip;
  readonly start: number | null;
  readonly end: number | null;
  readonly place: Place;
}

/** Rows of people without an order of their own, which come behind all others of their file. */
type UnplacedPeople = (readonly [guid: string, row: Omit<Row, "order">])[];

export class Patients {
  readonly #intake: Intake;
  readonly #rows = new Map<string, Row[]>();
  readonly #known = new Map<string, PersonHistory | null>();

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  async read(file: SourceFile, organisations: OrganisationChoice): Promise<void> {
    const last = new FileOrder(file);
    const unplaced: UnplacedPeople = [];
    await readRowsAndGarbled(
      this.#intake,
      file,
      TABLE,
      (at: RowColumns) => (row, garbled) => this.#take(at, row, garbled, file, organisations, last, unplaced),
    );
    for (const [guid, row] of unplaced) this.#add(guid, { ...row, order: last.order });
  }

  /** Puts everybody into the load. @param organisation whose people are taken */
  apply(organisation: string, history: ReadonlyMap<string, readonly Change[]>): void {
    const taken = new Map<string, readonly Row[]>();
    for (const [guid, all] of this.#rows) {
      const ours = all.filter((each) => {
        if (each.organisation === organisation || isGarbled(each.organisation)) return true;
        if (each.deleted && each.organisation === "") return true;
        this.#skip(each, each.fault ?? OF_ANOTHER);
        return false;
      });
      if (ours.length > 0) taken.set(guid, ours.sort((a, b) => a.order - b.order)); // prettier-ignore
    }
    for (const guid of new Set([...taken.keys(), ...history.keys()]))
      this.#applyTo(guid, taken.get(guid) ?? [], history.get(guid) ?? []);
  }

  /** Whether they are a test patient, and the order of the row by which they left last; -1 where they never did. */
  standingOf(guid: string): { readonly isTest: boolean; readonly left: number } {
    const said = this.#saidOf(guid);
    return { isTest: said !== null && said.isHere && said.isTest, left: said?.left ?? -1 };
  }

  #take(
    at: RowColumns,
    row: CsvRow,
    garbled: Skip,
    file: SourceFile,
    organisations: OrganisationChoice,
    last: FileOrder,
    unplaced: UnplacedPeople,
  ): Skip | typeof LATER {
    const guid = guidIn(row, at.patientguid!);
    if (guid === "") return skipBad("PatientGuid is empty");
    if (isGarbled(guid)) return garbled;
    const order = orderIn(row, at.processingid!);
    const deleted = isTombstone(row, at);
    if (order === null && deleted === true) return NO_ORDER;
    if (order !== null) last.see(order);
    const organisation = ownCopy(guidIn(row, at.organisationguid!));
    const isDummy = isDeleted(row.get(at.dummytype!));
    const [birth, death, start, end] = [at.dateofbirth!, at.dateofdeath!, at.dateofregistration!, at.dateofdeactivation!].map((each) => dayIn(row, each)) as [number | null, number | null, number | null, number | null]; // prettier-ignore
    const marks = [at.spinesensitive!, at.isconfidential!].map((each) => isDeleted(row.get(each)));
    const fault =
      deleted === true ? null
      : order === null ? NO_ORDER
      : deleted === null ? BAD_DELETED
      : garbled !== null ? garbled
      : isDummy === null ? BAD_DUMMY
      : [birth, death, start, end].some((day) => Number.isNaN(day)) ? BAD_DATE
      : marks.includes(null) ? BAD_MARK
      : null; // prettier-ignore
    if (fault === null && garbled === null) organisations.ofPatient(organisation);
    const known = this.#intake.load.people.known(guid);
    const lacksMark = at.spinesensitive! < 0 || at.isconfidential! < 0;
    const facts: PatientFacts = {
      sex: SEXES[row.trimmed(at.sex!).toUpperCase()] ?? "unknown",
      birthDay: birth,
      birthPrecision: birth === null ? null : "day",
      deathDay: death,
      deprivationFifth:
        deleted || fault !== null ? 0 : fifthAt(this.#intake, row.trimmed(at.postcode!), guid),
      ethnicGroup: known.ethnicGroup,
      number: at.patientnumber! < 0 ? known.number : ownCopy(row.trimmed(at.patientnumber!)) || null,
      confidential: marks.includes(true) || (lacksMark && known.confidential),
    };
    const said = {
      organisation,
      deleted: deleted === true,
      isDummy: isDummy === true,
      isRegular: row.trimmed(at.patienttypedescription!).toLowerCase() === REGULAR,
      facts: deleted || fault !== null ? null : facts,
      fault,
      start,
      end,
      place: { file: file.shown, line: row.line },
    };
    if (order === null) unplaced.push([ownCopy(guid), said]);
    else this.#add(guid, { order, ...said });
    return LATER;
  }

  #add(guid: string, row: Row): void {
    const rows = this.#rows.get(guid) ?? [];
    if (rows.length === 0) this.#rows.set(ownCopy(guid), rows);
    rows.push(row);
  }

  #applyTo(guid: string, rows: readonly Row[], changes: readonly Change[]): void {
    const { load } = this.#intake;
    const wasHere = load.people.keyOf(guid) !== 0;
    const said = this.#saidOf(guid) ?? (wasHere ? this.#saidBefore(guid) : new PersonHistory());
    let newest: Row | null = null;
    let startsAnew = false;
    for (const row of rows) {
      const effect = said.take(personRow(row));
      if (effect === "over") {
        startsAnew = load.leave(guid, row.order) || startsAnew;
        newest = null;
      } else if (effect === "part") load.dropBefore(guid, row.order);
      else if (effect === "newest") newest = row;
      this.#count(row, rows, wasHere);
    }
    for (const change of changes) said.changed(change);
    load.keptPeople.put(guid, said.toText());
    this.#known.set(guid, said);
    if (newest !== null) this.#put(guid, newest, startsAnew);
    const patient = load.people.keyOf(guid);
    if (patient !== 0) this.#register(patient, said.registrations());
  }

  /** Puts the person into the load, as their newest row says: nobody, where it is of a test patient or has a fault. */
  #put(guid: string, { facts, isDummy, place }: Row, startsAnew: boolean): void {
    if (isDummy || facts === null) return this.#intake.load.people.setAside(guid);
    const { deprivation, load } = this.#intake;
    // Their entries tell the one; the other is what is known where no table was given.
    const { ethnicGroup } = startsAnew ? load.people.known(guid) : facts;
    const deprivationFifth = deprivation === null ? load.people.fifthOf(guid) : facts.deprivationFifth;
    putPerson(this.#intake, TABLE, guid, { ...facts, ethnicGroup, deprivationFifth }, place);
  }

  #register(patient: number, registrations: readonly Registration[]): void {
    const { registrations: held } = this.#intake.load;
    const starts = new Set(registrations.map(({ start }) => start));
    for (const { start_day: start } of held.of(patient)) if (!starts.has(start)) held.remove(patient, start);
    for (const { start, end } of registrations) held.put(patient, start, end);
  }

  /** What is known of a person whom loads brought that kept no orders. */
  #saidBefore(guid: string): PersonHistory {
    const { people, registrations } = this.#intake.load;
    const held = registrations.of(people.keyOf(guid));
    return PersonHistory.ofRegistrations(
      held.map(({ start_day, end_day }) => ({ start: start_day, end: end_day })),
    );
  }

  /** What is known of a person by earlier loads and this one; null where nothing is. */
  #saidOf(guid: string): PersonHistory | null {
    let said = this.#known.get(guid);
    if (said === undefined) {
      const text = this.#intake.load.keptPeople.get(guid);
      this.#known.set(ownCopy(guid), (said = text === undefined ? null : PersonHistory.from(text)));
    }
    return said;
  }

  /** Counts a row as taken or left out, and so the registration that it says. */
  #count(row: Row, rows: readonly Row[], wasHere: boolean): void {
    const { tally } = this.#intake;
    const isUnheard =
      row.deleted && row === rows[0] && !wasHere && !rows.slice(1).some(({ deleted }) => deleted);
    if (isUnheard) this.#skip(row, NOT_HERE);
    else if (row.fault !== null) this.#skip(row, row.fault);
    else if (row.isDummy) this.#skip(row, DUMMY);
    else tally.taken(TABLE);
    const why = stayOf(row);
    if (why === null) return;
    if (why !== ENDS_EARLY && why.isRegular) return tally.taken("registration");
    const words = why === ENDS_EARLY ? ENDS_EARLY : NOT_REGISTERED;
    tally.skipped("registration", "left-out", words, row.place.file, row.place.line);
  }

  #skip({ place }: Row, skip: Skip): void {
    if (skip !== null) this.#intake.tally.skipped(TABLE, skip.kind, skip.reason, place.file, place.line);
  }
}

/** What the row says of a registration: null where nothing, or why it is none. */
function stayOf({
  deleted,
  isDummy,
  fault,
  isRegular,
  start,
  end,
}: Row): PersonRegistration | null | typeof ENDS_EARLY {
  if (deleted || isDummy || fault !== null || start === null) return null;
  if (!isRegular) return { isRegular, start, end: null };
  return end !== null && end < start ? ENDS_EARLY : { isRegular, start, end };
}

function personRow(row: Row): PersonRow {
  const stay = stayOf(row);
  const says = { isTest: row.isDummy, stay: stay === ENDS_EARLY ? null : stay };
  return { order: row.order, says: row.deleted ? null : says };
}

const SEXES: Readonly<Record<string, PatientFacts["sex"]>> = { F: "female", M: "male", I: "other" };

/** The day of a field; null where it is empty or what systems write for none (1753, 9999), NaN where it is no date. */
function dayIn(row: CsvRow, column: number): number | null {
  const text = row.trimmed(column);
  return text === "" || text === "1753-01-01" || text.startsWith("9999-") ? null : dayOfText(text);
}
