/** The data-quality report: each fact, on records made so that it is known; and nothing of one person in it. */
import { openRecords, type Quality } from "@cairn/records";
import type { Codelist } from "@cairn/query-library";
import t from "tap";
import { extract, file, load, newStore } from "../../importers/test/fixtures/extracts.js";

t.setTimeout(120_000);

const PATIENTS = "patient_id,practice,date_of_birth,sex,deprivation_fifth,ethnic_group\n";
const EVENTS = "patient_id,date,system,code,value,unit,row_id,deleted\n";
const JOURNAL = {
  "patients.csv": `${PATIENTS}A,P,1950-02-03,female,3,white\nB,P,1961,male,,\nC,P,2001-07,,1,asian\nD,P,,other,,\n`,
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2001-01-01,2002-01-01\n",
  "events.csv":
    EVENTS +
    "A,2015-03-01,read2,G20..,,,,\nA,2015-03-02,read2,G2...,,,,\nA,2016-03-01,ctv3,XE0Ub,,,,\n" + // mapped, not, not
    "A,2016-03-01,snomed,38341003,,,,\nA,1950-02-02,snomed,1,,,,\nA,2025-06-02,snomed,1,,,,\n" + // before birth, future
    "B,1961-01-01,snomed,1,,,,\nC,2001-06-30,snomed,1,,,,\nC,2025-06-01,snomed,,,,,\n" + // the year's first day is no fault
    "A,2020-01-01,snomed,271649006,140,mmHg,,\nA,2020-01-01,snomed,271649006,140,mmHg,r1,\n" + // says the same
    "A,2020-01-02,snomed,271649006,14,kPa,,\nA,2020-01-03,snomed,271649006,150,,,\nA,2020-01-04,snomed,271649006,,,,\n" +
    "A,2020-01-05,snomed,999,7,JOHN SMITH,,\n",
};
const list = (name: string, code: string, unit: string | null): Codelist => ({
  name,
  version: "1",
  system: "snomed",
  kind: "clinical",
  unit,
  codes: [code],
  digest: name,
});
const LISTS = [
  list("systolic", "271649006", "mmHg"),
  list("hypertension", "38341003", null),
  list("asthma", "195967001", null),
];
const MAP = "from_system,from_code,to_code,assured\nread2,G20..,38341003,1\n";

async function quality(store: string, files: Record<string, string>): Promise<Quality> {
  return (await load(store, extract(files), { codelists: LISTS, codeMap: file("map.csv", MAP) })).quality;
}

t.test("each fact is counted, and only what is one", async (t) => {
  const store = newStore();
  const { units, ...found } = await quality(store, JOURNAL);
  t.same(found, {
    day: "2025-06-01",
    load: { added: 15, corrected: 0, deleted: 0, repeated: 0, superseded: 0, duplicates: 1 },
    people: {
      patients: 4,
      without_registration: 2,
      without_event: 1,
      birth: { day: 1, month: 1, year: 1, unknown: 1 },
      sex_unknown: 1,
      ethnic_group_unknown: 2,
      deprivation_unknown: 2,
    },
    events: {
      events: 15,
      without_code: 1,
      in_future: 1,
      before_birth: 2,
      years: [
        { year: 1950, events: 1 },
        { year: 1961, events: 1 },
        { year: 2001, events: 1 },
        { year: 2015, events: 2 },
        { year: 2016, events: 2 },
        { year: 2020, events: 6 },
        { year: 2025, events: 2 },
      ],
      codes: [
        { system: "read2", year: 2015, mapped: 1, unmapped: 1, ambiguous: 0 },
        { system: "ctv3", year: 2016, mapped: 0, unmapped: 1, ambiguous: 0 },
      ],
    },
    reach: {
      all: { newest: "2025-06-01", usual_month: null, usual_to: null },
      kinds: [
        { kind: "readings", newest: "2020-01-05", usual_month: null, usual_to: null },
        { kind: "other", newest: "2025-06-01", usual_month: null, usual_to: null },
      ],
      months: {
        "1950-02": 1,
        "1961-01": 1,
        "2001-06": 1,
        "2015-03": 2,
        "2016-03": 2,
        "2020-01": 6,
        "2025-06": 1,
      },
    },
    codelists: [
      { codelist: "asthma@1", patients: 0, readings: null },
      { codelist: "hypertension@1", patients: 1, readings: null },
      {
        codelist: "systolic@1",
        patients: 1,
        readings: {
          unit: "mmHg",
          events: 5,
          without_number: 1,
          without_unit: 1,
          ignored: [{ unit: "(units of fewer than 10 people)", events: 1 }],
        },
      },
    ],
  });
  t.match(units, [{ unit: "mmHg", events: 2 }]);
});

t.test("a unit that few people have is not named: it may be anything that a system put there", async (t) => {
  const report = await quality(newStore(), JOURNAL);
  t.notMatch(JSON.stringify(report), /JOHN SMITH|kPa/);
  t.same(report.units, [
    { unit: "mmHg", events: 2 },
    { unit: "(units of fewer than 10 people)", events: 2 },
  ]);
  const ten = Array.from({ length: 10 }, (_, i) => `p${i}`);
  const many = await quality(newStore(), {
    "patients.csv": PATIENTS + ten.map((id) => `${id},P,1950-01-01,female,,\n`).join(""),
    "registrations.csv": `patient_id,start,end\np0,2000-01-01,\n`,
    "events.csv": EVENTS + ten.map((id) => `${id},2020-01-01,snomed,271649006,14,kPa,,\n`).join(""),
  });
  t.same(many.units, [{ unit: "kPa", events: 10 }]);
  t.same(many.codelists.at(-1)?.readings?.ignored, [{ unit: "kPa", events: 10 }]);
});

t.test("it tells what became of each row of a delta, and describes the whole store", async (t) => {
  const store = newStore();
  await quality(store, JOURNAL);
  const delta =
    EVENTS +
    "A,2020-01-01,snomed,271649006,141,mmHg,r1,\n" + // corrected
    "A,2016-03-01,snomed,38341003,,,,\n" + // here already
    "B,2020-01-01,snomed,1,,,r2,\nB,2020-01-02,snomed,1,,,r2,\n" + // the last of one id counts
    "B,,,,,,r3,true\n"; // deletes what is not there
  const first = await quality(store, { "events.csv": delta });
  t.same(first.load, { added: 1, corrected: 1, deleted: 0, repeated: 1, superseded: 1, duplicates: 0 });
  t.equal(first.events.events, 16);
  const gone = await quality(store, { "events.csv": `${EVENTS}B,,,,,,r2,true\n` });
  t.same(gone.load, { added: 0, corrected: 0, deleted: 1, repeated: 0, superseded: 0, duplicates: 0 });
  t.equal(gone.events.events, 15);
  const [twice, taken, given] = [
    "A,2021-01-01,snomed,1,,,r4,\nA,2021-01-02,snomed,1,,,r4,\n", // nobody deletes anything
    "B,2021-01-01,snomed,1,,,r5,\nB,,,,,,r5,true\n", // deleted again
    "B,,,,,,r6,true\nB,2021-01-01,snomed,1,,,r6,\n", // here again
  ];
  const superseded = await quality(store, { "events.csv": `${EVENTS}${twice}${taken}${given}` });
  t.match(superseded.load, { added: 2, deleted: 0, superseded: 3 });
  const undone = `${EVENTS}A,,,,,,r4,true\nB,,,,,,r6,true\n`;
  t.match((await quality(store, { "events.csv": undone })).load, { deleted: 2 });
  t.equal(
    gone.events.events,
    gone.events.years.reduce((sum, { events }) => sum + events, 0),
  );
});

t.test("it is kept with the load, and a load that is not kept leaves the one before", async (t) => {
  const store = newStore();
  const kept = await quality(store, JOURNAL);
  await load(store, extract({ "events.csv": `${EVENTS}A,2020-01-09,snomed,1,,,,\n` }), { dryRun: true });
  const records = openRecords(store);
  t.same(records.quality(), kept);
  records.close();
});

t.test("many rows alike on one day are counted in time that grows with them", async (t) => {
  const rows = `${EVENTS}${"A,2020-01-01,snomed,1,,,,\n".repeat(30_000)}`;
  const { load: of } = await quality(newStore(), { ...JOURNAL, "events.csv": rows });
  t.equal(of.duplicates, 29_999);
});
