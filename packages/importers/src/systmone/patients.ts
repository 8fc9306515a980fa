/** Reads SRPatient: who there is. */
import { isAwaited, ownCopy } from "@cairn/records";
import type { Sex } from "@cairn/query-library";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { putPerson } from "../person.js";
import { readTable, skipBad, type Skip } from "../table.js";
import { putFifth } from "./addresses.js";
import type { MissingPeople } from "./missing-people.js";
import { DAY_WORDS, dayIn, isTrue, SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";
import type { RowOrder } from "./order.js";
import type { Practice } from "./practice.js";
import { putRegistrations } from "./registrations.js";

const NEEDED = [
  "rowidentifier",
  "idorganisationvisibleto",
  "datebirth",
  "datedeath",
  "gender",
  "testpatient",
];
const SEX_OF: Readonly<Record<string, Sex>> = { F: "female", M: "male", I: "other" };
const TEST: Skip = { kind: "left-out", reason: "TestPatient is true: it is nobody" };
const BAD_BIRTH = skipBad(`DateBirth ${DAY_WORDS}`);
const BAD_DEATH = skipBad(`DateDeath ${DAY_WORDS}`);
const NOT_HERE: Skip = { kind: "left-out", reason: "RemovedData is 1, and the person is not here" };

/** Reads the people of one practice. @param absent is brought up to date by what the extract says */
export async function readPatients(
  intake: Intake,
  files: readonly SourceFile[],
  practice: Practice,
  absent: MissingPeople,
  orders: RowOrder,
): Promise<void> {
  const came = new Set<string>();
  absent.left.clear();
  for (const file of files) {
    const begin = (at: Columns) => (row: CsvRow) => {
      practice.see(row, at.idorganisationvisibleto!, file.shown);
      return takePatient(intake, file, at, row, absent, came, orders.next());
    };
    await readTable(intake, file, "SRPatient", LAYOUTS.SRPatient, NEEDED, begin, {
      format: SYSTMONE,
      unmissed: LAYOUTS.SRPatient,
    });
  }
  for (const id of came) joinKept(intake, id);
}

function takePatient(
  intake: Intake,
  file: SourceFile,
  at: Columns,
  row: CsvRow,
  absent: MissingPeople,
  came: Set<string>,
  order: number | undefined,
): Skip {
  const { load } = intake;
  const id = textIn(row, at.rowidentifier!);
  if (id === "") return skipBad("RowIdentifier is empty");
  const { newest, left } = absent.standings.of(id);
  if (order !== undefined && order < left) return null;
  if (isTrue(row, at.removeddata!)) {
    if (order !== undefined) absent.standings.put(id, { newest: newest > order ? newest : 0, left: order });
    absent.left.add(ownCopy(id));
    if (order !== undefined && newest > order) return leftBefore(intake, id, order);
    absent.tests.delete(id);
    return leave(intake, id, order) ? null : NOT_HERE;
  }
  if (order !== undefined && order < newest) return null;
  const [birthDay, deathDay] = [dayIn(row, at.datebirth!), dayIn(row, at.datedeath!)];
  const nobody =
    isTrue(row, at.testpatient!) ? TEST
    : Number.isNaN(birthDay) ? BAD_BIRTH
    : Number.isNaN(deathDay) ? BAD_DEATH
    : null; // prettier-ignore
  if (nobody === TEST) absent.tests.add(ownCopy(id));
  else absent.tests.delete(id);
  absent.left.delete(id);
  if (order !== undefined) absent.standings.put(id, { newest: order, left });
  if (nobody !== null) {
    setAside(intake, id); // they may have been somebody
    return nobody;
  }
  if (load.people.keyOf(id) === 0) came.add(ownCopy(id));
  const known = load.people.known(id);
  const facts = {
    sex: SEX_OF[textIn(row, at.gender!).toUpperCase()] ?? "unknown",
    birthDay,
    birthPrecision: birthDay === null ? null : ("day" as const),
    deathDay,
    // Of their address, which is read below where there is a table.
    deprivationFifth: intake.deprivation === null ? load.people.fifthOf(id) : known.deprivationFifth,
    ethnicGroup: known.ethnicGroup, // of their coded entries
  };
  putPerson(intake, "SRPatient", id, facts, { file: file.shown, line: row.line });
  return null;
}

/** Ends what is known of a person; what newer extracts told of them waits. @returns whether they were here */
function leave({ load }: Intake, id: string, order?: number): boolean {
  const key = load.people.keyOf(id);
  if (order !== undefined && key !== 0) load.keptRows.move(key, load.awaited.key(id), order);
  return load.leave(id, order);
}

/** Ends what was told of somebody before they left; they came back since, by a newer row that an earlier load brought. */
function leftBefore({ load }: Intake, id: string, order: number): null {
  const key = load.people.keyOf(id) || load.awaited.find(id);
  if (key === 0) return null;
  const before = new Set(load.keptRows.of(key, "registration").map(({ day }) => day));
  const hadAddress = load.keptRows.of(key, "address").length > 0;
  load.dropBefore(id, order);
  load.keptRows.removeAll(key, order);
  if (!isAwaited(key)) putRegistrations(load, key, before);
  if (!isAwaited(key) && hadAddress) putFifth(load, key);
  return null;
}

/** Sets a person aside whose newest row says that they are a test patient, or is bad: their registrations and addresses wait with their entries. */
function setAside({ load }: Intake, id: string): void {
  const key = load.people.keyOf(id);
  if (key === 0) return;
  load.keptRows.move(key, load.awaited.key(id));
  load.people.setAside(id);
}

/** Gives somebody who came the registrations and addresses that were told before. */
function joinKept({ load }: Intake, id: string): void {
  const [key, awaited] = [load.people.keyOf(id), load.awaited.find(id)];
  if (key === 0 || awaited === 0) return;
  load.keptRows.move(awaited, key);
  putRegistrations(load, key, new Set(load.registrations.of(key).map(({ start_day }) => start_day)));
  if (load.keptRows.of(key, "address").length > 0) putFifth(load, key);
}
