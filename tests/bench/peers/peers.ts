/** The same questions of the same patients, asked of others in the same run; answers are compared before times are. */
import { periodEnds, type Codelist, type Query } from "@cairn/query-library";
import { answer } from "@cairn/engine";
import type { ExactTable, RecordSource } from "@cairn/tables";
import { withoutOptOuts } from "@cairn/records";
import { LAST_DATE } from "../engine.js";
import { reference, timesLess, type Figure } from "../figures.js";
import { medianCpu, medianCpuOf } from "../measure.js";
import { practice } from "../practice.js";
import { DuckDbAnswers, type DuckDb } from "./duckdb.js";
import { fluMeasure, type Fqm } from "./fqm.js";
import { peer } from "./install.js";
import { cellOf, type Row } from "./sql.js";
import { SqliteAnswers } from "./sqlite.js";
import { practiceOnDisk, type PracticeOnDisk } from "./store.js";

const PATIENTS = 10_000;
const SEED = 1;
const DATES = periodEnds("month", 24, LAST_DATE);
const WORK = `12 queries x ${DATES.length} month-ends x 50 cells, 10,000 patients`;

interface Asked {
  readonly queries: readonly Query[];
  readonly codelists: ReadonlyMap<string, Codelist>;
  readonly times: number; // how often each peer is asked after a first time
  readonly say: (words: string) => void;
}

export async function peers(asked: Asked): Promise<Figure[]> {
  const { queries, codelists, times } = asked;
  const disk = practiceOnDisk(PATIENTS, SEED, codelists);
  try {
    const cold = medianCpu(
      () => void answer(disk.records.source(), [flu(queries)], [LAST_DATE], withoutOptOuts()),
      1,
      0,
    );
    const source = inMemory(disk.records.source());
    const tables = answer(source, queries, DATES, withoutOptOuts());
    const ours = medianCpu(() => void answer(source, queries, DATES, withoutOptOuts()), times * 10);
    return [
      ...(await againstSql(asked, disk, tables, ours)),
      ...(await againstDuckDb(asked, disk, tables, ours)),
      ...(await againstFqm(asked, source, cold)),
    ];
  } finally {
    disk.close();
  }
}

async function againstSql(
  { queries, codelists, times, say }: Asked,
  { file }: PracticeOnDisk,
  tables: readonly (readonly ExactTable[])[],
  ours: number,
): Promise<Figure[]> {
  say("asking careful SQL on the record store");
  const sqlite = new SqliteAnswers(file, queries, codelists.values());
  try {
    mustBeTheSame("SQL on the record store", queries, tables, sqlite.answer(DATES));
    const theirs = medianCpu(() => void sqlite.answer(DATES), times, 0);
    return [
      reference(`${WORK}, careful SQL on the record store`, theirs, "ms CPU"),
      timesLess(`${WORK}, against SQL`, ours, "ms CPU", "careful SQL", theirs, 300),
    ];
  } finally {
    sqlite.close();
  }
}

async function againstDuckDb(
  { queries, codelists, times, say }: Asked,
  { file }: PracticeOnDisk,
  tables: readonly (readonly ExactTable[])[],
  ours: number,
): Promise<Figure[]> {
  const duckdb = await peer<DuckDb>("@duckdb/node-api", say);
  if (duckdb === null) return [];
  say("asking DuckDB on the same events");
  const duck = await DuckDbAnswers.open(duckdb, file, queries, codelists.values(), DATES);
  try {
    mustBeTheSame("DuckDB", queries, tables, await duck.answer());
    const theirs = await medianCpuOf(() => duck.answer(), times);
    return [
      reference(`${WORK}, DuckDB with codelists expanded`, theirs, "ms CPU"),
      timesLess(`${WORK}, against DuckDB`, ours, "ms CPU", "DuckDB", theirs, 100),
    ];
  } finally {
    duck.close();
  }
}

/** One query at one date. The peer answers patient by patient, so what some take is scaled to as many as we answered. */
async function againstFqm(
  { queries, codelists, times, say }: Asked,
  source: RecordSource,
  cold: number,
): Promise<Figure[]> {
  const fqm = await peer<Fqm>("fqm-execution", say);
  if (fqm === null) return [];
  say("asking fqm-execution over FHIR");
  const some = 200;
  const small = practice(some, SEED);
  const query = flu(queries);
  const ask = fluMeasure(fqm, small.plain(some, codelists), codelists.get("flu-vaccination")!, LAST_DATE);
  const [total] = answer(small.source, [query], [LAST_DATE], withoutOptOuts())[0]![0]!.cells;
  const theirAnswer = await ask();
  if (theirAnswer.denominator !== total!.denominator || theirAnswer.numerator !== total!.numerator) {
    throw new Error(
      `flu uptake of ${some} patients: ${total!.numerator}/${total!.denominator}, and fqm-execution says ` +
        `${theirAnswer.numerator}/${theirAnswer.denominator}`,
    );
  }
  const theirs = ((await medianCpuOf(ask, times)) * PATIENTS) / some;
  const ours = medianCpu(() => void answer(source, [query], [LAST_DATE], withoutOptOuts()), 100);
  const work = "flu uptake at one date, 10,000 patients";
  return [
    reference(`${work}, fqm-execution (measured on ${some})`, theirs, "ms CPU"),
    timesLess(`${work}, postings cached`, ours, "ms CPU", "fqm-execution", theirs, 10_000),
    timesLess(`${work}, from events`, cold, "ms CPU", "fqm-execution", theirs, null),
  ];
}

const flu = (queries: readonly Query[]): Query =>
  queries.find(({ query }) => query === "bench-05-flu-uptake")!;

/** The source with what was once read kept in memory. */
function inMemory(source: RecordSource): RecordSource {
  const people = source.people();
  const kept = new Map<string, ReturnType<RecordSource["postings"]>>();
  return {
    people: () => people,
    occurrences: (list) => source.occurrences(list),
    postings: (list, columns) => {
      const key = `${list.digest} ${JSON.stringify(columns)}`;
      let found = kept.get(key);
      if (found === undefined) kept.set(key, (found = source.postings(list, columns)));
      return found;
    },
    allEvents: () => source.allEvents(),
  };
}

/** Throws where a cell of the split differs. A cell without a row has nobody in it. */
function mustBeTheSame(
  peerName: string,
  queries: readonly Query[],
  ours: readonly (readonly ExactTable[])[],
  theirs: readonly (readonly (readonly Row[])[])[],
): void {
  queries.forEach((query, q) => {
    ours[q]!.forEach((table, k) => {
      const rows = new Map(theirs[q]![k]!.map((row) => [JSON.stringify(cellOf(row)), row]));
      for (const { split, denominator, numerator } of table.cells.slice(1)) {
        const row = rows.get(JSON.stringify(split));
        const [theirDenominator, theirNumerator] = [Number(row?.[4] ?? 0), Number(row?.[5] ?? 0)];
        if (denominator === theirDenominator && numerator === theirNumerator) continue;
        throw new Error(
          `${query.query} at ${table.date}, ${JSON.stringify(split)}: ${numerator}/${denominator}, ` +
            `and ${peerName} says ${theirNumerator}/${theirDenominator}`,
        );
      }
    });
  });
}
