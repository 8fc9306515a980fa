/** What passes between the keeper and the process that answers for it. Plain data, copied by the runtime. */
import type { ExactTable } from "@cairn/tables";
import type { Query } from "@cairn/query-library";
import type { SignedRelease__Output } from "@cairn/wire";
import type { ThinDate } from "./doubts.js";

/** One query for its whole batch of dates: the engine answers them in one pass. */
export interface Job {
  /** The keeper's folder, which holds the record store. */
  readonly folder: string;
  readonly query: Query;
  readonly dates: readonly string[]; // ISO, ascending
  /** Whether people who opted out are counted; the tables say it again, and so does the release that is signed. */
  readonly optOuts: ExactTable["optOuts"];
}

export interface Answer {
  readonly tables: readonly ExactTable[]; // one a date, in the job's order
  readonly recordBasis: SignedRelease__Output["recordBasis"];
  /** Dates whose answer somebody should see first. Absent where there are none. */
  readonly thin?: readonly ThinDate[];
}

/**
 * What the child process says before it ends. `unanswerable`: the records do not say what the query asks. A `problem`
 * is the machine's or the store's; a death says nothing.
 */
export type Said =
  | { readonly said: "answer"; readonly answer: Answer }
  | { readonly said: "unanswerable" | "problem"; readonly words: string };
