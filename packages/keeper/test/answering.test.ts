import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import t from "tap";
import { dayNumber } from "@cairn/query-library";
import { answerInChild } from "../src/answering/answer.js";
import { AnswerProcess } from "../src/answering/process.js";
import { importRecords } from "../../importers/src/import.js";
import { openRecords } from "../../records/src/store.js";
import { DATES, theQuery } from "./fixtures/practice.js";

const LIMITS = { seconds: 60, megabytes: 600 };
const module_ = (name: string) => new URL(`./fixtures/${name}.js`, import.meta.url);
const job = (folder: string) => ({
  folder,
  query: theQuery(),
  dates: DATES,
  optOuts: "left-out" as const,
  leftOutList: null,
});

/** 20 people with asthma, 12 of them seen, as a journal. */
async function records(folder: string): Promise<void> {
  const from = join(folder, "journal");
  mkdirSync(from);
  const people = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const write = (name: string, lines: string[]) => writeFileSync(join(from, name), `${lines.join("\n")}\n`);
  write("patients.csv", [
    "patient_id,practice,date_of_birth,sex,date_of_death,deprivation_fifth,ethnic_group",
    ...people.map((id) => `${id},P,1970-01-01,female,,,`),
  ]);
  write("registrations.csv", ["patient_id,start,end", ...people.map((id) => `${id},2000-01-01,`)]);
  write("events.csv", [
    "patient_id,date,code",
    ...people.map((id) => `${id},2010-01-01,195967001`),
    ...people.slice(0, 12).map((id) => `${id},2024-12-01,185349003`),
  ]);
  const store = openRecords(folder);
  await importRecords(store, {
    format: "journal",
    paths: [from],
    system: "snomed",
    completeTo: dayNumber("2025-12-31"),
    registeredFrom: null,
    dryRun: false,
    now: new Date(),
    progress: () => undefined,
  });
  store.close();
}

t.test("a process of its own answers from the record store, every date in one pass", async (t) => {
  const folder = t.testdir({});
  await records(folder);
  const outcome = await answerInChild(job(folder), { limits: LIMITS });
  if (outcome.outcome !== "answered") return t.fail(JSON.stringify(outcome));
  const { tables, recordBasis } = outcome.answer;
  t.same(
    tables.map(({ date, cells }) => [date, cells[0]?.denominator, cells[0]?.numerator]),
    DATES.map((date) => [date, 20, 12]),
  );
  t.ok(tables[0]?.cells[0]?.denominatorSet instanceof Uint32Array, "patient sets arrive as they were");
  t.equal(recordBasis, "RECORD_BASIS_REGISTRATIONS");
});

t.test("what the records do not say is said, in place of noughts", async (t) => {
  const folder = t.testdir({});
  await records(folder);
  const query = theQuery();
  if (query.unit !== "people") return t.fail("the test's query counts people");
  const deprived = { form: "deprivation_fifth", from: 1, to: 2 } as const;
  const outcome = await answerInChild(
    { ...job(folder), query: { ...query, numerator: deprived } },
    { limits: LIMITS },
  );
  t.match(outcome, { outcome: "unanswerable", words: /asthma-seen .*deprivation fifth/ });
});

t.test("what never ends is stopped, and said", async (t) => {
  const outcome = await answerInChild(job("/nowhere"), {
    child: module_("never-ends"),
    limits: { ...LIMITS, seconds: 0.5 },
  });
  t.match(outcome, { outcome: "died", how: /stopped after/ });
});

t.test("what eats memory is stopped, also outside the heap", async (t) => {
  const outcome = await answerInChild(job("/nowhere"), { child: module_("eats-memory"), limits: LIMITS });
  t.match(outcome, { outcome: "died", how: /600 MB/ });
});

t.test("what dies is a death, and nothing that it printed gets out", async (t) => {
  const outcome = await answerInChild(job("/nowhere"), { child: module_("dies"), limits: LIMITS });
  t.match(outcome, { outcome: "died" });
  t.notMatch(JSON.stringify(outcome), /name/);
});

t.test("a store that cannot be opened is no fault of the query", async (t) => {
  const folder = t.testdir({
    "records.db": "this is no database, and long enough to be looked at as one".repeat(20),
  });
  t.match(await answerInChild(job(folder), { limits: LIMITS }), { outcome: "problem", words: /records\.db/ });
});

t.test("records that went since are a problem, and not noughts", async (t) => {
  for (const left of [{}, { "records.db": "" }] as Record<string, string>[]) {
    const folder = t.testdir(left);
    const outcome = await answerInChild(job(folder), { limits: LIMITS });
    t.match(outcome, { outcome: "problem", words: /records\.db: it is missing or empty/ });
  }
});

/** What `works-on.js` says of itself when it is told to do something. */
async function told(what: string, options: Parameters<typeof answerInChild>[1] = {}) {
  const outcome = await answerInChild(job(what), { child: module_("works-on"), limits: LIMITS, ...options });
  return outcome.outcome === "answered"
    ? (outcome.answer as unknown as { pid: number; jobs: number })
    : outcome;
}

t.test("a process that nobody needs ends", async (t) => {
  const { pid } = (await told("answer", { waits: 1, limits: { ...LIMITS, megabytes: 601 } })) as {
    pid: number;
  };
  const isThere = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let looks = 0; isThere() && looks < 1000; looks++) await after(5);
  t.notOk(isThere());
});

t.test("a job that comes just as the waiting process ends is done by another", async (t) => {
  for (const ms of [19, 20, 20.5, 21, 22, 25, 30]) {
    const options = { waits: 20, limits: { seconds: 5, megabytes: 602 } };
    await told("answer", options);
    await after(ms);
    const busy = performance.now() + 3; // the time to let it go is up, and nobody has heard that it ended
    while (performance.now() < busy);
    t.match(await told("answer", options), { pid: Number }, `after ${ms} ms`);
  }
});

t.test(
  "a process that was told to end does no job, and one that has ended keeps nobody waiting",
  async (t) => {
    const worker = new AnswerProcess(module_("works-on"), 603);
    const ask = () => worker.ask({ work: "release", job: job("answer") }, 5);
    t.match(await ask(), { outcome: "answered" });
    worker.end();
    t.equal(await ask(), "again", "at once");
    await after(300);
    t.equal(await ask(), "again", "and once it has ended");
  },
);

t.test("a process takes job after job, and one that crashed none", async (t) => {
  const first = await told("answer");
  t.match(first, { jobs: 1 });
  t.same(await told("answer"), { ...first, jobs: 2 });
  t.same(await told("die"), { outcome: "died", how: "it ended with exit 3" });
  t.match(await told("answer"), { jobs: 1 });
});

t.test("where a process ends that had worked before, a new one tells whose doing that was", async (t) => {
  await told("answer");
  t.match(await told("die unless new"), { jobs: 1 }, "it is not counted against the job");
  t.match(await told("answer"), { jobs: 2 }, "and the new one goes on");
});

t.test("time is each job's own, and counts at once", async (t) => {
  await told("answer");
  const died = await told("hang unless new", { limits: { ...LIMITS, seconds: 0.5 } });
  t.match(died, { outcome: "died", how: /stopped after/ });
});

t.test("a process that has grown takes no further job", async (t) => {
  const grown = await told("grow");
  t.match(grown, { jobs: 1 });
  t.match(await told("answer"), { jobs: 1 });
});

t.test("jobs beside each other have a process each", async (t) => {
  const [one, other] = await Promise.all([told("answer"), told("answer")]);
  t.not((one as { pid: number }).pid, (other as { pid: number }).pid);
});

t.test("called off, the process is killed", async (t) => {
  const stop = new AbortController();
  const outcome = answerInChild(job("/nowhere"), {
    child: module_("never-ends"),
    limits: LIMITS,
    signal: stop.signal,
  });
  stop.abort();
  t.same(await outcome, { outcome: "called-off" });
});
