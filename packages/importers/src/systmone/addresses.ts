/**
 * Reads SRPatientAddressHistory, where a table of deprivation was given: the fifth of each person's present address. The
 * postcode is looked up and forgotten; what is kept of an address is its fifth.
 */
import { isAwaited, type Load, rowId } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import type { Deprivation } from "../deprivation.js";
import { readTable, skipBad, SKIP_ORPHAN, type Skip } from "../table.js";
import { BEFORE_THEY_LEFT, type MissingPeople, OF_TEST_PATIENT } from "./missing-people.js";
import { DAY_WORDS, dayIn, isTrue, SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";
import type { RowOrder } from "./order.js";
import type { Practice } from "./practice.js";

const NEEDED = ["rowidentifier", "idpatient", "dateevent", "dateto", "fullpostcode"];
const NOT_HERE: Skip = { kind: "left-out", reason: "RemovedData is 1, and the row is not here" };
const OLD: Skip = { kind: "left-out", reason: "DateTo is given: it is an address that the person has left" };
const BAD_DATE = skipBad(`DateEvent ${DAY_WORDS}`);
/** The day of an address that does not say since when: before all others. */
const LONG_AGO = -100_000;

export async function readAddresses(
  intake: Intake,
  files: readonly SourceFile[],
  practice: Practice,
  absent: MissingPeople,
  orders: RowOrder,
  deprivation: Deprivation,
): Promise<void> {
  const { awaited, keptRows, people } = intake.load;
  const touched = new Set<number>();
  const drop = (entry: number, order?: number): boolean => {
    const holder = keptRows.remove("address", entry, order);
    if (holder !== null) touched.add(holder);
    return holder !== null;
  };
  const dropAs = (entry: number, order: number | undefined, left: Skip): Skip => {
    drop(entry, order);
    return left;
  };
  const take = (at: Columns, row: CsvRow): Skip => {
    const id = textIn(row, at.rowidentifier!);
    if (id === "") return skipBad("RowIdentifier is empty");
    const entry = rowId(id);
    const order = orders.next();
    if (order !== undefined && keptRows.isOver("address", entry, order)) return null;
    if (isTrue(row, at.removeddata!)) return drop(entry, order) ? null : NOT_HERE;
    const person = textIn(row, at.idpatient!);
    if (order !== undefined && order < absent.standings.of(person).left)
      return dropAs(entry, order, BEFORE_THEY_LEFT);
    if (person === "" || absent.left.has(person)) return dropAs(entry, order, SKIP_ORPHAN);
    const here = people.keyOf(person);
    const patient = here === 0 ? awaited.key(person) : here;
    if (textIn(row, at.dateto!) !== "") return dropAs(entry, order, OLD);
    const day = dayIn(row, at.dateevent!);
    if (Number.isNaN(day)) return dropAs(entry, order, BAD_DATE);
    drop(entry);
    touched.add(patient);
    const value = deprivation.fifthOf(textIn(row, at.fullpostcode!));
    keptRows.put("address", { row: entry, patient, day: day ?? LONG_AGO, value, order: order ?? 0 });
    if (absent.tests.has(person)) return OF_TEST_PATIENT; // and waits, in case they are not
    return here === 0 ? SKIP_ORPHAN : null;
  };
  for (const file of files)
    await readTable(
      intake,
      file,
      "SRPatientAddressHistory",
      LAYOUTS.SRPatientAddressHistory,
      NEEDED,
      (at: Columns) => (row) => {
        practice.see(row, at.idorganisationvisibleto!, file.shown);
        return take(at, row);
      },
      { format: SYSTMONE, unmissed: LAYOUTS.SRPatientAddressHistory },
    );
  for (const patient of touched) {
    if (isAwaited(patient)) continue;
    deprivation.asked++;
    if (putFifth(intake.load, patient) > 0) deprivation.found++;
  }
}

/** Brings a person's deprivation fifth to what their addresses say. @returns it; 0 where they say none */
export function putFifth({ keptRows, people }: Load, patient: number): number {
  const fifth = keptRows.of(patient, "address").at(-1)?.value ?? 0;
  people.putFifth(patient, fifth);
  return fifth;
}
