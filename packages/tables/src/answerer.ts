import type { OptOutCodes, Query } from "@cairn/query-library";
import type { ExactTable } from "./exact-table.js";
import type { RecordSource } from "./source.js";

/**
 * Whether an answer counts people with a type 1 opt-out in their record. There is no default: every caller has to say.
 *
 * - `left-out`: who opted out in the records, or is left out by the source (on the practice's own list, or marked as
 *   confidential), is in no count. What leaves a practice is so, where nobody chose otherwise.
 * - `counted-by-choice`: practice, charters and query let those be counted who opted out in the records. Whom the source
 *   leaves out is left out here too.
 * - `counted`: everybody, on the practice's own screen and in worked examples. Nothing of it may leave.
 */
export type OptOutChoice =
  | { readonly optOuts: "left-out"; readonly codes: OptOutCodes }
  | { readonly optOuts: "counted-by-choice" }
  | { readonly optOuts: "counted" };

/** Counts everybody: for the practice's own screen and for worked examples. Nothing of it may leave. */
export const OPT_OUTS_COUNTED: OptOutChoice = { optOuts: "counted" };

/** Counts who opted out in the records, and nobody whom the source leaves out: where all whom it concerns chose so. */
export const OPT_OUTS_BY_CHOICE: OptOutChoice = { optOuts: "counted-by-choice" };

/**
 * Answers every query at every reference date (ISO, in any order), [query][date].
 * @param whom whether people with a type 1 opt-out in their record are counted; each table states it again
 */
export type Answerer = (
  source: RecordSource,
  queries: readonly Query[],
  dates: readonly string[],
  whom: OptOutChoice,
) => ExactTable[][];
