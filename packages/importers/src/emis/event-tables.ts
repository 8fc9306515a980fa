/** The tables of an EMIS Web extract that hold events, and what their columns say apart from codes and dates. */
import { rowIdOfGuid } from "@cairn/records";
import type { CsvRow } from "../csv.js";
import type { Kind } from "./codes.js";
import type { RowColumns } from "./rows.js";

export interface EventTable {
  readonly table: "CareRecord_Consultation" | "CareRecord_Observation" | "Prescribing_IssueRecord";
  readonly id: string;
  readonly code: string;
  readonly codes: Kind;
}

export const EVENT_TABLES: readonly EventTable[] = [
  { table: "CareRecord_Consultation", id: "consultationguid", code: "consultationsourcecodeid", codes: "clinical" },
  { table: "CareRecord_Observation", id: "observationguid", code: "codeid", codes: "clinical" },
  { table: "Prescribing_IssueRecord", id: "issuerecordguid", code: "codeid", codes: "drug" },
]; // prettier-ignore

/** Where a file has the columns of its table; -1 where it has none of that name. */
export function placesIn(columns: RowColumns, of: EventTable) {
  const place = (name: string): number => columns[name] ?? -1;
  return {
    id: place(of.id),
    order: place("processingid"),
    deleted: place("deleted"),
    organisation: place("organisationguid"),
    patient: place("patientguid"),
    kind: place("observationtype"),
    date: place("effectivedate"),
    precision: place("effectivedateprecision"),
    confidential: place("isconfidential"),
    code: place(of.code),
    value: place("value"),
    unit: place("numericunit"),
    quantity: place("quantity"),
    clinician: place("clinicianuserinroleguid"),
  };
}

/** Kinds of observations that do not say that the person has or had something done; to opt out somebody need not. */
const OF_OTHERS: ReadonlySet<string> = new Set(["family history", "test request"]);
const NOTHING_DONE: ReadonlySet<string> = new Set(["annotation", "annotated image", "document"]);
export type EntryKind = "their own" | "of others" | "nothing done";

export function observationKind(text: string): EntryKind {
  const kind = text.toLowerCase();
  return OF_OTHERS.has(kind) ? "of others" : NOTHING_DONE.has(kind) ? "nothing done" : "their own";
}

/** The id of the row of a GUID, without braces and spaces around it; 0 where the field is empty. */
export function guidRowIn({ bytes, start, end }: CsvRow, column: number, kind: number): number {
  let [from, to] = [start[column]!, end[column]!];
  while (from < to && isAround(bytes[from]!)) from++;
  while (from < to && isAround(bytes[to - 1]!)) to--;
  return rowIdOfGuid(kind, bytes, from, to);
}

/** Whether it is a space, a tab or a brace. */
function isAround(byte: number): boolean {
  return byte === 0x7b || byte === 0x7d || byte === 0x20 || byte === 0x09;
}
