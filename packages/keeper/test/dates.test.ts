/** H3: dates are the query's. The keeper answers the ends of its own periods, as many back as it asks for, and no other day. */
import t from "tap";
import { openDatabase } from "@cairn/sqlite";
import { join } from "node:path";
import { whyNotAsked } from "../src/runs/asked.js";
import { assignment, bundle, practice, theQuery, until, runOn } from "./fixtures/practice.js";
import { lease, told } from "./fixtures/released.js";

const PERIODS = "{every: quarter, count: 4}";
const at = (day: string) => ({ now: () => Date.parse(`${day}T12:00:00Z`) });
const library = () => bundle({}, PERIODS);
const asked = (date: string) => assignment(date, {}, theQuery(PERIODS));

t.test("the ends of the query's periods are answered, and every other day is refused by name", async (t) => {
  const { api, keeper } = await practice(t).start(at("2025-09-01"));
  await api.offerLibrary({ bundle: library() });
  const own = ["2024-09-30", "2024-12-31", "2025-03-31", "2025-06-30"];
  const others = ["2024-06-30", "2025-04-30", "2025-06-29", "2025-07-01", "2025-09-30", "2024-12-30"];
  const { runs } = await api.offerRuns({ assignments: [...own, ...others].map(asked) });
  t.same(
    runs.map(({ referenceDate, refusal }) => [referenceDate, refusal?.code ?? null]),
    [...own.map((date) => [date, null]), ...others.map((date) => [date, "date-not-asked"])],
  );
  t.equal([...keeper.store.log.entries()].filter(({ kind }) => kind === "run-refused").length, others.length);
});

t.test("a date is due once its settle time is over: until then the oldest is asked in its place", (t) => {
  const query = theQuery(PERIODS);
  const code = (date: string, now: string) =>
    whyNotAsked(query, date, Date.parse(`${now}T12:00:00Z`))?.code ?? null;
  t.equal(code("2025-06-30", "2025-06-30"), null, "asked on its day, and waits for its records");
  t.equal(code("2025-06-30", "2025-06-29"), null, "a hub's clock or time zone may be ahead by some hours");
  t.equal(code("2025-06-30", "2025-06-28"), "date-not-asked", "a day to come is not asked");
  t.equal(code("2024-06-30", "2025-07-13"), null, "the newest that can be answered is 31 March");
  t.equal(code("2024-06-30", "2025-07-14"), "date-not-asked", "now it is 30 June, and this is the fifth");
  t.equal(code("2025-02-28", "2025-07-14"), "date-not-asked");
  t.equal(code("0001-01-01", "2025-07-14"), "date-not-asked");
  t.end();
});

t.test(
  "a date is one run, as whose assignment it comes: another practice's is refused by name",
  async (t) => {
    const { api } = await practice(t).start(at("2025-09-01"));
    await api.offerLibrary({ bundle: library() });
    const own = asked("2025-03-31");
    const offered = async (assignments: ReturnType<typeof asked>[]) =>
      (await api.offerRuns({ assignments })).runs.map(({ run, refusal }) => [run, refusal?.code ?? null]);
    const another = { ...own, run: runOn("another practice's") };
    t.same(await offered([own]), [[own.run, null]]);
    t.same(await offered([another]), [[another.run, "run-conflict"]], "the same again under another run");
    const refused = asked("2025-04-30");
    t.same(await offered([refused]), [[refused.run, "date-not-asked"]]);
    const turned = { ...asked("2025-06-30"), run: refused.run };
    t.same(await offered([turned]), [[refused.run, "date-not-asked"]], "and a run stays what it was");
  },
);

t.test("what a store held of other days from before is not answered either", async (t) => {
  const home = practice(t);
  const first = await home.start(at("2025-09-01"));
  await first.api.offerLibrary({ bundle: library() });
  await first.api.offerRuns({ assignments: [asked("2025-03-31")] });
  await first.stop();
  const db = openDatabase(join(home.folder, "keeper.db"));
  db.exec("UPDATE run SET reference_date = '2025-03-30'"); // as a keeper wrote it that answered any day
  db.close();
  const again = await home.start(at("2025-09-01"));
  await again.api.execute({ leases: [lease(runOn("2025-03-31"))] });
  await until(again.api, runOn("2025-03-31"), "REFUSED");
  t.equal((await told(again, runOn("2025-03-31"))).refusal?.code, "date-not-asked");
  t.equal(again.keeper.store.db.prepare("SELECT 1 FROM release").get(), undefined);
});
