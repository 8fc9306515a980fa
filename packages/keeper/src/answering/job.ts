/** Messages between the keeper and the process that answers for it: plain data, copied by the runtime. */
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
  /** Whether people who opted out are counted; the tables state it again, and so does the release that is signed. */
  readonly optOuts: ExactTable["optOuts"];
}

export interface Answer {
  readonly tables: readonly ExactTable[]; // one a date, in the job's order
  readonly recordBasis: SignedRelease__Output["recordBasis"];
  /** Dates whose answer a person should look at first. Absent where there are none. */
  readonly thin?: readonly ThinDate[];
}

/**
 * The message of the child process before it ends. `unanswerable`: the records do not hold what the query needs. A
 * `problem` is the machine's or the store's. After a crash there is no message.
 */
export type ChildMessage =
  | { readonly said: "answer"; readonly answer: Answer }
  | { readonly said: "unanswerable" | "problem"; readonly words: string };
