/**
 * The answering process: for each job it opens the records, sends one message and closes them again. Nothing of a job
 * is kept for the next. It ends with its channel.
 */
import { answer } from "@cairn/engine";
import { digestOfOptOuts } from "@cairn/query-library";
import { OPT_OUTS_BY_CHOICE, type ExactTable } from "@cairn/tables";
import { SqliteError } from "@cairn/sqlite";
import {
  openRecords,
  type RecordBasis,
  type Records,
  requireAnswerable,
  requireLeftOutList,
  UnanswerableError,
  OptOutError,
  withoutOptOuts,
} from "@cairn/records";
import { worklistOf } from "../worklists/people.js";
import { thinDates } from "./doubts.js";
import { exactTotals } from "./exact-totals.js";
import { questionFacts } from "./question-facts.js";
import type { Answer, ChildMessage, Job, ChildJob } from "./job.js";

const BASIS = {
  registrations: "RECORD_BASIS_REGISTRATIONS",
  birth: "RECORD_BASIS_BIRTH",
  "first-record": "RECORD_BASIS_FIRST_RECORD",
} as const satisfies Record<RecordBasis, Answer["recordBasis"]>;

process.on("message", (message) => {
  // A death is said by saying nothing: what nobody foresaw ends the process, with nothing printed.
  process.send?.(sayFor(message as ChildJob));
});

function sayFor(task: ChildJob): ChildMessage {
  try {
    // The keeper has just made the check; and records that went since are no records, not noughts.
    const records = openRecords(task.job.folder, { check: false, madeBefore: true });
    try {
      return { said: "answer", answer: give(task, records) };
    } finally {
      records.close();
    }
  } catch (error) {
    if (error instanceof UnanswerableError) return { said: "unanswerable", words: error.message };
    if (error instanceof SqliteError || error instanceof OptOutError)
      return { said: "problem", words: error.message };
    throw error;
  }
}

function give(task: ChildJob, records: Records): Extract<ChildMessage, { said: "answer" }>["answer"] {
  switch (task.work) {
    case "release":
      return answerFrom(records, task.job);
    case "worklist":
      return worklistOf(records, task.job.query, [task.job.date], task.job.list);
    case "figures":
      return exactTotals(records, task.job.asked);
    case "question":
      return questionFacts(records, task.job.query, task.job.dates);
  }
}

function answerFrom(records: Records, { query, dates, optOuts, leftOutList }: Job): Answer {
  requireAnswerable(query, records);
  requireLeftOutList(records.leftOutList(), leftOutList);
  const whom = optOuts === "counted-by-choice" ? OPT_OUTS_BY_CHOICE : withoutOptOuts();
  const [tables = []] = answer(records.source(), [query], dates, whom);
  return {
    tables: tables.map(plain),
    recordBasis: BASIS[records.recordBasis() ?? "registrations"],
    optOutCodes: whom.optOuts === "left-out" ? digestOfOptOuts(whom.codes) : null,
    thin: thinDates(query, dates, records),
  };
}

/** A table with every part computed: parts that are computed on access do not survive the way to another process. */
function plain({ query, version, digest, unit, date, optOuts, cells, waterfall }: ExactTable): ExactTable {
  return {
    query,
    version,
    digest,
    unit,
    date,
    optOuts,
    cells: cells.map((cell) => ({ ...cell })),
    waterfall: waterfall.map((step) => ({ ...step })),
  };
}
