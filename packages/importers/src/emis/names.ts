/**
 * The names of the files of an extract: `<processing ids>_<Schema>_<Table>_<yyyyMMddHHmmss>_<agreement>.csv`. They say
 * which table it is and when it was taken from the system.
 */
import type { SourceFile } from "../source-file.js";

/** The tables that are read. */
export const TABLES = [
  "Admin_Organisation",
  "Admin_Patient",
  "Admin_PatientHistory",
  "Agreements_SharingOrganisation",
  "CareRecord_Consultation",
  "CareRecord_Observation",
  "Coding_ClinicalCode",
  "Coding_DrugCode",
  "Prescribing_IssueRecord",
] as const;
export type Table = (typeof TABLES)[number];

/** Tables of the extract that say nothing that a query asks, or say it again. */
const UNREAD = [
  "Admin_Location",
  "Admin_OrganisationLocation",
  "Admin_UserInRole",
  "Appointment_Session",
  "Appointment_SessionUser",
  "Appointment_Slot",
  "Audit_PatientAudit",
  "Audit_RegistrationAudit",
  "CareRecord_Diary",
  "CareRecord_ObservationReferral",
  "CareRecord_Problem",
  "Prescribing_DrugRecord",
] as const;

const NAME =
  /^(.*_)?(admin|agreements|appointment|audit|carerecord|coding|prescribing)_([a-z]+)_(\d{14})_[^_]*\.csv$/;
const byName: ReadonlyMap<string, Table | null> = new Map([
  ...TABLES.map((table) => [table.toLowerCase(), table] as const),
  ...UNREAD.map((table) => [table.toLowerCase(), null] as const),
]);

interface Name {
  /** Null for a table of the extract that is not read. */
  readonly table: Table | null;
  /** The moment at which it was taken from the system, `YYYY-MM-DDTHH:mm:ss`. */
  readonly taken: string;
  /** Whether its name says that it is of a bulk extract. Names of deltas say nothing. */
  readonly isBulk: boolean;
}

/** Reads a file's name. Null where it is no file of an extract. */
export function nameOf({ name }: Pick<SourceFile, "name">): Name | null {
  const parts = NAME.exec(name);
  if (parts === null) return null;
  const table =
    byName.get(`${parts[2]}_${parts[3]}`) ?? byName.get(`${parts[2]}_${parts[3]!.replace(/s$/, "")}`);
  if (table === undefined) return null;
  const taken = parts[4]!.replace(/(....)(..)(..)(..)(..)(..)/, "$1-$2-$3T$4:$5:$6");
  if (!/^(19|20|21)/.test(taken) || Number.isNaN(Date.parse(`${taken}Z`))) return null;
  return { table, taken, isBulk: /(^|_)bulk(_|$)/.test(parts[1] ?? "") };
}
