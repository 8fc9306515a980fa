/** The coding of a row that has a CTV3 and a SNOMED CT code side by side, either of which may be none. */
import { dayNumber } from "@cairn/query-library";
import type { Coding } from "@cairn/records";
import { isProtected, SKIP_PROTECTED } from "../code-lists.js";
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import type { Skip } from "../table.js";
import { bad } from "./event-table.js";
import { dayIn } from "./fields.js";
import type { Columns } from "./layout.js";

export const LONGEST_CODE = 64;
export const TOO_LONG = bad("its code is longer than any");
/** From here on practices recorded in SNOMED CT; a CTV3 code beside it is a translation then. */
const SNOMED_SINCE = dayNumber("2018-04-01");

/** SNOMED CT counts where it is given; CTV3 stays beside it as what was recorded. @param recorded the day on which that was */
export function codingOf(
  { load }: Intake,
  snomed: string,
  ctv3: string,
  recorded: () => number,
): Coding | NonNullable<Skip> {
  if (isProtected("ctv3", ctv3) || isProtected("snomed", snomed)) return SKIP_PROTECTED;
  if (ctv3.length > LONGEST_CODE || snomed.length > LONGEST_CODE) return TOO_LONG;
  if (snomed === "" || snomed === "0") return load.codes.coding(ctv3 === "" ? "local" : "ctv3", ctv3);
  if (ctv3 === "" || recorded() >= SNOMED_SINCE) return load.codes.coding("snomed", snomed);
  return load.codes.codingBeside("snomed", snomed, "ctv3", ctv3);
}

/** When a row was recorded, as far as it says; else the day that it is about. */
export function recordedOn(row: CsvRow, at: Columns, day: number | null): number {
  const recorded = dayIn(row, at.dateeventrecorded!);
  return recorded === null || Number.isNaN(recorded) ? (day ?? NaN) : recorded;
}
