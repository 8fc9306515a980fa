import type { Query } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";
import type { Day } from "./days.js";

/** One query, patient and reference date: the context of every function of the slow engine. */
export interface PatientContext {
  readonly patient: PlainPatient;
  readonly query: Query;
  readonly date: Day;
}
