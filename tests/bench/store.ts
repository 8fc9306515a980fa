/** The whole library on an invented practice in its record store, from fresh processes: kept postings, none, and some to splice. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serialize } from "node:v8";
import { periodEnds, type Query } from "@cairn/query-library";
import { importRecords } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { writePractice } from "@cairn/synthetic";
import { atMost, reference, timesPeer, type Figure } from "./figures.js";
import { libraryLists, wholeLibrary } from "./library.js";

const LAST_DAY = "2025-03-31";
const PERIODS = 24;
const PATIENTS = 10_000;
const CHANGED = PATIENTS / 100;
const CHILD = fileURLToPath(new URL("answer-cold.mjs", import.meta.url));

interface Answered {
  readonly cpu: number; // milliseconds, from the start of the process
  readonly cells: number;
  readonly digest: string;
}

/** 10,000 patients with so many events each, those that no query reads included. */
export async function fromStore(
  eventsPerPatient: number,
  times: number,
  say: (words: string) => void,
): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-library-"));
  try {
    say(`importing ${PATIENTS} invented patients with ${eventsPerPatient} events each`);
    const events = await importPractice(folder, eventsPerPatient);
    const queries = wholeLibrary();
    say(`answering ${queries.length} queries from fresh processes`);
    const dates = periodEnds("month", PERIODS, LAST_DAY);
    const job = jobFile(folder, "all", queries, dates);
    const nothing = median(askTimes(jobFile(folder, "none", [], dates), times));
    const built = askTimes(job, times, () => forgetPostings(folder));
    const kept = askTimes(job, times);
    mustBeAlike(built[0]!, kept.at(-1)!, "kept postings");
    const spliced: Answered[] = [];
    for (let load = 1; load <= times; load++) {
      await changeSome(folder, load);
      spliced.push(ask(job));
    }
    forgetPostings(folder);
    mustBeAlike(ask(job), spliced.at(-1)!, "spliced postings");
    const [cold, warm, after] = [median(built), median(kept), median(spliced)];
    const work = `${queries.length} queries x ${PERIODS} month-ends x all splits (${kept[0]!.cells} cells), ${PATIENTS} patients, ${events} events`;
    return [
      atMost(`${work}, fresh process, postings kept in SQLite`, warm, "ms CPU", 300),
      reference("of which the process itself, answering nothing", nothing, "ms CPU"),
      atMost("the same, postings built from events", cold, "ms CPU", 5000),
      timesPeer(
        `postings brought up to date after ${CHANGED} patients changed`,
        Math.max(0, after - warm),
        "ms CPU",
        "building them",
        cold - warm,
        0.1,
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How many events the store holds. */
async function importPractice(folder: string, eventsPerPatient: number): Promise<number> {
  const out = join(folder, "extract");
  await writePractice({
    patients: PATIENTS,
    eventsPerPatient,
    seed: 1,
    until: LAST_DAY,
    practice: "Stonegarth Surgery",
    out,
    format: "journal",
  });
  const events = await load(folder, out);
  rmSync(out, { recursive: true });
  return events;
}

async function load(folder: string, extract: string): Promise<number> {
  const records = openRecords(folder);
  try {
    await importRecords(records, {
      format: "journal",
      paths: [extract],
      system: "snomed",
      completeTo: null,
      registeredFrom: null,
      dryRun: false,
      now: new Date(),
      progress: () => undefined,
    });
    return records.totals().events;
  } finally {
    records.close();
  }
}

/** One patient in a hundred gets an event of each of the library's codelists. */
async function changeSome(folder: string, number: number): Promise<void> {
  const records = openRecords(folder);
  const { held } = records.source().people();
  const keys = [...held!.keys()].filter((key) => held![key] === 1 && key % 100 === number % 100);
  const patients = keys.slice(0, CHANGED).map((key) => records.foundBy(key));
  records.close();
  const codes = libraryLists().map(({ system, codes }) => `${system},${codes[number % codes.length]!}`);
  const rows = patients.flatMap((id) => codes.map((code) => `${id},2024-0${1 + (number % 9)}-15,${code}\n`));
  const extract = join(folder, "change");
  mkdirSync(extract);
  writeFileSync(join(extract, "events.csv"), `patient_id,date,system,code\n${rows.join("")}`);
  await load(folder, extract);
  rmSync(extract, { recursive: true });
}

export function jobFile(
  folder: string,
  name: string,
  queries: readonly Query[],
  dates: readonly string[],
): string {
  const file = join(folder, `job-${name}`);
  writeFileSync(file, serialize({ folder, queries, dates }));
  return file;
}

export function forgetPostings(folder: string): void {
  for (const end of ["", "-wal", "-shm"]) rmSync(join(folder, `postings.db${end}`), { force: true });
}

function askTimes(job: string, times: number, before: () => void = () => undefined): Answered[] {
  return Array.from({ length: times }, () => {
    before();
    return ask(job);
  });
}

/** Answers the job in a fresh process. */
export function ask(job: string): Answered {
  const { stdout, stderr, status } = spawnSync(process.execPath, [CHILD, job], { encoding: "utf8" });
  if (status !== 0) throw new Error(`the process that answers ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Answered;
}

export function mustBeAlike(one: Answered, other: Answered, what: string): void {
  if (one.digest !== other.digest) throw new Error(`${what} give other answers than those read from events`);
}

function median(answered: readonly Answered[]): number {
  return answered.map(({ cpu }) => cpu).sort((a, b) => a - b)[answered.length >> 1]!;
}
