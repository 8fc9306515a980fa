/** What was answered from months with hardly any events waits for somebody here, and why stays here. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { answer, memorySource } from "@cairn/engine";
import { dayNumber } from "@cairn/query-library";
import t from "tap";
import { answerInChild, type Outcome } from "../src/answering/answer.js";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { importRecords } from "../../importers/src/import.js";
import { openRecords } from "../../records/src/store.js";
import { homePage, runPage } from "./fixtures/pages.js";
import { approve, decline, approveRelease } from "../src/practice.js";
import { setHold } from "../src/decisions/standing-decisions.js";
import { keeperStatus } from "../src/status.js";
import { KeeperStore } from "../src/store/store.js";
import {
  assignment,
  bundle,
  DATES,
  PATIENTS,
  practice,
  theQuery,
  until,
  runOn,
} from "./fixtures/practice.js";

const RUN = runOn(DATES[0]);
const OTHER = runOn(DATES[1]);
const THIN = ["2024-02", "2024-03"];

/** As a child answers; by date, from which thin months. */
const answerThin =
  (thin: Readonly<Record<string, readonly string[]>>) =>
  (job: { dates: readonly string[] }): Promise<Outcome> => {
    const [tables = []] = answer(memorySource(PATIENTS), [theQuery()], job.dates, withoutOptOuts());
    const found = job.dates.flatMap((date) => (thin[date] ? [{ date, months: thin[date] }] : []));
    const recordBasis = "RECORD_BASIS_REGISTRATIONS" as const;
    return Promise.resolve({
      outcome: "answered",
      answer: { tables, recordBasis, optOutCodes: "00", thin: found },
    });
  };

async function answered(test: Parameters<typeof practice>[0], hold: boolean, months: readonly string[]) {
  const home = practice(test);
  const { api, keeper } = await home.start({ answer: answerThin({ [DATES[0]]: months }) });
  const people = KeeperStore.open(home.folder);
  test.teardown(() => people.close());
  setHold(people, hold);
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  const leases = [RUN, OTHER].map((run) => ({ run, attempt: 1, seconds: 600 }));
  await api.execute({ leases });
  return { api, keeper, people, home };
}

t.test("it is held whatever the practice's setting, and goes once a person approves it", async (t) => {
  const { api, keeper, people } = await answered(t, false, THIN);
  await until(api, RUN, "ON_HOLD");
  await until(api, OTHER, "OUTBOX");
  t.match((await api.takeRelease({ run: RUN })).release, null, "nothing of it is handed over");
  const [held, other] = keeperStatus(keeper.store).runs;
  t.match(held, { run: RUN, state: "on-hold", thinMonths: THIN });
  t.same(other?.thinMonths, []);
  const page = runPage(keeper, RUN).replaceAll(/\s+/g, " ");
  t.match(page, /Held for a look: .*less than a third of the usual events, or none, in 2024-02 to 2024-03/);
  t.match(homePage(keeper), /on hold: .*2024-02 to 2024-03/);
  approveRelease(people, RUN);
  await until(api, RUN, "OUTBOX");
  t.ok((await api.takeRelease({ run: RUN })).release);
});

t.test("declined and asked for after all, it waits for a look again", async (t) => {
  const { api, people } = await answered(t, false, THIN);
  await until(api, RUN, "ON_HOLD");
  decline(people, "asthma-seen");
  await until(api, RUN, "DECLINED");
  approve(people, "asthma-seen", "cluster");
  await until(api, RUN, "ON_HOLD");
});

t.test(
  "months that somebody has let a release of the query go with hold none of its later ones",
  async (t) => {
    for (const [later, state] of [
      [THIN.slice(1), "OUTBOX"],
      [[...THIN, "2024-05"], "ON_HOLD"],
    ] as const) {
      const home = practice(t);
      const { api } = await home.start({ answer: answerThin({ [DATES[0]]: THIN, [DATES[1]]: later }) });
      const people = KeeperStore.open(home.folder);
      t.teardown(() => people.close());
      await api.offerLibrary({ bundle: bundle() });
      await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
      await api.execute({ leases: [{ run: RUN, attempt: 1, seconds: 600 }] });
      await until(api, RUN, "ON_HOLD");
      approveRelease(people, RUN);
      await api.execute({ leases: [{ run: OTHER, attempt: 1, seconds: 600 }] });
      await until(api, OTHER, state);
    }
  },
);

t.test("thin months that nobody has seen yet hold each release", async (t) => {
  const home = practice(t);
  const { api } = await home.start({ answer: answerThin({ [DATES[0]]: THIN, [DATES[1]]: THIN }) });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  await api.execute({ leases: [RUN, OTHER].map((run) => ({ run, attempt: 1, seconds: 600 })) });
  await until(api, RUN, "ON_HOLD");
  await until(api, OTHER, "ON_HOLD");
});

t.test("on the wire and in the log it is a held run like any other", async (t) => {
  const thin = await answered(t, false, THIN);
  const usual = await answered(t, true, []);
  const told = async ({ api }: typeof thin): Promise<unknown> => {
    await until(api, RUN, "ON_HOLD");
    const { runs } = await api.waitForChanges({ since: 0, holdSeconds: 0 });
    const { change: _, ...run } = runs.find(({ run }) => run === RUN)!;
    return run;
  };
  t.same(await told(thin), await told(usual));
  const log = [...thin.keeper.store.log.exportLines()].join("\n");
  const heard = JSON.stringify([await thin.api.describe({}), await thin.api.takeRelease({ run: RUN })]);
  for (const word of [...THIN, "thin", "look"]) t.notOk(`${log}${heard}`.includes(word), word);
});

t.test("the process that answers says which dates look at thin months", async (t) => {
  const folder = t.testdir({ journal: {} });
  const from = join(folder, "journal");
  const people = Array.from({ length: 20 }, (_, i) => `p${i}`);
  const last = [28, 10, 28, 28, 0, 0]; // events of October 2024 to March 2025
  const rows = Array.from({ length: 18 }, (_, i) => {
    const month = new Date(Date.UTC(2023, 9 + i)).toISOString().slice(0, 7);
    const events = i < 12 ? 31 : last[i - 12]!;
    return Array.from({ length: events }, (_, n) => `p${n % 20},${month}-15,${n < 20 ? 195967001 : 1}\n`);
  });
  const write = (name: string, text: string): void => writeFileSync(join(from, name), text);
  write(
    "patients.csv",
    `patient_id,sex,date_of_birth\n${people.map((id) => `${id},female,1970-01-01\n`).join("")}`,
  );
  write("registrations.csv", `patient_id,start,end\n${people.map((id) => `${id},2000-01-01,\n`).join("")}`);
  write("events.csv", `patient_id,date,code\n${rows.flat().join("")}`);
  const records = openRecords(folder);
  await importRecords(records, {
    format: "journal",
    paths: [from],
    system: "snomed",
    completeTo: dayNumber("2025-02-14"),
    registeredFrom: null,
    dryRun: false,
    now: new Date("2025-06-01"),
    progress: () => undefined,
  });
  records.close();
  const dates = ["2024-10-31", ...DATES];
  const outcome = await answerInChild({
    folder,
    query: theQuery(),
    dates,
    optOuts: "left-out",
    leftOutList: null,
  });
  if (outcome.outcome !== "answered") return t.fail(JSON.stringify(outcome));
  t.same(outcome.answer.thin, [
    { date: "2024-12-31", months: ["2024-11"] },
    { date: "2025-03-31", months: ["2024-11", "2025-02", "2025-03"] },
  ]);
});

t.test("codelists that the records have no event of stand beside the query", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start({
    records: () => ({
      coversTo: () => home.records.coversTo,
      version: () => home.records.version,
      identity: () => home.records.identity,
      leftOutList: () => null,
      formats: () => ["journal"],
      holds: () => true,
      withoutEvents: (lists) => lists.filter(({ name }) => name === "seen"),
    }),
  });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: [assignment(DATES[0])] });
  const words = "these records have no event of seen@1";
  while (keeperStatus(keeper.store).queries[0]?.emptyCodelists.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
  t.same(keeperStatus(keeper.store).queries[0]?.emptyCodelists, ["seen@1"]);
  t.match(homePage(keeper), words);
  t.match(runPage(keeper, RUN), words);
  const heard = JSON.stringify(await api.waitForChanges({ since: 0, holdSeconds: 0 }));
  t.notMatch(heard + [...keeper.store.log.exportLines()].join("\n"), "seen@1");
});
