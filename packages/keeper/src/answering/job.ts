/** Messages between the keeper and the process that answers for it: plain data, copied by the runtime. */
import type { ExactTable } from "@cairn/tables";
import type { Query } from "@cairn/query-library";
import type { SignedRelease__Output } from "@cairn/wire";
import type { List } from "../worklists/lists.js";
import type { Worklist } from "../worklists/people.js";
import type { ThinDate } from "./doubts.js";
import type { QueryTotals } from "./exact-totals.js";
import type { QuestionFacts } from "./question-facts.js";

/** One query for its whole batch of dates: the engine answers them in one pass. */
export interface Job {
  /** The keeper's folder, which holds the record store. */
  readonly folder: string;
  readonly query: Query;
  readonly dates: readonly string[]; // ISO, ascending
  /** Whether people with a type 1 opt-out in their record are counted; the tables state it again, and so does the release that is signed. */
  readonly optOuts: Exclude<ExactTable["optOuts"], "counted">;
  /** The practice's list of people left out, which the records have to hold; null where it never gave one. */
  readonly leftOutList: string | null;
}

export interface Answer {
  readonly tables: readonly ExactTable[]; // one a date, in the job's order
  readonly recordBasis: SignedRelease__Output["recordBasis"];
  /** The digest of the codes by which people with a type 1 opt-out in their record were known and left out; null where they are counted. */
  readonly optOutCodes: string | null;
  /** Dates whose answer a person should look at first. Absent where there are none. */
  readonly thin?: readonly ThinDate[];
}

/** A worklist of one query at one reference date. */
export interface WorklistJob {
  readonly folder: string;
  readonly query: Query;
  readonly date: string; // ISO
  readonly list: List;
}

/** The practice's own exact totals, each query at dates of its own. */
export interface TotalsJob {
  readonly folder: string;
  readonly asked: readonly { readonly query: Query; readonly dates: readonly string[] }[];
}

/** Everything that the page of one query shows of these records. */
export interface QuestionJob {
  readonly folder: string;
  readonly query: Query;
  readonly dates: readonly string[]; // ISO, ascending, one or more; the steps are those of the newest
}

/** The kinds of work for a process of its own: what each is asked and gives. */
export interface JobTable {
  readonly release: { readonly job: Job; readonly gives: Answer };
  readonly worklist: { readonly job: WorklistJob; readonly gives: Worklist };
  readonly figures: { readonly job: TotalsJob; readonly gives: readonly QueryTotals[] };
  readonly question: { readonly job: QuestionJob; readonly gives: QuestionFacts };
}

/** A message to the child process. */
export type ChildJob = {
  readonly [K in keyof JobTable]: { readonly work: K; readonly job: JobTable[K]["job"] };
}[keyof JobTable];

/**
 * The message of the child process, one for each job. `unanswerable`: the records do not hold what the query needs. A
 * `problem` is the machine's or the store's. After a crash there is no message.
 */
export type ChildMessage<G = JobTable[keyof JobTable]["gives"]> =
  | { readonly said: "answer"; readonly answer: G }
  | { readonly said: "unanswerable" | "problem"; readonly words: string };
