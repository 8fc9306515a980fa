/**
 * Reads people. Their rows are applied in the order of ProcessingId: somebody can leave the scope of the extract and
 * come back to it in one load of several nights.
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
import { type History, type Registration, withLater } from "./registrations.js";
import { type RowColumns, BAD_DELETED, guidIn, isTombstone, NO_ORDER, orderIn, readRows } from "./rows.js";

const TABLE = "Admin_Patient";
/** The PatientTypeDescription of people who are registered for all care. */
const REGULAR = "regular";
const NOT_HERE: Skip = { kind: "left-out", reason: "it is marked deleted and is not here" };
const DUMMY: Skip = { kind: "left-out", reason: "DummyType is true: a test patient" };
const NOT_REGISTERED = "PatientTypeDescription is not Regular: the person is not registered for all care";
const ENDS_EARLY = "DateofDeactivation is before DateOfRegistration";

/** What one row says of a person. */
interface Said {
  readonly order: number;
  readonly organisation: string;
  readonly deleted: boolean;
  readonly isDummy: boolean;
  readonly isRegular: boolean;
  readonly facts: PatientFacts | null; // null for a tombstone
  readonly start: number | null;
  readonly end: number | null;
  readonly place: Place;
}

export class Patients {
  readonly #intake: Intake;
  readonly #said = new Map<string, Said[]>();
  /** The newest tombstone of each person who left the scope of the extract: what was said of them before is over. */
  readonly #left = new Map<string, number>();
  readonly #dummies = new Set<string>();

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  async read(file: SourceFile, organisations: OrganisationChoice): Promise<void> {
    await readRows(
      this.#intake,
      file,
      TABLE,
      (at: RowColumns) => (row) => this.#take(at, row, file, organisations),
    );
  }

  /** Puts everybody into the load. @param organisation whose people are taken */
  apply(organisation: string, history: History): void {
    for (const [guid, all] of this.#said) {
      const said = all.filter((each) => {
        if (each.organisation === organisation || (each.deleted && each.organisation === "")) return true;
        this.#skip(each, OF_ANOTHER);
        return false;
      });
      if (said.length > 0) this.#applyTo(guid, said.sort((a, b) => a.order - b.order), history); // prettier-ignore
    }
  }

  isDummy(guid: string): boolean {
    return this.#dummies.has(guid);
  }

  /** Whether a row is of the time before its person left, and came back. */
  isOver(guid: string, order: number): boolean {
    return this.#left.size > 0 && order < (this.#left.get(guid) ?? 0);
  }

  #take(
    at: RowColumns,
    row: CsvRow,
    file: SourceFile,
    organisations: OrganisationChoice,
  ): Skip | typeof LATER {
    const guid = guidIn(row, at.patientguid!);
    if (guid === "") return skipBad("PatientGuid is empty");
    const order = orderIn(row, at);
    if (order === null) return NO_ORDER;
    const deleted = isTombstone(row, at);
    if (deleted === null) return BAD_DELETED;
    const organisation = ownCopy(guidIn(row, at.organisationguid!));
    const isDummy = isDeleted(row.get(at.dummytype!));
    if (isDummy === null) return skipBad("DummyType is neither true nor false");
    const [birth, death, start, end] = [at.dateofbirth!, at.dateofdeath!, at.dateofregistration!, at.dateofdeactivation!].map((each) => dayIn(row, each)) as [number | null, number | null, number | null, number | null]; // prettier-ignore
    if (!deleted && [birth, death, start, end].some((day) => Number.isNaN(day)))
      return skipBad(`DateOfBirth, DateOfDeath, DateOfRegistration or DateofDeactivation ${DAY_WORDS}`);
    const marks = [at.spinesensitive!, at.isconfidential!].map((each) => isDeleted(row.get(each)));
    if (marks.includes(null)) return skipBad("SpineSensitive or IsConfidential is neither true nor false");
    const lacksMark = at.spinesensitive! < 0 || at.isconfidential! < 0;
    organisations.ofPatient(organisation);
    const known = this.#intake.load.people.known(guid);
    const facts: PatientFacts = {
      sex: SEXES[row.trimmed(at.sex!).toUpperCase()] ?? "unknown",
      birthDay: birth,
      birthPrecision: birth === null ? null : "day",
      deathDay: death,
      deprivationFifth: deleted
        ? 0
        : fifthAt(this.#intake, row.trimmed(at.postcode!), known.deprivationFifth),
      ethnicGroup: known.ethnicGroup,
      number: at.patientnumber! < 0 ? known.number : ownCopy(row.trimmed(at.patientnumber!)) || null,
      confidential: marks.includes(true) || (lacksMark && known.confidential),
    };
    const said = this.#said.get(guid) ?? [];
    if (said.length === 0) this.#said.set(ownCopy(guid), said);
    said.push({
      order,
      organisation,
      deleted,
      isDummy,
      isRegular: row.trimmed(at.patienttypedescription!).toLowerCase() === REGULAR,
      facts: deleted ? null : facts,
      start,
      end,
      place: { file: file.shown, line: row.line },
    });
    return LATER;
  }

  #applyTo(guid: string, said: readonly Said[], history: History): void {
    const { load, tally } = this.#intake;
    const wasHere = load.people.keyOf(guid) !== 0;
    const left = said.findLast(({ deleted }) => deleted);
    if (left !== undefined) this.#left.set(guid, left.order);
    for (const each of said) {
      const unheard = each === said[0] && each === left && !wasHere;
      if (unheard) this.#skip(each, NOT_HERE);
      else if (each.isDummy) this.#skip(each, DUMMY);
      else tally.taken(TABLE);
    }
    const last = said.at(-1)!;
    if (last.isDummy) this.#dummies.add(guid);
    if (last.facts === null || last.isDummy) return void load.people.remove(guid);
    if (left !== undefined) load.people.startAnew(guid);
    putPerson(this.#intake, TABLE, guid, last.facts, last.place);
    this.#register(guid, said.slice(left === undefined ? 0 : said.indexOf(left) + 1), history);
  }

  #register(guid: string, said: readonly Said[], history: History): void {
    const { load, tally } = this.#intake;
    let registrations: Registration[] = [];
    let endedOn: number | null = null;
    for (const { isRegular, isDummy, start, end, place } of said) {
      if (isDummy || start === null) continue;
      const skip = (why: string): void =>
        tally.skipped("registration", "left-out", why, place.file, place.line);
      if (!isRegular) {
        skip(NOT_REGISTERED);
        registrations = registrations.map((each) => ({
          ...each,
          end: each.end ?? Math.max(start, each.start),
        }));
        endedOn = start;
      } else if (end !== null && end < start) skip(ENDS_EARLY);
      else {
        registrations = withLater(registrations, { start, end });
        tally.taken("registration");
      }
    }
    const present = registrations.at(-1);
    const earlier = present === undefined ? [] : history.before(guid, present.start);
    for (const each of earlier)
      if (!registrations.some(({ start }) => start === each.start)) registrations.unshift(each);
    const patient = load.people.keyOf(guid);
    if (endedOn !== null) load.registrations.endOpen(patient, endedOn);
    for (const { start, end } of registrations) load.registrations.put(patient, start, end);
  }

  #skip({ place }: Said, skip: Skip): void {
    if (skip !== null) this.#intake.tally.skipped(TABLE, skip.kind, skip.reason, place.file, place.line);
  }
}

const SEXES: Readonly<Record<string, PatientFacts["sex"]>> = { F: "female", M: "male", I: "other" };

/** The day of a field; null where it is empty or what systems write for none (1753, 9999), NaN where it is no date. */
function dayIn(row: CsvRow, column: number): number | null {
  const text = row.trimmed(column);
  return text === "" || text === "1753-01-01" || text.startsWith("9999-") ? null : dayOfText(text);
}
