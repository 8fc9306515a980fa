import type { Query } from "@cairn/query-library";
import type { PlainPatient } from "@cairn/tables";
import type { Day } from "./days.js";

/** Who is asked what, and when. */
export interface Asked {
  readonly patient: PlainPatient;
  readonly query: Query;
  readonly date: Day;
}
