/**
 * Records in: a journal beside a plain loop of inserts, FHIR NDJSON beside JSON.parse alone on the same bytes.
 * Reading and inserting are stated apart from the index behind them; rounds alternate and medians are taken.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@cairn/sqlite";
import { type FormatName, writePractice } from "@cairn/synthetic";
import { atMost, type Figure, reference, timesPeer } from "./figures.js";
import { imported, importedApart, type Imported } from "./import-once.js";
import { night } from "./night.js";

/** 200,000 rows a second of CPU, as microseconds a row. */
const JOURNAL_ROW = 5;
const WALL = 90; // seconds, for fifteen million events with their index
const MEMORY = 400; // MiB
const PRACTICE = { seed: "bench", until: "2025-03-31", practice: "Stonegarth Surgery" };
/** What FHIR has beside: a pair of blood pressures is a resource with a code of its own. */
const PRESSURE = "75367002";

/** Figures of some hundred thousand rows; with `long` also of 10,000 patients with 15 million. */
export async function recordsIn(rounds: number, long: boolean): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-import-"));
  try {
    const figures = await measured(folder, rounds);
    return long ? [...figures, ...(await fifteenMillion(folder))] : figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, rounds: number): Promise<Figure[]> {
  const size = { patients: 1000, eventsPerPatient: 300 };
  for (const format of ["journal", "fhir", "emis", "systmone"] as const)
    await writePractice({ ...PRACTICE, ...size, format, out: join(folder, format) });
  mustSayTheSame(
    await importedInto(folder, "journal", "first-journal"),
    await importedInto(folder, "fhir", "first-fhir"),
    folder,
  );
  await importedInto(folder, "emis", "first-emis");
  await importedInto(folder, "systmone", "first-systmone");
  const taken = { journal: [] as Imported[], fhir: [] as Imported[], emis: [] as Imported[], systmone: [] as Imported[], parse: [] as number[], insert: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    taken.parse.push(parseAlone(join(folder, "fhir")));
    taken.fhir.push(await importedInto(folder, "fhir", `fhir-${round}`));
    taken.journal.push(await importedInto(folder, "journal", `journal-${round}`));
    taken.emis.push(await importedInto(folder, "emis", `emis-${round}`));
    taken.systmone.push(await importedInto(folder, "systmone", `systmone-${round}`));
    taken.insert.push(insertLoop(join(folder, `journal-${round}`), join(folder, `loop-${round}`)));
  }
  const rows = taken.journal[0]!.events;
  const aRow = (ms: number): number => (ms * 1000) / rows;
  const [read, written, indexed] = parts(taken.journal);
  const [fhirRead, fhirWritten, fhirIndexed] = parts(taken.fhir);
  const [emisRead, emisWritten] = parts(taken.emis);
  const [systmoneRead, systmoneWritten] = parts(taken.systmone);
  const insert = aRow(median(taken.insert));
  return [
    atMost("journal import, reading and inserting", aRow(read + written), "us of CPU a row", JOURNAL_ROW),
    reference("  of which reading", aRow(read), "us of CPU a row"),
    timesPeer("  of which inserting", aRow(written), "us of CPU a row", "a plain insert loop", insert, 1),
    reference("  index and all that follows it", aRow(indexed), "us of CPU a row"),
    atMost("EMIS Web import, reading and inserting", ((emisRead + emisWritten) * 1000) / taken.emis[0]!.events, "us of CPU a row", JOURNAL_ROW),
    atMost("SystmOne import, reading and inserting", ((systmoneRead + systmoneWritten) * 1000) / taken.systmone[0]!.events, "us of CPU a row", JOURNAL_ROW),
    timesPeer("FHIR NDJSON import, reading", fhirRead, "ms of CPU", "JSON.parse alone", median(taken.parse), 2),
    reference("  inserting", fhirWritten, "ms of CPU"),
    reference("  index and all that follows it", fhirIndexed, "ms of CPU"),
  ];
} // prettier-ignore

/** 10,000 patients with 15 million events, in a process of its own. */
async function fifteenMillion(folder: string): Promise<Figure[]> {
  const out = join(folder, "large");
  const size = { patients: 10_000, eventsPerPatient: 1500 };
  await writePractice({ ...PRACTICE, ...size, format: "journal", out });
  const done = await importedApart("journal", out, join(folder, "large-store"));
  const millions = (done.events / 1e6).toFixed(1);
  return [
    atMost(`journal import of ${millions} million events, index included`, done.wall / 1000, "s of wall clock", WALL),
    reference("  the same", (done.read + done.written + done.indexed) / 1000, "s of CPU"),
    atMost("  its memory", done.memory, "MiB", MEMORY),
    ...(await night(folder, out)),
  ];
} // prettier-ignore

function importedInto(folder: string, format: FormatName, store: string): Promise<Imported> {
  return imported(format, join(folder, format), join(folder, store));
}

/** The same people told twice must be the same events, or a figure is of something else. */
function mustSayTheSame(journal: Imported, fhir: Imported, folder: string): void {
  const counts = ["first-journal", "first-fhir"].map((store) => {
    const db = openDatabase(join(folder, store, "records.db"), { readonly: true, check: false });
    const rows = db
      .prepare(
        `SELECT p.practice_id, c.system, c.code, count(*), sum(e.value), sum(e.day) FROM event e
         JOIN patient p ON p.key = e.patient JOIN code c ON c.key = e.code
         WHERE c.code <> '${PRESSURE}' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
      )
      .raw()
      .all();
    db.close();
    return JSON.stringify(rows);
  });
  if (journal.events === 0 || fhir.events < journal.events || counts[0] !== counts[1])
    throw new Error("the journal and FHIR of the same people do not say the same: nothing was measured");
}

/** Every line of every file, parsed and thrown away. Milliseconds of CPU. */
function parseAlone(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith(".ndjson"));
  const began = process.cpuUsage();
  for (const name of files) {
    const bytes = readFileSync(join(folder, name));
    let from = 0;
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      JSON.parse(bytes.toString("utf8", from, to));
      from = to + 1;
    }
  }
  return milliseconds(process.cpuUsage(began));
}

/** The rows of a store put into an empty one, one by one, in one transaction, without its index. */
function insertLoop(from: string, to: string): number {
  const source = openDatabase(join(from, "records.db"), { readonly: true, check: false });
  const table = source.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'event'").pluck().get()!;
  const rows = source.prepare<[], unknown[]>("SELECT * FROM event").raw().all();
  source.close();
  const db = openDatabase(join(to, "loop.db"), { check: false });
  db.exec(table);
  const insert = db.prepare("INSERT INTO event VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
  const began = process.cpuUsage();
  db.exec("BEGIN");
  for (const row of rows) insert.run(row);
  db.exec("COMMIT");
  const taken = milliseconds(process.cpuUsage(began));
  db.close();
  return taken;
} // prettier-ignore

function parts(imports: readonly Imported[]): [read: number, written: number, indexed: number] {
  const of = (pick: (each: Imported) => number): number => median(imports.map(pick));
  return [of((each) => each.read), of((each) => each.written), of((each) => each.indexed)];
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}
