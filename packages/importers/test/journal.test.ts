/** A journal: what is taken, what is left and why, and that nothing is kept of a load that fails. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t from "tap";
import { openRecords } from "@cairn/records";
import { dayOfText } from "../src/fields.js";
import { extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";

t.setTimeout(280_000);

const dir = t.testdir();

const PATIENTS = "patient_id,practice,date_of_birth,sex,date_of_death,deprivation_fifth,ethnic_group\n";
const EVENTS = "patient_id,date,system,code,value,unit,comparator,quantity,clinician,row_id,deleted\n";
const JOURNAL = {
  "patients.csv": `${PATIENTS}A,P1,1950-02-03,female,,3,white\nB,P1,1961,male,2024-05-06,,\nC,P1,2001-07,,,1,asian\n`,
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2001-01-01,2002-01-01\n",
  "events.csv":
    `${EVENTS}A,2024-01-02,snomed,346255635683749599,7.5,mmol/L,<,,dr-x,r1,\n` +
    "B,2024-02-03,dmd,4123411000001107,,,,28,,r2,\nA,2023-12-31,ctv3,XE2eG,,,,,,r3,\nA,2023-12-31,ctv3,XE2eg,,,,,,,\n",
};
const FOUR = [
  "A 2023-12-31 ctv3 XE2eG",
  "A 2023-12-31 ctv3 XE2eg",
  "A 2024-01-02 snomed 346255635683749599 <7.5 mmol/L by dr-x",
  "B 2024-02-03 dmd 4123411000001107 x28.0",
];

t.test("a journal is taken whole: codes as exact text, values, comparators, clinicians", async (t) => {
  const store = newStore();
  const report = await load(store, extract(JOURNAL), { completeTo: dayOfText("2025-05-31") });
  t.match(report, {
    rows: {
      patients: { taken: 3, skipped: 0 },
      registrations: { taken: 2, skipped: 0 },
      events: { taken: 4, skipped: 0 },
    },
    patients: 3,
    events: 4,
    registrations: 2,
    covers_to: "2025-05-31",
    basis: "registrations",
    known: false,
  });
  t.same(listedIn(store), FOUR);
});

t.test("column order is free, unknown columns are named, .gz and a byte order mark are taken", async (t) => {
  const store = newStore();
  const swapped = "\ufeffcode,shoe_size,DATE,patient_id\r\n22298006,44,2024-01-02,A\r\n\r\n";
  const folder = extract({ ...JOURNAL, "events.csv": "", "manifest.json": '{"covers_to": "2025-03-31"}' });
  rmSync(join(folder, "events.csv"));
  writeFileSync(join(folder, "events.csv.gz"), gzipSync(swapped));
  const report = await load(store, folder, { system: "read2" });
  t.match(report.notes, [/column shoe_size .* was ignored/]);
  t.equal(report.covers_to, "2025-03-31", "from the manifest");
  t.same(listedIn(store), ["A 2024-01-02 read2 22298006"]);
});

t.test("a bad row is skipped, counted and reported by file and line; none of it is repeated", async (t) => {
  const good = "A,2024-01-02,snomed,1,,,,,,,\n".repeat(60);
  const bad = [
    "A,2024-02-30,snomed,SECRET,,,,,,,",
    "A,9999-12-31,snomed,SECRET,,,,,,,",
    "A,2024-01-02,klingon,SECRET,,,,,,,",
    "A,2024-01-02,snomed,SECRET,high,,,,,,",
    "A,2024-01-02,snomed,SECRET,1,,!,,,,",
    "A,2024-01-02,snomed,SECRET",
    "A,2024-01-02,snomed,SECRET,,,,,,,true",
  ];
  const left = ["SECRET,2024-01-02,snomed,1,,,,,,,", "A,,snomed,SECRET,,,,,,,"];
  const store = newStore();
  const report = await load(
    store,
    extract({ ...JOURNAL, "events.csv": EVENTS + good + [...bad, ...left].join("\n") }),
  );
  t.same(report.rows.events, { taken: 60, skipped: 9 });
  t.equal(
    report.reasons.reduce((sum, each) => sum + each.count, 0),
    9,
  );
  t.match(
    report.reasons.find((each) => each.reason.includes("system")),
    { count: 1, example: { file: "events.csv", line: 64 } },
  );
  t.notMatch(JSON.stringify(report), /SECRET|klingon/);
});

t.test(
  "a file that is not what it claims to be is refused in words, and nothing of it is kept",
  async (t) => {
    const store = newStore();
    await load(store, extract(JOURNAL));
    const wrong: [name: string, files: Record<string, string | Buffer>, words: RegExp][] = [
      [
        "another delimiter",
        { "events.csv": EVENTS.replaceAll(",", ";") + "A;2024-01-02;snomed;1;;;;;;;\n" },
        /events\.csv.*semicolons/,
      ],
      [
        "a column missing",
        { "events.csv": "patient_id,code\nA,1\n" },
        /events\.csv: it lacks the column date/,
      ],
      [
        "another encoding",
        { "events.csv": Buffer.from("\ufeff" + EVENTS, "utf16le") },
        /events\.csv: is UTF-16/,
      ],
      ["empty", { "events.csv": "" }, /events\.csv: is empty/],
      ["no CSV", { "events.csv": Buffer.from([0xff, 0xd8, 0x12, 10, 0x80, 10]) }, /events\.csv/],
      [
        "most rows bad",
        { "events.csv": `${EVENTS}${"A,soon,snomed,1,,,,,,,\n".repeat(20)}` },
        /20 of 20 rows are bad.*nothing was kept.*events\.csv:2/,
      ],
      [
        "of nobody here",
        { "events.csv": `${EVENTS}${"Z,2024-01-01,snomed,1,,,,,,,\n".repeat(20)}` },
        /none of its 20 rows is of a known patient/,
      ],
      ["two practices", { "patients.csv": `${PATIENTS}D,P1,,,,,\nE,P2,,,,,\n` }, /names 2 practices/],
      ["another practice", { "patients.csv": `${PATIENTS}D,P9,,,,,\n` }, /practice P9.*those of P1/],
      [
        "a damaged .gz",
        { "events.csv.gz": gzipSync("x".repeat(9000)).subarray(0, 20) },
        /events\.csv\.gz: ends before its end/,
      ],
    ];
    for (const [name, files, words] of wrong) {
      const error = await refusal(
        load(store, extract({ "patients.csv": `${PATIENTS}NEW,P1,,,,,\n`, ...files })),
      );
      t.match(error.message, words, name);
      t.notMatch(error.message, /\n/, `${name}: one line`);
    }
    t.match(await refusal(load(store, join(dir, "nowhere"))), { code: "no-files", kind: "unavailable" });
    t.match(await refusal(load(store, extract({ "letter.txt": "hello" }))), {
      code: "no-files",
      message: /no patients\.csv/,
    });
    t.same(listedIn(store), FOUR, "the store is as it was");
    const records = openRecords(store);
    t.match(records.totals(), { patients: 3 });
    t.equal(records.version(), 1);
    records.close();
  },
);

t.test("an extract cut off between bytes that belong together is not half taken", async (t) => {
  const bytes = Buffer.from(`${EVENTS}${"A,2024-01-02,snomed,1,7,Ångström,,,,,\n".repeat(40)}`);
  const latin = Buffer.from(`${EVENTS}A,2024-01-02,snomed,1,7,\xc5ngstr\xf6m,,,,,\n`, "latin1");
  const report = await load(
    newStore(),
    extract({ ...JOURNAL, "events.csv": Buffer.concat([bytes, latin.subarray(EVENTS.length)]) }),
  );
  t.same(report.rows.events, { taken: 40, skipped: 1 });
  t.match(report.reasons, [{ reason: "events: it is not UTF-8", example: { line: 42 } }]);
});

t.test(
  "the same content twice changes nothing, whatever the files are called; only the day may be said anew",
  async (t) => {
    const store = newStore();
    await load(store, extract(JOURNAL));
    const again = extract({
      "sub/patients-a.csv": JOURNAL["patients.csv"],
      "sub/registrations.csv": JOURNAL["registrations.csv"],
    });
    writeFileSync(join(again, "sub/events.csv.gz"), gzipSync(JOURNAL["events.csv"]));
    const report = await load(store, again, { completeTo: dayOfText("2025-01-31") });
    t.match(report, { known: true, events: 4, covers_to: "2025-01-31" });
    const records = openRecords(store);
    t.equal(records.version(), 1);
    t.equal(records.coversTo(), "2025-01-31");
    records.close();
  },
);

t.test("a later extract adds, corrects and deletes", async (t) => {
  const store = newStore();
  await load(store, extract(JOURNAL));
  const delta =
    `${EVENTS}A,2024-01-09,snomed,346255635683749599,6.5,mmol/L,,,dr-x,r1,\n` + // corrected, to another day
    "B,,,,,,,,,r2,true\n" + // deleted
    "A,2023-12-31,ctv3,XE2eg,,,,,,,\n" + // repeats a row without an id
    "B,2025-01-01,snomed,5,,,,,,r9,\nB,2025-01-02,snomed,6,,,,,,r9,\nB,2025-01-03,snomed,7,,,,,,r10,\n" + // r9 re-issued
    "B,,,,,,,,,r10,1\n";
  const report = await load(store, extract({ "events.csv": delta }));
  t.same(listedIn(store), [
    "A 2023-12-31 ctv3 XE2eG",
    "A 2023-12-31 ctv3 XE2eg",
    "A 2024-01-09 snomed 346255635683749599 6.5 mmol/L by dr-x",
    "B 2025-01-02 snomed 6",
  ]);
  t.match(report, { events: 4, basis: "registrations" });
  await load(store, extract({ "registrations.csv": "patient_id,start,end\nA,2000-01-01,2025-01-01\n" }));
  const records = openRecords(store);
  t.equal(records.totals().registrations, 2, "a registration given again has its end corrected");
  t.equal(records.version(), 3);
  records.close();
});

t.test("an extract in which nobody of the store occurs is doubted", async (t) => {
  const peopleOf = (name: string, count: number): string =>
    `patient_id,sex\n${Array.from({ length: count }, (_, i) => `${name}${i},male\n`).join("")}`;
  const doubt = /none of the 100 people in the store is in this extract: is it this practice's\?/;
  const store = newStore();
  const first = await load(store, extract({ "patients.csv": peopleOf("a", 100) }), {
    registeredFrom: "birth",
  });
  t.notMatch(first.notes.join("\n"), doubt, "an empty store knows nobody");
  const said = async (files: Record<string, string>, more: object = {}): Promise<string> =>
    (await load(store, extract(files), { dryRun: true, ...more })).notes.join("\n");
  t.match(await said({ "patients.csv": peopleOf("b", 100) }), doubt);
  t.notMatch(await said({ "patients.csv": peopleOf("b", 99) }), doubt, "few may all be new");
  t.notMatch(await said({ "patients.csv": `${peopleOf("b", 100)}a7,female\n` }), doubt, "one is known");
  t.notMatch(await said({ "patients.csv": `${peopleOf("b", 100)}a7,male\n` }), doubt, "one is as before");
  const events = `${EVENTS}a7,2024-01-09,snomed,1,,,,,,,\n`;
  t.notMatch(await said({ "patients.csv": peopleOf("b", 100), "events.csv": events }), doubt, "by an event");
  t.notMatch(
    await said({ "patients.csv": peopleOf("b", 100) }, { whole: true }),
    doubt,
    "whole says its own",
  );
  await load(store, extract({ "patients.csv": peopleOf("b", 100) }));
  t.notMatch(await said({ "patients.csv": peopleOf("b", 100) }), doubt, "the same again");
});

t.test("the day to which records count as complete is said where nobody said it", async (t) => {
  const store = newStore();
  const manifest = { "manifest.json": '{"covers_to":"2025-01-31"}' };
  const first = await load(store, extract({ ...JOURNAL, ...manifest }), { completeTo: null });
  t.match(
    first.notes.join("\n"),
    /no --complete-to was given: taken as complete to 2025-01-31, as the extract says/,
  );
  const delta = { "events.csv": `${EVENTS}A,2024-01-09,snomed,1,,,,,,,\n` };
  const later = await load(store, extract(delta), { completeTo: null, dryRun: true });
  t.match(later.notes.join("\n"), /names no day: the records count as complete to 2025-01-31, as before/);
  const told = await load(store, extract(delta), { completeTo: dayOfText("2025-02-28") });
  t.notMatch(told.notes.join("\n"), "complete-to");
});

t.test("identical rows without an id are distinct events", async (t) => {
  const row = "A,2024-01-02,snomed,1,,,,,,,\n";
  const store = newStore();
  await load(store, extract({ ...JOURNAL, "events.csv": EVENTS + row + row }));
  t.equal(listedIn(store).length, 2);
  const whole = await load(store, extract({ ...JOURNAL, "events.csv": EVENTS + row + row + row }));
  t.equal(whole.events, 3, "a whole extract again with one more adds one");
});

t.test("a dry run reports the same and keeps nothing", async (t) => {
  const store = newStore();
  const dry = await load(store, extract(JOURNAL), { dryRun: true });
  t.match(dry, { events: 4, patients: 3 });
  t.same(listedIn(store), []);
  const wet = await load(store, extract(JOURNAL));
  t.same(wet, dry);
});

t.test("without registrations the load asks what to use instead, and the store remembers", async (t) => {
  const store = newStore();
  const { "registrations.csv": _, ...none } = JOURNAL;
  t.match(await refusal(load(store, extract(none))), {
    code: "no-registrations",
    kind: "wrong-use",
    message:
      /--registered-from birth .*denominators are too large.*--registered-from first-record .*is missed.*who left stays/,
  });
  t.match(await load(store, extract(none), { registeredFrom: "first-record" }), {
    basis: "first-record",
    registrations: 0,
  });
  const records = openRecords(store);
  t.equal(records.recordBasis(), "first-record");
  const people = records.source().people();
  t.same(
    [...people.registrationStart].map((day) => day),
    [dayOfText("2023-12-31"), dayOfText("2024-02-03")],
  );
  records.close();
});
