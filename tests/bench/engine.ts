/** The figures of the engine alone: postings in memory, and growth with patients and dates. */
import type { Query } from "@cairn/query-library";
import { periodEnds } from "@cairn/query-library";
import { answer, readsOf } from "@cairn/engine";
import type { Columns, Postings, RecordSource } from "@cairn/tables";
import { withoutOptOuts } from "@cairn/records";
import { atMost, reference, timesPeer, type Figure } from "./figures.js";
import { medianCpu, readingSpeed } from "./measure.js";
import { practice } from "./practice.js";

export const LAST_DATE = "2025-09-30";
const SEED = 1;
const DATES = 24;

/** The 12 queries at 24 month-ends with 10,000 patients, against the target and against the memory's speed. */
export function withPostingsInMemory(queries: readonly Query[], times: number): Figure[] {
  const { source } = practice(10_000, SEED);
  const value = answering(source, queries, DATES, times);
  const floor = bytesRead(source, queries) / readingSpeed();
  const work = "12 queries x 24 month-ends x 50 cells, 10,000 patients, postings in memory";
  return [
    atMost(work, value, "ms CPU", 10),
    reference("reading those postings once at the speed of memory", floor, "ms CPU"),
    timesPeer(`${work}, against memory`, value, "ms CPU", "memory", floor, 15),
  ];
}

/** 100,000 patients, and 12 and 60 dates. */
export function growth(queries: readonly Query[], times: number): Figure[] {
  const small = practice(10_000, SEED).source;
  const large = practice(100_000, SEED).source;
  const [ofSmall, ofLarge] = [
    answering(small, queries, DATES, times),
    answering(large, queries, DATES, times),
  ];
  const exponent = Math.log10(ofLarge / ofSmall);
  return [
    atMost(
      "12 queries x 24 month-ends x 50 cells, 100,000 patients, postings in memory",
      ofLarge,
      "ms CPU",
      90,
    ),
    atMost("growth from 10,000 to 100,000 patients", exponent, "exponent", 1.05),
    ...[12, 60].map((dates) =>
      reference(
        `12 queries x ${dates} month-ends, 10,000 patients`,
        answering(small, queries, dates, times),
        "ms CPU",
      ),
    ),
    reference("memory of the process", process.memoryUsage().rss / 2 ** 20, "MiB"),
  ];
}

function answering(source: RecordSource, queries: readonly Query[], dates: number, times: number): number {
  const ends = periodEnds("month", dates, LAST_DATE);
  return medianCpu(() => void answer(source, queries, ends, withoutOptOuts()), times);
}

/** The bytes of every column that any of the queries reads, each once. */
function bytesRead(source: RecordSource, queries: readonly Query[]): number {
  const wanted = new Map<string, { postings: Postings; columns: Columns }>();
  for (const query of queries) {
    for (const [alias, columns] of readsOf(query)) {
      const list = query.codelists[alias]!;
      const known = wanted.get(list.name);
      wanted.set(list.name, {
        postings: source.postings(list, columns),
        columns: { ...known?.columns, ...columns },
      });
    }
  }
  const size = (column: { byteLength: number } | null) => column?.byteLength ?? 0;
  return [...wanted.values()].reduce((sum, { postings, columns }) => {
    const always = size(postings.patient) + size(postings.offset) + size(postings.day);
    const values = columns.value ? size(postings.value) + size(postings.comparator) + size(postings.unit) : 0;
    return sum + always + values + (columns.clinician ? size(postings.clinician) : 0);
  }, 0);
}
