import type { OptOutCodes, Query } from "@cairn/query-library";
import type { ExactTable } from "./exact-table.js";
import type { RecordSource } from "./source.js";

/**
 * Whether an answer counts people who opted out. There is no default: every caller has to say. What leaves a practice
 * leaves them out; the practice's own screen counts them.
 */
export type OptOutChoice =
  { readonly optOuts: "left-out"; readonly codes: OptOutCodes } | { readonly optOuts: "counted" };

/** Counts people who opted out: for the practice's own screen and for worked examples. Nothing of it may leave. */
export const OPT_OUTS_COUNTED: OptOutChoice = { optOuts: "counted" };

/**
 * Answers every query at every reference date (ISO, in any order), [query][date].
 * @param whom whether people who opted out are counted; each table states it again
 */
export type Answerer = (
  source: RecordSource,
  queries: readonly Query[],
  dates: readonly string[],
  whom: OptOutChoice,
) => ExactTable[][];
