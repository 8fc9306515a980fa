/** Deaths while running: counted against the run that dies, told, and taken back by a person. */
import { setTimeout as wait } from "node:timers/promises";
import t from "tap";
import { answer, memorySource } from "@cairn/engine";
import type { Outcome } from "../src/answering/answer.js";
import type { Job } from "../src/answering/job.js";
import type { Keeper } from "../src/keeper.js";
import { withoutOptOuts } from "../../records/src/opt-outs.js";
import { person } from "../src/store/person.js";
import { retryRuns } from "../src/decisions/retry.js";
import { assignment, bundle, DATES, PATIENTS, practice, until, runOn } from "./fixtures/practice.js";

t.setTimeout(60_000);
const [EARLY, LATE] = [runOn(DATES[0]), runOn(DATES[1])];
const lease = (run: string) => ({ run, attempt: 1, seconds: 600 });

/** Waits until the log tells of something so many times. */
async function logged({ store }: Keeper, kind: string, times: number): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if ([...store.log.entries()].filter((each) => each.kind === kind).length >= times) return;
    await wait(20);
  }
  throw new Error(`the log never told ${times} times of ${kind}`);
}

/** Dies at every job that holds one of these dates. */
function dyingAt(dates: ReadonlySet<string>, jobs: string[][]): (job: Job) => Promise<Outcome> {
  return async (job) => {
    jobs.push([...job.dates]);
    if (job.dates.some((date) => dates.has(date))) return { outcome: "died", how: "it ended with SIGKILL" };
    const [tables = []] = answer(memorySource(PATIENTS), [job.query], job.dates, withoutOptOuts());
    return {
      outcome: "answered",
      answer: { tables, recordBasis: "RECORD_BASIS_REGISTRATIONS", optOutCodes: "00" },
    };
  };
}

t.test(
  "a death of a batch counts against the date that dies again alone, and not its neighbours",
  async (t) => {
    for (const [guilty, innocent] of [
      [1, 0],
      [0, 1],
    ] as const) {
      const home = practice(t);
      const jobs: string[][] = [];
      const { api, keeper } = await home.start({ answer: dyingAt(new Set([DATES[guilty]]), jobs) });
      await api.offerLibrary({ bundle: bundle() });
      await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
      await api.execute({ leases: [EARLY, LATE].map(lease) });
      await logged(keeper, "run-died", 2);
      await api.execute({ leases: [EARLY, LATE].map(lease) });
      await until(api, runOn(DATES[guilty]), "QUARANTINED");
      await until(api, runOn(DATES[innocent]), "OUTBOX");
      t.same(jobs, [[...DATES], [DATES[0]], [DATES[1]]], "together, then one at a time, oldest first");
      const deaths = [...keeper.store.log.entries()].filter(({ kind }) => kind === "run-quarantined");
      t.match(
        deaths.map(({ body }) => body),
        [{ date: DATES[guilty] }],
      );
    }
  },
);

t.test("a person has quarantined runs tried again, by name in the log, and they are answered", async (t) => {
  const home = practice(t);
  const dying = new Set<string>(DATES);
  const { api, keeper } = await home.start({ answer: dyingAt(dying, []) });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  t.throws(() => retryRuns(keeper.store, "asthma-seen", person("Dr Ayo")), {
    code: "nothing-waits",
    kind: "wrong-use",
  });
  await api.execute({ leases: [EARLY, LATE].map(lease) });
  await logged(keeper, "run-died", 2);
  await api.execute({ leases: [EARLY, LATE].map(lease) });
  await logged(keeper, "run-quarantined", 2);
  dying.clear();
  const tried = retryRuns(keeper.store, "asthma-seen", person("Dr Ayo"));
  t.same(
    tried.map(({ run }) => run),
    [EARLY, LATE],
  );
  const noted = [...keeper.store.log.entries()].filter(({ kind }) => kind === "run-retried");
  t.same(
    noted.map(({ body }) => body),
    DATES.map((date) => ({ v: 1, run: runOn(date), query: "asthma-seen", date, by: "Dr Ayo" })),
  );
  await until(api, LATE, "READY");
  await api.execute({ leases: [EARLY, LATE].map(lease) });
  await until(api, LATE, "OUTBOX");
  await until(api, EARLY, "OUTBOX");
});

t.test("what is tried again after a later date has left is refused by name", async (t) => {
  const home = practice(t);
  const { api, keeper } = await home.start({ answer: dyingAt(new Set([DATES[0]]), []) });
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  await api.execute({ leases: [lease(EARLY)] });
  await logged(keeper, "run-died", 1);
  await api.execute({ leases: [lease(EARLY)] });
  await logged(keeper, "run-quarantined", 1);
  await api.execute({ leases: [lease(LATE)] });
  await until(api, LATE, "OUTBOX");
  retryRuns(keeper.store, EARLY, person("Dr Ayo"));
  const { runs } = await api.waitForChanges({ since: 0, holdSeconds: 0 });
  t.match(
    runs.find(({ run }) => run === EARLY),
    { state: "AGENT_RUN_STATE_REFUSED", refusal: { code: "date-too-old" } },
  );
});
