/** How far records really reach: what is usual, which day is believed, and what is said of it. */
import { dayNumber, type Codelist } from "@cairn/query-library";
import t from "tap";
import { openRecords } from "../../records/src/store.js";
import { emptyCodelists } from "../../records/src/format-coverage.js";
import { newestUsualMonth, thinMonths, usualMonth } from "../../records/src/volume.js";
import { extract, load, newStore, refusal, stateOf } from "../../importers/test/fixtures/extracts.js";

/** Months from one on, with these numbers of events; those with none are not there. */
function months(first: string, ...events: number[]): Record<string, number> {
  const [year = 0, month = 0] = first.split("-").map(Number);
  const name = (i: number): string => new Date(Date.UTC(year, month - 1 + i)).toISOString().slice(0, 7);
  return Object.fromEntries(events.map((n, i) => [name(i), n] as const).filter(([, n]) => n > 0));
}
const steady = (n: number, events: number): number[] => Array.from({ length: n }, () => events);

t.test("a month is thin with less than a third of the usual events", async (t) => {
  const known = months("2020-01", ...steady(24, 90));
  t.match(usualMonth(known, "2021-12"), { events: 90, least: 30 });
  t.same(thinMonths({ ...known, "2022-01": 30 }, ["2022-01"]), []);
  t.same(thinMonths({ ...known, "2022-01": 29 }, ["2021-12", "2022-01"]), ["2022-01"]);
  t.same(thinMonths(known, ["2022-01", "2022-02"]), ["2022-01", "2022-02"], "and so is one without any");
  t.equal(newestUsualMonth({ ...known, "2022-01": 29 }, "2022-06"), "2021-12");
});

t.test("mistyped dates do not become what is usual, nor does one huge month", async (t) => {
  const known = months("2015-01", ...steady(60, 4000), ...steady(70, 3)); // six years of strays
  t.equal(usualMonth(known, "2025-10")?.events, 4000);
  t.equal(newestUsualMonth(known, "2025-10"), "2019-12");
  t.equal(usualMonth({ ...known, "2019-06": 200_000 }, "2025-10")?.events, 4000);
});

t.test("where months differ much, a third alone is nothing out of the ordinary", async (t) => {
  const wild = [154, 88, 63, 55, 58, 63, 104, 79, 76, 88, 81, 30, 142, 48];
  t.same(thinMonths({ ...months("2015-01", ...wild), "2016-03": 20 }, ["2016-03"]), []);
  t.same(thinMonths(months("2015-01", ...wild), ["2016-03"]), ["2016-03"], "a month without any is");
});

t.test(
  "a month as quiet as in both years before is not thin; a quiet one after one such year is",
  async (t) => {
    const year = [...steady(6, 300), ...steady(3, 40), ...steady(3, 300)];
    const known = months("2020-01", ...year, ...year, ...year);
    t.same(thinMonths(known, ["2022-07", "2022-08", "2022-09"]), []);
    t.equal(newestUsualMonth(known, "2022-09"), "2022-09", "and such records are believed in summer");
    t.same(thinMonths(known, ["2021-07"]), ["2021-07"]);
    t.same(thinMonths({ ...known, "2022-08": 13 }, ["2022-07", "2022-08"]), ["2022-08"]);
    t.same(thinMonths({ ...known, "2022-02": 40 }, ["2022-02"]), ["2022-02"], "quiet in winter");
    const stopped = months("2018-01", ...steady(24, 300), ...steady(60, 2)); // and mistyped dates behind it
    t.equal(newestUsualMonth(stopped, "2024-12"), "2019-12");
    t.same(thinMonths(stopped, ["2023-01"]), ["2023-01"]);
  },
);

t.test("too little to know: thin is only a stretch without any event", async (t) => {
  const few = months("2024-01", 40, 40, 40, 40, 40);
  t.equal(usualMonth(few, "2025-01"), null, "five months");
  t.equal(usualMonth(months("2024-01", ...steady(24, 9)), "2025-12"), null, "nine events a month");
  t.same(thinMonths(few, ["2024-05", "2024-06"]), []);
  t.same(thinMonths(few, ["2024-07", "2024-08"]), ["2024-07", "2024-08"]);
});

const PEOPLE = {
  "patients.csv": `patient_id,practice,date_of_birth,sex\n${Array.from({ length: 40 }, (_, i) => `p${i},P,1960-01-01,female\n`).join("")}`,
  "registrations.csv": "patient_id,start,end\np1,2000-01-01,\n",
};

/** A journal of 40 events a month: readings by number, medicines, and others. */
function journal(first: string, count: number, last = "", more: Record<string, string> = {}): string {
  const rows = Object.keys(months(first, ...steady(count, 1))).flatMap((month) =>
    Array.from({ length: 40 }, (_, i) => {
      const what = [`snomed,271649006,140`, `dmd,317291008,`, `snomed,185349003,`][i % 3];
      return `p${i},${month}-${String(1 + (i % 28)).padStart(2, "0")},${what}\n`;
    }),
  );
  const events = `patient_id,date,system,code,value\n${rows.join("")}${last}`;
  return extract({ ...PEOPLE, "events.csv": events, ...more });
}
const day = dayNumber;

t.test("a day more than a month after the newest month of usual volume is refused", async (t) => {
  const store = newStore();
  await load(store, journal("2019-04", 12));
  const before = stateOf(store);
  const stray = "p1,2024-11-02,snomed,185349003,\n"; // does not make November 2024 a month of usual volume
  const stuck = journal("2019-04", 24, stray);
  const error = await refusal(load(store, stuck, { completeTo: day("2025-05-31") }));
  t.match(error, {
    code: "beyond-events",
    kind: "refused",
    message:
      /2025-05-31 is 1525 days after 2021-03-28.*some 40 events; the newest event is of 2024-11-02.*--quiet-days 1525 too; nothing was kept/,
  });
  t.same(stateOf(store), before, "the store is as it was");
  t.match(await load(store, stuck, { completeTo: day("2021-04-28") }), { covers_to: "2021-04-28" });
});

t.test("said twice it is taken, and what was said does for no other day", async (t) => {
  const store = newStore();
  const stuck = journal("2019-04", 24);
  const nightly = (to: string) => load(store, stuck, { completeTo: day(to), quietDays: 1524 });
  t.match(await nightly("2025-05-30"), { covers_to: "2025-05-30" });
  t.match(await nightly("2025-05-30"), { known: true, covers_to: "2025-05-30" });
  t.match((await refusal(nightly("2025-05-31"))).message, /--quiet-days 1525/);
  const records = openRecords(store);
  t.equal(records.coversTo(), "2025-05-30");
  records.close();
});

t.test("an extract that says of itself how far it is complete is believed no further", async (t) => {
  const says = journal("2019-04", 24, "", { "manifest.json": '{"covers_to":"2025-05-31"}' });
  t.equal((await refusal(load(newStore(), says))).code, "beyond-events");
  t.match(await load(newStore(), says, { quietDays: 1525 }), { covers_to: "2025-05-31" });
});

t.test("where there is too little to know what is usual nothing is refused", async (t) => {
  const report = await load(newStore(), journal("2020-01", 5), { completeTo: day("2025-05-31") });
  t.match(report, {
    covers_to: "2025-05-31",
    quality: { reach: { all: { newest: "2020-05-28", usual_to: null } } },
  });
});

t.test("the report names the newest event by kind, and how far each has its usual volume", async (t) => {
  const late = "p1,2021-04-30,snomed,271649006,150\np2,2031-01-01,snomed,271649006,150\n";
  const { quality } = await load(newStore(), journal("2019-04", 24, late));
  t.same(quality.reach?.all, { newest: "2021-04-30", usual_month: 40, usual_to: "2021-03-28" });
  t.same(quality.reach?.kinds, [
    { kind: "readings", newest: "2021-04-30", usual_month: 14, usual_to: "2021-03-28" },
    { kind: "medicines", newest: "2021-03-26", usual_month: 13, usual_to: "2021-03-26" },
    { kind: "other", newest: "2021-03-27", usual_month: 13, usual_to: "2021-03-27" },
  ]);
  t.equal(quality.reach?.months["2031-01"], undefined, "what lies in the future is no volume");
});

t.test("codelists without an event are named where the format has room for them", async (t) => {
  const list = (name: string, system: Codelist["system"], code: string): Codelist => ({
    name,
    version: "1",
    system,
    kind: "clinical",
    unit: null,
    codes: [code],
    digest: name,
  });
  const lists = [
    list("there", "snomed", "185349003"),
    list("not", "snomed", "111"),
    list("old", "ctv3", "x"),
  ];
  const store = newStore();
  await load(store, journal("2020-01", 1));
  const records = openRecords(store);
  t.same(emptyCodelists(records, lists), ["not@1", "old@1"]);
  const withoutEvents = records.withoutEvents.bind(records);
  t.same(emptyCodelists({ formats: () => ["aurum"], withoutEvents }, lists), ["not@1"], "Aurum has no CTV3");
  records.close();
});
