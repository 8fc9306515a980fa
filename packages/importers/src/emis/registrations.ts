/**
 * Registrations. `Admin_Patient` has the present one of each person alone, and its newest row counts; the earlier ones are
 * changes of status in `Admin_PatientHistory`, where an extract has that table.
 */
import type { Intake } from "../importer.js";
import { dayOfText, DAY_WORDS } from "../fields.js";
import type { SourceFile } from "../source-file.js";
import { ownCopy } from "@cairn/records";
import { skipBad, type Skip } from "../table.js";
import { OF_ANOTHER } from "./organisation.js";
import { type RowColumns, guidIn, NO_ORDER, orderIn, readRows } from "./rows.js";

export interface Registration {
  readonly start: number;
  readonly end: number | null;
}

/** A change of somebody's status by which they are registered for all care, or are so no more. */
export interface Change {
  readonly day: number;
  readonly time: string;
  readonly order: number;
  readonly joins: boolean;
}

/** Texts of the status of a person who is registered for all care, and of one who is so no more. */
const JOINS = new Set(
  ["Registered", "Notification of registration", "Medical record sent by FHSA", "Record Received",
    "Left Practice. Still Registered", "Correctly registered"].map((text) => text.toLowerCase()),
); // prettier-ignore
const LEAVES = new Set(
  ["Death", "Dead (Practice notification)", "Record Requested by FHSA", "Removal to New HA/HB",
    "Removal to New TP/HB/CB", "Internal transfer", "Mental hospital", "Embarkation", "New HA/HB - same GP",
    "New TP/HB/CB - same address", "Adopted child", "Deduction at GP's request", "Registration cancelled",
    "Deduction at patient's request", "Other reason", "Returned undelivered", "Internal transfer - address change",
    "Internal transfer within partnership", "Correspondence states 'gone away'", "Practice advise outside of area",
    "Practice advise patient no longer resident", "Practice advise removal via screening system",
    "Practice advise removal via vaccination data", "Records sent back to FHSA", "Records received by FHSA",
    "Registration expired"].map((text) => text.toLowerCase()),
); // prettier-ignore

const NO_CHANGE: Skip = {
  kind: "left-out",
  reason: "StatusDescription is not one that begins or ends a registration for all care",
};

/** Reads the changes of status that an extract tells of. @returns them by the person */
export async function readHistory(
  intake: Intake,
  file: SourceFile,
  organisation: string,
  of: Map<string, Change[]>,
): Promise<void> {
  await readRows(intake, file, "Admin_PatientHistory", (at: RowColumns) => (row) => {
    if (guidIn(row, at.organisationguid!) !== organisation) return OF_ANOTHER;
    const order = orderIn(row, at.processingid!);
    if (order === null) return NO_ORDER;
    const guid = guidIn(row, at.patientguid!);
    if (guid === "") return skipBad("PatientGuid is empty");
    const day = dayOfText(row.trimmed(at.historydate!));
    if (Number.isNaN(day)) return skipBad(`HistoryDate ${DAY_WORDS}`);
    const status = row.trimmed(at.statusdescription!).toLowerCase();
    const joins = JOINS.has(status);
    if (!joins && !LEAVES.has(status)) return NO_CHANGE;
    const changes = of.get(guid) ?? [];
    if (changes.length === 0) of.set(ownCopy(guid), changes);
    changes.push({ day, time: ownCopy(row.trimmed(at.historytime!)), order, joins });
    return null;
  });
}

/** The registration in the newest row of a person: since when, until when, and whether it is one for all care. */
export interface PersonRegistration extends Registration {
  readonly isRegular: boolean;
}

/** The registrations for all care before the present stay, by the changes of a person's status. */
export function earlier(changes: readonly Change[], present: PersonRegistration | null): Registration[] {
  const inTime = [...changes].sort((a, b) => a.day - b.day || compare(a.time, b.time) || a.order - b.order);
  const until = present?.start ?? Infinity;
  const ended: Registration[] = [];
  let start: number | null = null;
  for (const { day, joins } of inTime) {
    if (joins) start ??= day;
    else if (start !== null) {
      if (start < until) ended.push({ start, end: Math.min(day, until) });
      start = null;
    }
  }
  // Who is here as a temporary patient, say, is registered for all care no more, whatever their status was.
  if (present?.isRegular === false && start !== null && start < until) ended.push({ start, end: until });
  return ended;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
