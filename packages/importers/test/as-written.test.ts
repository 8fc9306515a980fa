/** What is written oddly is read as it is meant, or counted with a word: padding, mangled codes, signs, days. */
import t from "tap";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { dayNumber } from "@cairn/query-library";
import { join } from "node:path";
import { isSnomedId } from "../../records/src/snomed-id.js";
import { eventsIn, extract, file, load, newStore, refusal, stateOf } from "./fixtures/extracts.js";

const PEOPLE = {
  "patients.csv": "patient_id,sex\nA,female\nB,male\n",
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2001-01-01,\n",
};
const events = (header: string, ...rows: string[]): Record<string, string> => ({
  "events.csv": `patient_id,date,system,code${header}\n${rows.join("\n")}\n`,
});
const ONE = events("", "A,2024-01-02,snomed,44054006");

t.test("fields that a fixed width fills up with spaces are read without them", async (t) => {
  const store = newStore();
  const report = await load(
    store,
    extract({
      "patients.csv":
        "patient_id,practice,sex,date_of_birth,deprivation_fifth\nA   ,P1 ,female ,1950-02-03 ,3 \n",
      "registrations.csv": "patient_id,start,end\n A,2000-01-01 , \n",
      ...events(
        ",value,unit,comparator,row_id,deleted",
        "A   ,2024-01-02 ,snomed ,44054006      , 7.5 ,mmol/L  ,< ,r1   ,false ",
        "A,2024-01-03,dmd, 39733011000001106,    ,,,,   ",
      ),
    }),
  );
  t.same(report.reasons, []);
  t.same(
    report.doubts.filter(({ reason }) => /spreadsheet/.test(reason)).map(({ count }) => count),
    [],
  );
  t.same(eventsIn(store), ["A 2024-01-02 snomed 44054006 7.5 mmol/L", "A 2024-01-03 dmd 39733011000001106"]);
  t.match(report, { patients: 1, registrations: 1 });
  await load(store, extract(events(",row_id,deleted", ",,,,r1,true")));
  t.same(eventsIn(store), ["A 2024-01-03 dmd 39733011000001106"], "ids of rows, too");
});

t.test("a code that no SNOMED CT id can be is counted as one, by file and line", async (t) => {
  const mangled = ["9.99001E+17", "4.4054E+07", "44054006.0", "44054007", "39733011000001104", "12345"];
  const good = ["44054006", "999791000000106", "195967001", "39733011000001106"];
  t.same(mangled.filter(isSnomedId), []);
  t.same(good.filter(isSnomedId), good);
  const report = await load(
    newStore(),
    extract({
      ...PEOPLE,
      ...events("", ...[...good, ...mangled].map((code) => `A,2024-01-02,snomed,${code}`)),
    }),
  );
  t.match(report.doubts, [
    { reason: /^events: its code is no SNOMED CT .* export codes as text/, count: 6, example: { line: 6 } },
  ]);
  t.equal(report.events, 10, "they are kept as they are");
});

t.test("somebody who is given twice with other facts is said; with the same, not", async (t) => {
  const patients = "patient_id,sex\nA,female\nA,female\nB,male\nA,male\nB,male\n";
  const report = await load(newStore(), extract({ ...PEOPLE, ...ONE, "patients.csv": patients }));
  t.match(report.doubts, [
    { reason: /^patients: the person was given before .* with other facts/, count: 1, example: { line: 5 } },
  ]);
  t.equal(report.doubts.length, 1);
});

t.test("rows that a lone pair of quotes swallows are counted", async (t) => {
  const rows = (first: number, last: number): string[] =>
    Array.from({ length: last - first + 1 }, (_, i) => `A,2024-01-02,snomed,44054006,n${first + i}`);
  const swallowing = [
    ...rows(1, 2),
    'A,2024-01-02,snomed,44054006,"5 mg',
    ...rows(3, 5),
    'A,2024-01-02,snomed,44054006,twice"',
  ];
  const report = await load(
    newStore(),
    extract({ ...PEOPLE, ...events(",note", ...swallowing, ...rows(6, 9)) }),
  );
  t.match(report.doubts, [{ reason: /quoted field runs over/, count: 4, example: { line: 4 } }]);
  const pair = ['A,2024-01-02,snomed,44054006,"5 mg', 'A,2024-01-02,snomed,44054006,twice"'];
  const two = await load(newStore(), extract({ ...PEOPLE, ...events(",note", ...pair) }));
  t.match(two.doubts, [{ count: 1 }], "two lines that became one");
  const long = await load(
    newStore(),
    extract({ ...PEOPLE, ...events(",note", `A,2024-01-02,snomed,44054006,"${"x\n".repeat(20)}"`) }),
  );
  t.match(long.doubts, [{ count: 20 }], "very many lines");
  const note = await load(
    newStore(),
    extract({ ...PEOPLE, ...events(",note", 'A,2024-01-02,snomed,44054006,"seen, well\nand again, well"') }),
  );
  t.same(note.doubts, [], "a note of two lines is one");
});

t.test("a comparator that stands in the value is read as one", async (t) => {
  const store = newStore();
  const values = ["<5,", ">200,", ">= 90,", "\u2264 7.5,", "~3,", "48,<", "<6,<"];
  const bad = ["<6,>", "5-6,", "<,", "48 mmol/mol,"];
  const report = await load(
    store,
    extract({
      ...PEOPLE,
      ...events(
        ",value,comparator",
        ...[...values, ...bad].map((each) => `A,2024-01-02,snomed,44054006,${each}`),
      ),
    }),
  );
  t.match(report.rows.events, { taken: values.length, skipped: bad.length });
  const db = openDatabase(join(store, "records.db"), { readonly: true });
  const found = db
    .prepare<[], string>(
      "SELECT m.comparator || e.value FROM event AS e JOIN measure AS m ON m.key = e.measure ORDER BY e.id",
    )
    .pluck()
    .all();
  db.close();
  t.same(found, ["<5.0", ">200.0", ">=90.0", "<=7.5", "~3.0", "<48.0", "<6.0"]);
});

t.test("an extract that says it is complete to a day after today is refused", async (t) => {
  const store = newStore();
  const says = (day: string): string =>
    extract({ ...PEOPLE, ...ONE, "manifest.json": `{"covers_to":"${day}"}` });
  t.match(await refusal(load(store, says("2099-01-01"))), {
    code: "not-this-format",
    kind: "does-not-hold",
    message: /complete to 2099-01-01, which has not come yet.*--complete-to/,
  });
  t.match(await refusal(load(store, says("2025-06-02"))), { kind: "does-not-hold" }, "tomorrow");
  t.equal((await load(store, says("2025-06-01"))).covers_to, "2025-06-01", "today");
});

t.test("an extract of an earlier day than the records is refused, unless it is asked for", async (t) => {
  const store = newStore();
  const month = (day: string, death: string): string =>
    extract({
      ...PEOPLE,
      ...ONE,
      "patients.csv": `patient_id,sex,date_of_death\nA,female,${death}\nB,male,\n`,
      "manifest.json": `{"covers_to":"${day}"}`,
    });
  const [january, february] = [month("2024-01-31", ""), month("2024-02-29", "2024-02-01")];
  await load(store, january);
  await load(store, february);
  const before = stateOf(store);
  const again = await load(store, january);
  t.match(again, { known: true, covers_to: "2024-02-29" }, "the very same content stays what it was");
  t.match(again.notes.join(), /the records stay complete to 2024-02-29/);
  t.same(stateOf(store), before);
  const other = month("2024-01-31", "");
  const words = {
    code: "older-extract",
    kind: "does-not-hold",
    message: /complete to 2024-01-31 and the records are to 2024-02-29: .*--older/,
  };
  const changed = extract({ ...PEOPLE, ...events("", "A,2024-01-05,snomed,44054006") });
  t.match(await refusal(load(store, changed, { completeTo: dayNumber("2024-01-31") })), words);
  t.same(stateOf(store), before);
  const taken = await load(store, changed, { completeTo: dayNumber("2024-01-31"), older: true });
  t.match(taken, { covers_to: "2024-01-31", events: 2 });
  t.ok(other);
});

t.test("a registration whose start was corrected is one registration", async (t) => {
  const store = newStore();
  const registrations = (...rows: string[]): string =>
    extract({ "registrations.csv": `patient_id,start,end\n${rows.join("\n")}\n` });
  await load(store, extract({ ...PEOPLE, ...ONE }));
  const held = (): string[] => {
    const records = openRecords(store);
    try {
      return records.person(1).registrations.map(({ start, end }) => `${start} ${end}`);
    } finally {
      records.close();
    }
  };
  const report = await load(store, registrations("A,2000-01-02,"));
  t.same(held(), ["2000-01-02 null"]);
  t.match(report.notes.join(), /1 registrations of earlier loads overlapped/);
  await load(store, registrations("A,2000-01-02,2010-03-04", "A,2010-03-04,"));
  t.same(held(), ["2000-01-02 2010-03-04", "2010-03-04 null"], "left and joined again on one day");
  await load(store, registrations("A,2015-01-01,"));
  t.same(held(), ["2000-01-02 2010-03-04", "2015-01-01 null"], "what does not overlap stays");
});

t.test("people with dates that cannot be stand in the quality report", async (t) => {
  const report = await load(
    newStore(),
    extract({
      ...ONE,
      "patients.csv":
        "patient_id,date_of_birth,date_of_death\nA,2030-02-03,\nB,1961-01-01,1950-01-01\nC,1990,\nD,1950-01-01,2050-01-01\n",
      "registrations.csv":
        "patient_id,start,end\nA,2000-01-01,\nB,1901-01-01,\nC,1990-02-01,\nD,2090-01-01,\n",
    }),
  );
  t.same(report.quality.people.impossible, {
    born_in_future: 1,
    died_in_future: 1,
    died_before_birth: 1,
    registered_before_birth: 2,
    registered_in_future: 1,
  });
});

t.test("Read codes without their dots map as those with them, in records and in the map", async (t) => {
  const read = ["C10F.", "C10F", " C10F.", "C10F. ", "c10f.", "C10F1"];
  const map = (code: string): string =>
    file("map.csv", `from_system,from_code,to_code,assured\nread2,${code},44054006,1\n`);
  for (const written of ["C10F.", "C10F"]) {
    const store = newStore();
    await load(
      store,
      extract({ ...PEOPLE, ...events("", ...read.map((code) => `A,2024-01-02,read2,${code}`)) }),
      {
        codeMap: map(written),
      },
    );
    const found = eventsIn(store);
    t.equal(found.filter((each) => each.includes("snomed 44054006 was read2")).length, 2, written);
    t.equal(
      found.filter((each) => each.endsWith("unmapped")).length,
      4,
      "letter case and spaces tell codes apart",
    );
  }
});
