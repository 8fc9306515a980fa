import t from "tap";
import { dateIn, firingsUpTo, momentWithin, nextDue } from "../src/schedules/due.js";
import {
  addedWords,
  addSchedule,
  doWhatIsDue,
  listedWords,
  listSchedules,
  nobodyWords,
  pauseSchedule,
  usualCron,
  type NewSchedule,
} from "@cairn/hub";
import { GROUP, story } from "./story.js";

const DAY = 86_400_000;
const ZONE = "Europe/London";
const at = (iso: string): number => Date.parse(iso);

/** Every moment that a schedule fires when the hub looks once a minute from one time to another. */
function moments(cron: string, from: string, to: string): string[] {
  const rule = { cron, timezone: ZONE, catchUp: "all" as const, catchUpWindow: DAY };
  const fired: string[] = [];
  let due: number | null = nextDue(cron, ZONE, at(from));
  for (let now = at(from); now <= at(to) && due !== null; now += 60_000) {
    if (due > now) continue;
    const { firings, next } = firingsUpTo(rule, due, now);
    fired.push(...firings.map((firing) => new Date(firing.at).toISOString()));
    due = next;
  }
  return fired;
}

t.test("each day once when the clocks go forward: the hour that is not there", async (t) => {
  // 29 March 2026: 01:00 to 02:00 does not exist in London.
  const fired = moments("30 1 * * *", "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z");
  t.equal(fired.length, 3);
  t.same(
    fired.map((moment) => dateIn(ZONE, at(moment))),
    ["2026-03-28", "2026-03-29", "2026-03-30"],
  );
});

t.test("each day once when the clocks go back: the hour that is there twice", async (t) => {
  // 25 October 2026: 01:00 to 02:00 comes twice in London.
  const fired = moments("30 1 * * *", "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z");
  t.same(
    fired.map((moment) => dateIn(ZONE, at(moment))),
    ["2026-10-24", "2026-10-25", "2026-10-26"],
  );
});

t.test("what was missed is made up for by rule, and every other one has its reason", async (t) => {
  const due = at("2026-06-01T06:00:00Z");
  const now = at("2026-06-04T12:00:00Z"); // 1, 2, 3 and 4 June were missed
  const rule = { cron: "0 7 * * *", timezone: ZONE, catchUpWindow: 2 * DAY };
  const done = (catchUp: "none" | "latest" | "all"): string[] =>
    firingsUpTo({ ...rule, catchUp }, due, now).firings.map((firing) =>
      firing.skip === null ? "done" : "skipped",
    );
  t.same(done("none"), ["skipped", "skipped", "skipped", "skipped"]);
  t.same(done("latest"), ["skipped", "skipped", "skipped", "done"]);
  t.same(done("all"), ["skipped", "skipped", "done", "done"]);
  const { firings, next } = firingsUpTo({ ...rule, catchUp: "none" }, due, due + 60_000);
  t.same(firings, [{ at: due, skip: null }], "a timely one is done under every rule");
  t.equal(next, at("2026-06-02T06:00:00Z"));
});

t.test("agents start at moments of their own, the same each time, within the spread", async (t) => {
  const hash = (n: number): Buffer => Buffer.from([n, 0, 0, 0]);
  t.same(
    [0, 128, 255].map((n) => momentWithin(1000, hash(n))),
    [0, 500, 996],
  );
  t.equal(momentWithin(0, hash(255)), 0);
});

const wanted: NewSchedule = {
  group: GROUP,
  queries: ["bp-control"],
  every: "quarter",
  periods: 3,
  until: null,
  cron: "0 6 15 1,4,7,10 *",
  timezone: ZONE,
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 30 * DAY,
};

t.test(
  "a schedule asks for past periods first and for each new one once, whatever happens to the hub",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    it.clock.now = at("2026-02-01T00:00:00Z");
    await it.member("Rowan");
    const { hub } = it.serving;
    await addSchedule(hub, wanted);
    const dates = async (): Promise<string[]> =>
      (
        await hub.store.db
          .selectFrom("run")
          .select(["reference_date", "state"])
          .orderBy("reference_date")
          .execute()
      ).map((run) => `${run.reference_date} ${run.state}`);
    await doWhatIsDue(hub);
    await doWhatIsDue(hub);
    t.same(await dates(), ["2025-06-30 offered", "2025-09-30 offered", "2025-12-31 offered"]);
    it.clock.now = at("2026-04-15T05:30:00Z");
    await doWhatIsDue(hub);
    t.same((await dates()).length, 4, "06:00 in London is 05:00 UTC in April");
    it.clock.now = at("2026-10-16T00:00:00Z"); // the hub slept through July's and was late for October's
    await doWhatIsDue(hub);
    t.same(await dates(), [
      "2025-06-30 offered",
      "2025-09-30 offered",
      "2025-12-31 offered",
      "2026-03-31 expired",
      "2026-09-30 offered",
    ]);
    const [schedule] = await listSchedules(hub);
    t.match(schedule?.skipped, [{ due: "2026-07-15T05:00:00.000Z", reason: /only the latest/ }]);
    t.equal(schedule?.nextDue, "2027-01-15T06:00:00.000Z");
    await pauseSchedule(hub, 1, true);
    it.clock.now = at("2027-01-16T00:00:00Z");
    await doWhatIsDue(hub);
    t.equal((await dates()).length, 5, "a paused schedule asks nothing");
    await t.rejects(pauseSchedule(hub, 9, true), { code: "schedule-unknown" });
  },
);

t.test("what a firing decided is opened whatever comes between, each date once", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.clock.now = at("2026-02-01T00:00:00Z");
  await it.member("Rowan");
  const { hub } = it.serving;
  const { db } = hub.store;
  const opened = async (): Promise<number> =>
    (await db.selectFrom("collection").select("id").execute()).length;
  const firings = async (): Promise<string[]> =>
    (await db.selectFrom("schedule_firing").selectAll().orderBy("due_at").execute()).map(
      ({ outcome }) => outcome,
    );
  const change = hub.store.change.bind(hub.store);
  let changes = 0;
  const cutAfter = (whole: number): void => {
    changes = 0;
    hub.store.change = async (...given) => {
      if ((changes += 1) > whole) throw new Error("cut here");
      return change(...given);
    };
  };
  cutAfter(2); // the schedule itself, then what it decides
  await addSchedule(hub, { ...wanted, catchUp: "none" });
  await t.rejects(doWhatIsDue(hub), { message: "cut here" });
  t.equal(await opened(), 0);
  t.same(await firings(), ["offered"]);
  hub.store.change = change;
  await pauseSchedule(hub, 1, true); // it was decided before
  it.clock.now += 92 * DAY; // and long ago
  await doWhatIsDue(hub);
  await doWhatIsDue(hub);
  t.equal(await opened(), 3);
  const told = [...hub.store.log.entries()].filter(({ kind }) => kind === "collection-opened");
  t.equal(told.length, 3, "in the log once each");
  t.same(await db.selectFrom("opening").selectAll().execute(), []);
});

t.test("a practice's moment within the spread is kept, and it is not asked before", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const { hub } = it.serving;
  await addSchedule(hub, { ...wanted, cron: null, periods: 1, spread: 6 * 3_600_000 });
  await doWhatIsDue(hub);
  const run = await hub.store.db.selectFrom("run").selectAll().executeTakeFirstOrThrow();
  t.equal(run.state, "not-due");
  t.same((await agent.poll()).assignments, []);
  it.clock.now = run.not_before;
  await doWhatIsDue(hub);
  const { state } = await hub.store.db.selectFrom("run").select("state").executeTakeFirstOrThrow();
  t.equal(state, "offered", "an agent that waits for news hears of it");
  t.equal((await agent.poll()).assignments.length, 1);
});

t.test("a schedule that cannot be is refused with what is wrong", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await t.rejects(addSchedule(hub, wanted), { code: "group-unknown" });
  await it.member("Rowan");
  await t.rejects(addSchedule(hub, { ...wanted, queries: ["no-such"] }), {
    code: "query-unknown",
    message: /bp-control/,
  });
  await t.rejects(addSchedule(hub, { ...wanted, cron: "61 6 * * *" }), { code: "schedule-wrong" });
  await t.rejects(addSchedule(hub, { ...wanted, timezone: "Europe/Glasgow" }), { code: "schedule-wrong" });
  await t.rejects(addSchedule(hub, { ...wanted, periods: 61 }), { code: "schedule-wrong" });
});

t.test(
  "a schedule that no practice would answer is refused, with the query and its own period",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    it.clock.now = at("2026-02-01T00:00:00Z");
    await it.member("Rowan");
    const { hub } = it.serving;
    const refused = async (change: Partial<NewSchedule>, message: RegExp): Promise<void> => {
      await t.rejects(addSchedule(hub, { ...wanted, ...change }), {
        code: "schedule-wrong",
        kind: "wrong-use",
        message,
      });
    };
    await refused(
      { every: "month" },
      /^bp-control is a query by quarter, answered for 16 quarters at most: use --every quarter$/,
    );
    await refused({ every: "year", periods: 1 }, /use --every quarter/);
    await refused({ periods: 17 }, /^bp-control .*: use --periods 16 or fewer$/);
    await refused(
      { periods: 16, until: "2025-09-30" },
      /from 2022-03-31 to 2025-12-31, and this asks for 2021-12-31/,
    );
    await refused({ periods: 2, until: "2019-12-31" }, /asks for 2 dates from 2019-09-30 to 2019-12-31/);
    await refused({ periods: 1, until: "2026-12-31" }, /asks for 2026-12-31/);
    await refused({ until: "2025-02-30" }, /YYYY-MM-DD/);
    await refused({ timezone: "Europe/Glen", cron: null }, /--timezone/);
    t.same(await listSchedules(hub), []);
    await t.resolves(addSchedule(hub, { ...wanted, periods: 16 }));
    await t.resolves(addSchedule(hub, { ...wanted, periods: 15, until: "2025-09-30" }));
  },
);

t.test("a schedule from before that was looked at skips what no practice answers, and says so", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.clock.now = at("2026-02-01T00:00:00Z");
  await it.member("Rowan");
  const { hub } = it.serving;
  await addSchedule(hub, { ...wanted, cron: "0 6 1 * *" });
  await hub.store.db.updateTable("schedule").set({ every: "month", periods: 60 }).execute();
  await doWhatIsDue(hub);
  const dates = async (): Promise<string[]> => {
    const rows = await hub.store.db.selectFrom("run").select(["reference_date", "state"]).execute();
    return rows.map((run) => `${run.reference_date} ${run.state}`).sort();
  };
  const asked = await dates();
  t.equal(asked.length, 16);
  t.equal(asked.at(-1), "2025-12-31 offered");
  t.match((await listSchedules(hub))[0]?.skipped, [
    {
      reason:
        /^not asked for 44 dates from 2021-02-28 to 2026-01-31: practices answer bp-control by quarter, from 2022-03-31/,
    },
  ]);
  it.clock.now = at("2026-04-01T06:00:00Z");
  await doWhatIsDue(hub);
  t.match((await dates()).slice(-1), ["2026-03-31 offered"]);
  it.clock.now = at("2026-05-01T06:00:00Z");
  await doWhatIsDue(hub);
  t.same((await dates()).slice(-1), ["2026-03-31 offered"], "a date that is not asked retires none that is");
  const skipped = (await listSchedules(hub))[0]?.skipped.filter(({ reason }) =>
    reason.startsWith("not asked"),
  );
  t.equal(skipped?.length, 2, "the first batch's, and April's");
  const notes = [...hub.store.log.entries()].filter(({ kind }) => kind === "schedule-skipped");
  t.match(notes.at(-1)?.body, { query: "bp-control", reason: /not asked for 2026-04-30/ });
});

t.test(
  "the usual time is after the settle time of each period, and each group has its own minute",
  async (t) => {
    const next = (every: "month" | "quarter" | "year", group: string, after: string): string =>
      new Date(nextDue(usualCron(every, group), ZONE, at(after)) ?? 0).toISOString();
    t.match(next("month", GROUP, "2026-02-16T00:00:00Z"), /^2026-03-15T0[4-7]:/);
    t.match(next("quarter", GROUP, "2026-02-16T00:00:00Z"), /^2026-04-15T0[3-6]:/, "London is an hour ahead");
    t.match(next("year", GROUP, "2026-02-16T00:00:00Z"), /^2027-01-15T0[4-7]:/);
    const times = Array.from({ length: 40 }, (_, i) => usualCron("quarter", `group ${i}`));
    t.ok(new Set(times).size > 20, "spread over four hours");
    t.equal(usualCron("month", GROUP), usualCron("month", GROUP));
  },
);

t.test("who adds a schedule is told what is asked, of whom, and when again", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.clock.now = at("2026-02-01T00:00:00Z");
  const { hub } = it.serving;
  await it.member("Rowan", "Other");
  await it.member("Ash");
  const added = await addSchedule(hub, wanted);
  t.match(added, { schedule: 1, added: true, practices: 1, nextDue: "2026-04-15T05:00:00.000Z" });
  t.same(added.dates, ["2025-06-30", "2025-09-30", "2025-12-31"]);
  t.same(addedWords(added), [
    "Schedule 1 asks Glen cluster for bp-control: 3 quarters, 2025-06-30 to 2025-12-31, of 1 practice now.",
    "It asks again on 15 April 2026 at 06:00 (Europe/London), and then after each quarter.",
    "A practice that joins later is asked for the past dates too.",
  ]);
  t.equal(nobodyWords(added), null);
  t.match(
    listedWords((await listSchedules(hub))[0]!).join("\n"),
    /asks first when the hub runs.*\n +nothing asked/,
  );
  const once = await addSchedule(hub, { ...wanted, group: "Other", cron: null });
  t.equal(once.nextDue, null);
  t.match(addedWords(once)[1], "It asks once, and not again.");
  await doWhatIsDue(hub);
  const [first, second] = (await listSchedules(hub)).map(listedWords);
  t.match(first, [
    /next 15 April 2026 at 06:00/,
    /asked for 3 dates from 2025-06-30 to 2025-12-31, of 1 practice/,
  ]);
  t.match(second, [/asks no more/]);
  t.match(nobodyWords({ ...added, practices: 0 }), /no practice of Glen cluster is admitted yet/);
});

t.test("what is asked already is said, and asked no second time", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.clock.now = at("2026-02-01T00:00:00Z");
  await it.member("Ash");
  const { hub } = it.serving;
  await addSchedule(hub, wanted);
  const again = async (change: Partial<NewSchedule> = {}): Promise<string> => {
    const { added, schedule, queries } = await addSchedule(hub, { ...wanted, ...change });
    return `${added ? "new" : "known"} ${schedule} ${queries.join(" ")}`.trim();
  };
  t.equal(await again(), "known 1", "before it has asked, too");
  await doWhatIsDue(hub);
  t.equal(await again(), "known 1");
  t.equal(await again({ cron: null, periods: 2 }), "known 1");
  t.match(addedWords(await addSchedule(hub, wanted)), [
    /Glen cluster is asked bp-control for these dates already, by schedule 1: nobody is asked twice/,
    /No schedule was added/,
    "Schedule 1 asks again on 15 April 2026 at 06:00 (Europe/London), and then after each quarter.",
  ]);
  t.equal((await listSchedules(hub)).length, 1);
  const queries = ["bp-control", "hypertension-register"];
  t.equal(await again({ queries }), "new 2 hypertension-register", "what is new is asked");
  t.equal(await again({ periods: 4 }), "new 3 bp-control", "further back is new");
  await pauseSchedule(hub, 1, true);
  await pauseSchedule(hub, 3, true);
  t.equal(await again(), "new 4 bp-control", "where the other goes on no more, it takes its place");
});

t.test("a schedule that asks once can be followed by one that goes on", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  it.clock.now = at("2026-02-01T00:00:00Z");
  await it.member("Ash");
  const { hub } = it.serving;
  await addSchedule(hub, { ...wanted, cron: null });
  await doWhatIsDue(hub);
  t.match(await addSchedule(hub, { ...wanted, cron: null }), { added: false, schedule: 1 });
  t.match(await addSchedule(hub, wanted), { added: true, schedule: 2, queries: ["bp-control"] });
  await doWhatIsDue(hub);
  it.clock.now = at("2026-04-15T06:00:00Z");
  await doWhatIsDue(hub);
  const dates = await hub.store.db.selectFrom("collection").select("reference_date").execute();
  t.equal(dates.at(-1)?.reference_date, "2026-03-31");
});
