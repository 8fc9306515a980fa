/** The answering process: reads one job, opens the records, sends one message and ends. */
import { answer } from "@cairn/engine";
import { OPT_OUTS_COUNTED, type ExactTable } from "@cairn/tables";
import { SqliteError } from "@cairn/sqlite";
import {
  openRecords,
  type RecordBasis,
  type Records,
  requireAnswerable,
  UnanswerableError,
  OptOutCodesError,
  withoutOptOuts,
} from "@cairn/records";
import { thinDates } from "./doubts.js";
import type { Answer, Job, ChildMessage } from "./job.js";

const BASIS = {
  registrations: "RECORD_BASIS_REGISTRATIONS",
  birth: "RECORD_BASIS_BIRTH",
  "first-record": "RECORD_BASIS_FIRST_RECORD",
} as const satisfies Record<RecordBasis, Answer["recordBasis"]>;

process.once("message", (message) => {
  const said = sayFor(message as Job);
  // A death is said by saying nothing: what nobody foresaw ends the process, with nothing printed.
  process.send?.(said, () => process.disconnect());
});

function sayFor(job: Job): ChildMessage {
  try {
    // The keeper has just made the check; and records that went since are no records, not noughts.
    return answerFrom(openRecords(job.folder, { check: false, madeBefore: true }), job);
  } catch (error) {
    if (error instanceof UnanswerableError) return { said: "unanswerable", words: error.message };
    if (error instanceof SqliteError || error instanceof OptOutCodesError)
      return { said: "problem", words: error.message };
    throw error;
  }
}

function answerFrom(records: Records, { query, dates, optOuts }: Job): ChildMessage {
  try {
    requireAnswerable(query, records);
    const [tables = []] = answer(
      records.source(),
      [query],
      dates,
      optOuts === "counted" ? OPT_OUTS_COUNTED : withoutOptOuts(),
    );
    return {
      said: "answer",
      answer: {
        tables: tables.map(plain),
        recordBasis: BASIS[records.recordBasis() ?? "registrations"],
        thin: thinDates(query, dates, records),
      },
    };
  } finally {
    records.close();
  }
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
