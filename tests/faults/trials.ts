/** What the kill tests share: one hub, one practice, a run for each trial, and where each process is to die. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Test } from "tap";
import { periodEnds } from "@cairn/query-library";
import { openDatabase } from "@cairn/sqlite";
import { addSchedule } from "@cairn/hub";
import { Federation, type Practice } from "@cairn/demo";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

/** Every death once in CI; what comes of it by chance of the moment shows in many. */
export const REPEATS = process.env["CAIRN_LONG"] ? 30 : 1;
const QUERY = "hypertension-register";
/** Dates are the query's: a monthly one answers its newest 60, and there are as many queries as the trials need. */
const DATES = 50;
const TRIALS = 20 * REPEATS;
export const GROUP = "faults";

const FIRST_BATCH = {
  cron: null,
  timezone: "Europe/London",
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 3_600_000,
} as const;
/** How long anything may take on a busy machine. */
export const PATIENCE_MS = 240_000;
export const LOOK_EVERY_MS = 100;

interface Held {
  readonly run: string;
  readonly digest: string;
}

export class Trials {
  readonly federation: Federation;
  readonly practice: Practice;
  /** The folder of the queries that are published. */
  readonly library: string;
  readonly #folder: string;
  readonly #dates = periodEnds("month", DATES, daysAgo(20));
  #trial = -1;

  private constructor(folder: string) {
    this.#folder = folder;
    // Every life of the keeper reads the library again, whole.
    this.library = someQueries(join(folder, "library"), [QUERY]);
    monthly(this.library, Math.ceil(TRIALS / DATES));
    this.federation = new Federation({
      command,
      folder,
      group: GROUP,
      offlineAfter: 3600,
      library: this.library,
    });
    this.practice = this.federation.addPractice({
      name: "Fault Surgery",
      patients: 200,
      eventsPerPatient: 60,
      seed: 7,
      until: daysAgo(0),
    });
    mkdirSync(this.#deaths);
  }

  /** A hub that runs, and a practice that is enrolled and whose agent runs. */
  static async begin(t: Test): Promise<Trials> {
    const folder = mkdtempSync(join(tmpdir(), "cairn-kill-"));
    const trials = new Trials(folder);
    t.teardown(async () => {
      await trials.federation.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    await trials.federation.initHub();
    await trials.startHub();
    await trials.practice.loadRecords();
    await trials.federation.enrol(trials.practice);
    await trials.practice.start({ ...trials.mortal, CAIRN_RESTART_MOST_MS: "20" });
    return trials;
  }

  startHub(): Promise<void> {
    return this.federation.startHub(this.mortal);
  }

  /** The environment of a process that dies where `arm` says. */
  get mortal(): Readonly<Record<string, string>> {
    return { CAIRN_CRASH_AT: this.#deaths };
  }

  get #deaths(): string {
    return join(this.#folder, "deaths");
  }

  /** The next life of each of these processes ends at this point, once. @param points `keeper.take-before`, say. */
  arm(...points: string[]): void {
    for (const left of readdirSync(this.#deaths)) rmSync(join(this.#deaths, left)); // of a trial that went wrong
    for (const point of points) writeFileSync(join(this.#deaths, point), "");
  }

  /** Whether one of these deaths is still to come: a process takes its point away as it dies. */
  awaits(...points: string[]): boolean {
    return points.some((point) => existsSync(join(this.#deaths, point)));
  }

  /** The next month's end: dates are decided in order, so each trial asks for a later one, or another query. */
  nextDate(): string {
    this.#trial += 1;
    return this.#dates[this.#trial % DATES]!;
  }

  /** What this trial asks. */
  get query(): string {
    return queryOf(Math.floor(Math.max(0, this.#trial) / DATES));
  }

  /** Schedules the query for one date. @returns the date */
  async ask(date = this.nextDate()): Promise<string> {
    const schedule = {
      group: GROUP,
      queries: [this.query],
      every: "month",
      periods: 1,
      until: date,
    } as const;
    await this.federation.atHub((hub) => addSchedule(hub, { ...FIRST_BATCH, ...schedule }));
    return date;
  }

  /** Exactly one result for the date, and the practice's and the hub's accounts of it agree. */
  async checkOne(t: Test, date: string, what: string): Promise<void> {
    const done = await within(PATIENCE_MS, () => this.#acknowledged(date));
    const logs = done ? "" : `\n${this.practice.agent?.log}\n${this.federation.hub?.log}`;
    t.ok(done, `${what}: the run is answered and acknowledged${logs}`);
    const results = this.#heldByHub(date);
    t.equal(results.length, 1, `${what}: exactly one result is counted`);
    const sql =
      "SELECT release.run, hex(digest) AS digest FROM release WHERE reference_date = ? AND query = ?";
    t.same(results, this.#atPractice(sql, date), `${what}: the very bytes that were made`);
  }

  /** One comparison of the date is made, and the practice holds its very bytes. */
  async checkComparison(t: Test, date: string, what: string): Promise<void> {
    const held = "SELECT revision, hex(bytes) AS bytes FROM";
    const atPractice = () =>
      this.#atPractice(`${held} comparison WHERE reference_date = ? AND query = ?`, date);
    const done = await within(PATIENCE_MS, () => atPractice().length > 0);
    t.ok(done, `${what}: a comparison came${done ? "" : `\n${this.practice.agent?.log}`}`);
    const made = "comparison_document JOIN collection ON collection.id = comparison_document.collection";
    const sql = `${held} ${made} WHERE reference_date = ? AND query = ?`;
    const documents = read(this.#hubFile, sql, date, this.query);
    t.equal(documents.length, 1, `${what}: one is made`);
    t.same(atPractice(), documents, `${what}: its very bytes`);
  }

  /** By both logs no comparison was made or taken twice: not while its own trial ran, nor in those after it. */
  checkNoneTwice(t: Test): void {
    const twice =
      "SELECT body FROM log_entry WHERE kind = ? GROUP BY body ->> 'query', body ->> 'date' HAVING count(*) > 1";
    t.same(read(this.#hubFile, twice, "comparison-made"), [], "none is made twice");
    t.same(read(this.#keeperFile, twice, "comparison-taken"), [], "none is taken twice");
  }

  /**
   * Waits until the agent has told the hub, once more, how its runs stand: what was started again is at work.
   * @param since milliseconds since 1970
   */
  async settled(since: number): Promise<void> {
    const sql = "SELECT 1 FROM idempotency WHERE call = 'report' AND at >= ?";
    await within(PATIENCE_MS, () => read(this.#hubFile, sql, BigInt(since)).length > 0);
  }

  #acknowledged(date: string): boolean {
    const states = this.#atPractice<{ state: string }>(
      "SELECT state FROM run WHERE reference_date = ? AND query = ?",
      date,
    );
    return states.some(({ state }) => state === "acknowledged");
  }

  #heldByHub(date: string): Held[] {
    const columns = "SELECT run, hex(digest) AS digest FROM release JOIN run ON run.id = release.run";
    return read<Held>(this.#hubFile, `${columns} WHERE reference_date = ? AND query = ?`, date, this.query);
  }

  #atPractice<Row>(sql: string, date: string): Row[] {
    return read<Row>(this.#keeperFile, sql, date, this.query);
  }

  get #keeperFile(): string {
    return join(this.practice.data, "keeper", "keeper.db");
  }

  get #hubFile(): string {
    return join(this.federation.hubData, "hub.db");
  }
}

/** Whether it comes true in time. */
export async function within(ms: number, isTrue: () => boolean): Promise<boolean> {
  for (const until = Date.now() + ms; Date.now() < until; await wait(LOOK_EVERY_MS))
    if (isTrue()) return true;
  return isTrue();
}

/** Copies of the query under names of their own, each asking for 60 months. */
function monthly(library: string, count: number): void {
  const text = readFileSync(join(library, `${QUERY}.yaml`), "utf8");
  rmSync(join(library, `${QUERY}.examples.yaml`)); // of quarters
  rmSync(join(library, `${QUERY}.yaml`));
  for (let i = 0; i < count; i++) {
    const own = text
      .replace(/^query: .*$/m, `query: ${queryOf(i)}`)
      .replace(/^periods: .*$/m, "periods: {every: month, count: 60}");
    writeFileSync(join(library, `${queryOf(i)}.yaml`), own);
  }
}

function queryOf(i: number): string {
  return `${QUERY}-${i + 1}`;
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}

/** What a database says now; read beside the process that owns it, because asking by command takes longer than a run. */
function read<Row>(file: string, sql: string, ...about: (string | bigint)[]): Row[] {
  const db = openDatabase(file, { readonly: true, check: false });
  try {
    return db.prepare<(string | bigint)[], Row>(sql).all(...about);
  } finally {
    db.close();
  }
}
