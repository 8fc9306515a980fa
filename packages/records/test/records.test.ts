/** The store: what an engine reads is what was loaded, and a load is all or nothing. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { answer, memorySource } from "@cairn/engine";
import { OPT_OUTS_COUNTED, type PlainPatient, type Postings, type RecordSource } from "@cairn/tables";
import { importRecords } from "@cairn/importers";
import { openRecords, type Records } from "@cairn/records";
import {
  type Codelist,
  type CodeSystem,
  ETHNIC_GROUPS,
  isoDate,
  parseQuery,
  SEXES,
} from "@cairn/query-library";
import { openDatabase } from "@cairn/sqlite";
import fc from "fast-check";
import t, { type Test } from "tap";
import { EventReader } from "../src/all-events.js";
import { ALL_EVENTS, PostingsCache, postingsKey, type PostingsReader } from "../src/cache.js";
import { CodeIndex } from "../src/code-index.js";
import { ListReader } from "../src/postings.js";
import { IdSet } from "../src/id-set.js";
import { EventCounts } from "../src/quality/counts.js";
import { qualityOf } from "../src/quality/quality.js";
import { rowId } from "../src/row-id.js";
import { stateOf } from "../src/state.js";
import { DOUBLES, Spool, WORDS } from "../src/spool.js";

const dir = mkdtempSync(join(tmpdir(), "cairn-records-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
t.setTimeout(280_000); // the kill test starts ten processes
let made = 0;
const newFolder = (): string => join(dir, `${++made}`);

async function loaded(
  files: Record<string, string>,
  folder = newFolder(),
): Promise<{ records: Records; folder: string }> {
  const extract = newFolder();
  mkdirSync(extract);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(extract, name), text);
  const records = openRecords(folder);
  await importRecords(records, {
    format: "journal",
    paths: [extract],
    system: "snomed",
    completeTo: null,
    registeredFrom: null,
    dryRun: false,
    codelists: COUNTED,
    now: new Date(0),
    progress: () => undefined,
  });
  return { records, folder };
}

const list = (system: CodeSystem, codes: string[]): Codelist => ({
  name: "x",
  version: "1",
  system,
  kind: "clinical",
  unit: null,
  codes: codes.sort(),
  digest: "",
});

/** Lists of which each load says how good their events are. */
const COUNTED: readonly Codelist[] = [
  { ...list("snomed", ["1", "2"]), name: "readings", unit: "mmol/L" },
  { ...list("snomed", ["2", "3"]), name: "medicines", kind: "medicine" },
];

// Plain patients as a journal, so that the store can be compared with the engine's own memory.
function journalOf(patients: readonly PlainPatient[]): Record<string, string> {
  const people = patients.map(
    (p) =>
      `${p.id},P,${p.born ?? ""},${p.sex},${p.died ?? ""},${p.deprivationFifth ?? ""},${p.ethnicGroup}\n`,
  );
  const stays = patients.flatMap((p) => p.registrations.map((r) => `${p.id},${r.start},${r.end ?? ""}\n`));
  const events = patients.flatMap((p) =>
    p.events.map(
      (e) =>
        `${p.id},${e.date},${e.system},${e.code},${e.value ?? ""},${e.unit ?? ""},${e.comparator ?? ""},${e.quantity ?? ""},${e.clinician ?? ""}\n`,
    ),
  );
  return {
    "patients.csv": `patient_id,practice,date_of_birth,sex,date_of_death,deprivation_fifth,ethnic_group\n${people.join("")}`,
    "registrations.csv": `patient_id,start,end\n${stays.join("")}`,
    "events.csv": `patient_id,date,system,code,value,unit,comparator,quantity,clinician\n${events.join("")}`,
  };
}

const date = fc.integer({ min: 18_000, max: 18_040 }).map(isoDate);
const event = fc.record(
  {
    date,
    system: fc.constantFrom<CodeSystem>("snomed", "dmd", "loinc"),
    code: fc.constantFrom("1", "2", "3", "999999999999999999", ""),
    value: fc.integer({ min: -50, max: 5000 }).map((n) => n / 10),
    unit: fc.constantFrom("mmol/L", "%"),
    comparator: fc.constantFrom("<" as const, ">=" as const, "~" as const),
    quantity: fc.integer({ min: 1, max: 100 }),
    clinician: fc.integer({ min: 1, max: 3 }),
  },
  { requiredKeys: ["date", "system", "code"] },
);
/** An event without a code is of no system. */
const asKept = <E extends { system: CodeSystem; code: string }>(e: E): E =>
  e.code === "" ? { ...e, system: "local" } : e;
const person = fc.record({
  born: fc.option(date),
  died: fc.option(date),
  sex: fc.constantFrom(...SEXES),
  deprivationFifth: fc.option(fc.integer({ min: 1, max: 5 })),
  ethnicGroup: fc.constantFrom(...ETHNIC_GROUPS),
  registrations: fc.uniqueArray(fc.record({ start: date, end: fc.constant(null) }), {
    selector: (r) => r.start,
    minLength: 1,
    maxLength: 3,
  }),
  events: fc.array(event.map(asKept), { maxLength: 12 }),
});
const practice = fc
  .array(person, { minLength: 1, maxLength: 6 })
  .map((people) => people.map((p, i): PlainPatient => ({ ...p, id: `p${i}` })));

/** Postings as rows, without the keys and units that each source numbers for itself. */
function rowsOf(postings: Postings, names: (key: number) => string): unknown[] {
  return [...postings.patient].flatMap((key, p) =>
    Array.from({ length: postings.offset[p + 1]! - postings.offset[p]! }, (_, k) => {
      const i = postings.offset[p]! + k;
      return [
        names(key),
        postings.day[i],
        postings.value?.[i],
        postings.comparator?.[i],
        postings.units[postings.unit?.[i] ?? 0],
        postings.quantity?.[i],
        (postings.clinician?.[i] ?? -1) >= 0,
        postings.system?.[i],
        postings.mapped?.[i],
      ];
    }),
  );
}

/** Every event by itself: which patient, when, of which origin, and whether it has a code; of one day in any order. */
function eachOnce(all: Postings, names: (key: number) => string): string[] {
  return [...all.patient]
    .flatMap((key, p) =>
      [...all.day.subarray(all.offset[p], all.offset[p + 1])].flatMap((day, k) => {
        const i = all.offset[p]! + k;
        const of = `${names(key)} ${day} ${all.system![i]} ${all.mapped![i]} ${all.coded![i]}`;
        return Array<string>(all.count?.[i] ?? 1).fill(of);
      }),
    )
    .sort();
}

const CODED = parseQuery(
  `query: coded
version: 1.0.0
title: Coded
question: Of all events, how many have a code?
purpose: quality improvement
direction: none
people: everyone
unit: events
periods: {every: month, count: 1}
denominator: {events: all, in: 12 months}
numerator: {events: all, in: 12 months, coded: true}
by: [system, year]
`,
  { file: "coded.yaml", codelists: () => undefined },
);

function countsOf(source: RecordSource): unknown {
  if ("problems" in CODED) throw new Error(JSON.stringify(CODED.problems));
  const [table] = answer(source, [CODED.query], ["2019-05-31"], OPT_OUTS_COUNTED)[0]!;
  return table!.cells.map(({ split, denominator, numerator, largestDenominator }) => [
    split,
    denominator,
    numerator,
    largestDenominator,
  ]);
}

const ALL = { value: true, quantity: true, clinician: true, origin: true };
const LISTS = [
  list("snomed", ["1", "999999999999999999"]),
  list("dmd", ["2", "3"]),
  list("loinc", ["1"]),
  list("read2", ["1"]),
];

t.test("an engine reads from the store what it would read from memory", async (t) => {
  const check = async (patients: PlainPatient[]): Promise<void> => {
    const { records } = await loaded(journalOf(patients));
    try {
      compare(t, records, memorySource(patients), patients);
    } finally {
      records.close();
    }
  };
  await fc.assert(fc.asyncProperty(practice, check), { numRuns: 20 });
});

function compare(t: Test, records: Records, memory: RecordSource, patients: PlainPatient[]): void {
  const store = records.source();
  const stored = (key: number): string => records.foundBy(key);
  const plain = (key: number): string => patients[key]!.id;
  for (const each of LISTS) {
    for (const columns of [{}, { value: true }, ALL]) {
      const want = rowsOf(memory.postings(each, columns), plain);
      if (JSON.stringify(rowsOf(store.postings(each, columns), stored)) !== JSON.stringify(want)) {
        t.same(rowsOf(store.postings(each, columns), stored), want);
        throw new Error("postings differ");
      }
      // Once more, now from the blob.
      if (JSON.stringify(rowsOf(store.postings(each, columns), stored)) !== JSON.stringify(want))
        throw new Error("kept postings differ");
    }
  }
  const everyEvent = eachOnce(memory.allEvents(), plain);
  for (const read of ["the events", "the blob"])
    t.same(eachOnce(store.allEvents(), stored), everyEvent, `all events, from ${read}`);
  t.same(countsOf(store), countsOf(memory), "and as an engine counts them");
  const [people, want] = [store.people(), memory.people()];
  patients.forEach((_, p) => {
    const key = [...people.held!.keys()].filter((each) => people.held![each] === 1)[p]!;
    const columns = ["sex", "birthDay", "deathDay", "deprivationFifth", "ethnicGroup"] as const;
    for (const name of columns) if (people[name][key] !== want[name][p]) throw new Error(`${name} differs`);
    const starts = (from: typeof people, at: number): number[] => [
      ...from.registrationStart.slice(from.registrationOffset[at], from.registrationOffset[at + 1]),
    ];
    if (String(starts(people, key)) !== String(starts(want, p))) throw new Error("registrations differ");
  });
}

const TWO: PlainPatient[] = [
  {
    id: "A",
    born: "1950-01-01",
    died: null,
    sex: "female",
    deprivationFifth: 1,
    ethnicGroup: "white",
    registrations: [{ start: "2000-01-01", end: null }],
    events: [{ date: "2020-01-01", system: "snomed", code: "1", value: 7 }],
  },
  {
    id: "B",
    born: null,
    died: null,
    sex: "male",
    deprivationFifth: null,
    ethnicGroup: "unknown",
    registrations: [],
    events: [],
  },
];
const MORE = { "events.csv": "patient_id,date,code\nB,2020-02-02,1\n" };
const ONES = list("snomed", ["1"]);

t.test(
  "a source sees the records as they were when it was asked for; a later load shows in the next",
  async (t) => {
    const { records, folder } = await loaded(journalOf(TWO));
    const before = records.source();
    t.equal(before.postings(ONES, {}).day.length, 1);
    const other = await loaded(MORE, folder);
    t.equal(before.postings(ONES, { value: true }).day.length, 1, "unchanged under its feet");
    t.equal(before.people().size, 3, "keys begin at 1, so that 0 is nobody");
    t.equal(records.source().postings(ONES, {}).day.length, 2);
    t.equal(records.version(), 2);
    other.records.close();
    records.close();
  },
);

t.test("kept postings are given up when they are another store's, or damaged", async (t) => {
  const { records, folder } = await loaded(journalOf(TWO));
  records.source().postings(ONES, {});
  records.close();
  const rebuilt = newFolder();
  const other = await loaded(MORE_ALONE, rebuilt);
  other.records.close();
  for (const end of ["", "-wal", "-shm"]) {
    if (existsSync(join(folder, `postings.db${end}`)))
      writeFileSync(
        join(rebuilt, `postings.db${end}`),
        Buffer.from(await import("node:fs").then((fs) => fs.readFileSync(join(folder, `postings.db${end}`)))),
      );
  }
  const again = openRecords(rebuilt);
  t.equal(
    again.source().postings(ONES, {}).day.length,
    2,
    "not the one of the store that the blobs came from",
  );
  again.close();
  writeFileSync(join(rebuilt, "postings.db"), "no database");
  const damaged = openRecords(rebuilt);
  t.equal(damaged.source().postings(ONES, {}).day.length, 2);
  damaged.close();
});
const MORE_ALONE = {
  "patients.csv": "patient_id\nX\n",
  "registrations.csv": "patient_id,start\nX,2000-01-01\n",
  "events.csv": "patient_id,date,code\nX,2020-02-02,1\nX,2020-02-03,1\n",
};

// A practice of numbered rows, and loads that add, correct and delete some of a few patients.
const rowOf = fc.record({
  patient: fc.integer({ min: 0, max: 39 }),
  row: fc.integer({ min: 1, max: 12 }),
  date,
  code: fc.constantFrom("1", "2", "3", ""),
  value: fc.option(fc.integer({ min: 0, max: 99 }), { nil: "" }),
  unit: fc.constantFrom("", "mmol/L", "%", "spoons", "drops"),
  clinician: fc.constantFrom("", "a", "b", "c"),
});
const changeOf = fc.record({
  row: fc.integer({ min: 1, max: 14 }),
  date,
  code: fc.constantFrom("1", "2", "3", "999999999999999999"), // the last is one that the store has not seen
  value: fc.option(fc.integer({ min: 0, max: 99 }), { nil: "" }),
  unit: fc.constantFrom("", "mmol/L", "mg/dL", "spoons"),
  clinician: fc.constantFrom("", "a", "d"),
  deleted: fc.constantFrom("", "", "1"),
});
const delta = fc.record({
  patients: fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 2 }), // 40 is new
  changes: fc.array(changeOf, { minLength: 1, maxLength: 5 }),
});
const NUMBERED = "patient_id,date,system,code,value,unit,clinician,row_id,deleted\n";

t.test(
  "after loads, postings spliced and quality counted on are those of a walk over all events",
  async (t) => {
    let spliced = 0;
    const check = async (rows: (Omit<Change, "deleted"> & { patient: number })[], deltas: Delta[]) => {
      const line = (patient: number, { row, date, code, value, unit, clinician, deleted }: Change): string =>
        `${patient},${date},snomed,${code},${value},${unit},${clinician},${patient}-${row},${deleted}\n`;
      const patients = Array.from({ length: 40 }, (_, i) => i);
      const { records, folder } = await loaded({
        "patients.csv": `patient_id\n${patients.join("\n")}\n`,
        "registrations.csv": `patient_id,start\n${patients.map((p) => `${p},2000-01-01\n`).join("")}`,
        "events.csv": NUMBERED + rows.map((each) => line(each.patient, { ...each, deleted: "" })).join(""),
      });
      try {
        compareSpliced(folder);
        for (const { patients, changes } of deltas) {
          const lines = patients.flatMap((patient) => changes.map((change) => line(patient, change)));
          const files = { "patients.csv": "patient_id\n40\n", "events.csv": NUMBERED + lines.join("") };
          (await loaded(files, folder)).records.close();
          spliced += compareSpliced(folder);
          compareQuality(folder);
        }
      } finally {
        records.close();
      }
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(rowOf, { minLength: 20, maxLength: 60 }),
        fc.array(delta, { minLength: 1, maxLength: 4 }),
        check,
      ),
      { numRuns: process.env.CAIRN_LONG === undefined ? 8 : 100, endOnFailure: true },
    );
    t.ok(spliced > 10, `${spliced} postings were spliced`);
  },
);
type Delta = { patients: number[]; changes: Change[] };
type Change = {
  row: number;
  date: string;
  code: string;
  value: number | string;
  unit: string;
  clinician: string;
  deleted: string;
};

/** Asks the cache and reads anew; how many were spliced. */
function compareSpliced(folder: string): number {
  const cache = new PostingsCache(join(folder, "postings.db"));
  const db = openDatabase(join(folder, "records.db"), { readonly: true, check: false });
  const index = new CodeIndex(db);
  let spliced = 0;
  const readers = LISTS.flatMap((each) =>
    [{}, ALL].map((columns): [string, PostingsReader] => [
      postingsKey(each, columns),
      new ListReader(db, index, each, columns),
    ]),
  );
  readers.push([ALL_EVENTS, new EventReader(db, index)]);
  for (const [key, reader] of readers) {
    const counted: PostingsReader = {
      all: () => reader.all(),
      updated(kept, touched) {
        const now = reader.updated(kept, touched);
        if (now !== null && now !== kept) spliced++;
        return now;
      },
    };
    const [got, want] = [cache.through(stateOf(db), key, counted), reader.all()];
    const plain = ({ units, ...rest }: Postings) => ({
      ...rest,
      unit: rest.unit && [...rest.unit].map((u) => units[u]),
    });
    if (!isDeepStrictEqual(plain(got), plain(want))) throw new Error("spliced postings differ");
  }
  cache.close();
  db.close();
  return spliced;
}

/** Compares the quality that the newest load told with that of counts of all events. */
function compareQuality(folder: string): void {
  const records = openRecords(folder, { check: false });
  const told = records.quality()!;
  records.close();
  const db = openDatabase(join(folder, "records.db"), { readonly: true, check: false });
  const question = { today: 0, codelists: COUNTED };
  const want = qualityOf(db, EventCounts.ofAll(db, COUNTED), question, told.load);
  db.close();
  if (!isDeepStrictEqual(told, JSON.parse(JSON.stringify(want)))) throw new Error("the quality differs");
}

t.test("a load counts on from what was counted before it, and walks over no other event", async (t) => {
  const { records, folder } = await loaded({
    "patients.csv": "patient_id\nX\nY\n",
    "registrations.csv": "patient_id,start\nX,2000-01-01\nY,2000-01-01\n",
    "events.csv": `${NUMBERED}${Array.from({ length: 20 }, (_, i) => `X,1969-02-02,snomed,1,,,,${i + 1},\n`).join("")}`,
  });
  records.close();
  const db = openDatabase(join(folder, "records.db"), { check: false });
  db.exec("UPDATE event SET day = day - 7000 WHERE id = 9"); // what no load said: a walk would see it
  db.close();
  const more = { "events.csv": `${NUMBERED}Y,1969-02-04,snomed,2,,,,21,\nX,1969-02-02,snomed,1,,,,3,1\n` };
  const after = (await loaded(more, folder)).records;
  t.equal(after.quality()?.reach?.all?.newest, "1969-02-04");
  t.same(after.quality()?.events.years, [{ year: 1969, events: 20 }]);
  t.same(
    after.quality()?.codelists.map(({ patients }) => patients),
    [1, 2],
  );
  after.close();
});

t.test("units of as many readings stand in one order, whichever load brought them", async (t) => {
  const row = (patient: string, unit: string, id: number): string =>
    `${patient},2019-02-02,snomed,1,7,${unit},,${id},\n`;
  const others = Array.from({ length: 20 }, (_, i) => row("Y", "mmol/L", i + 1));
  const { records, folder } = await loaded({
    "patients.csv": "patient_id\nX\nY\n",
    "registrations.csv": "patient_id,start\nX,2000-01-01\nY,2000-01-01\n",
    "events.csv": NUMBERED + others.join("") + row("Y", "mg/dL", 21),
  });
  records.close();
  const after = (await loaded({ "events.csv": NUMBERED + row("X", "%", 22) }, folder)).records;
  t.same(after.quality()?.codelists.find(({ readings }) => readings)?.readings?.ignored, [
    { unit: "mg/dL", events: 1 },
    { unit: "%", events: 1 },
  ]);
  after.close();
  compareQuality(folder);
});

t.test("kept postings of a store that was put back from a backup are not taken for its own", async (t) => {
  const { records, folder } = await loaded(journalOf(TWO));
  const copy = newFolder();
  mkdirSync(copy);
  await records.backup(join(copy, "records.db"));
  records.close();
  const first = await loaded(MORE, folder);
  first.records.source().postings(ONES, {});
  first.records.close();
  cpSync(join(copy, "records.db"), join(folder, "records.db"));
  for (const end of ["-wal", "-shm"]) rmSync(join(folder, `records.db${end}`), { force: true });
  const other = { "events.csv": "patient_id,date,code\nB,2020-03-03,1\nB,2020-03-04,1\n" };
  const again = await loaded(other, folder);
  t.equal(again.records.version(), 2, "the number that the lost load had");
  t.equal(again.records.source().postings(ONES, {}).day.length, 3);
  again.records.close();
});

t.test("one load at a time, and a backup opens as a store", async (t) => {
  const { records, folder } = await loaded(journalOf(TWO));
  const load = records.beginLoad(null);
  const second = openDatabase(join(folder, "records.db"));
  second.pragma("busy_timeout = 10");
  t.throws(() => second.exec("BEGIN IMMEDIATE"), /locked/);
  second.close();
  load.abandon();
  const copy = newFolder();
  mkdirSync(copy);
  await records.backup(join(copy, "records.db"));
  const restored = openRecords(copy);
  t.same(restored.totals(), records.totals());
  t.equal(restored.source().postings(ONES, {}).day.length, 1);
  restored.close();
  records.close();
});

t.test("a spool gives rows back by patient, day and arrival, however many runs it took", async (t) => {
  for (const [chunk, rows] of [
    [16, 500],
    [9000, 20_000],
    [9000, 500],
  ] as const) {
    const spool = new Spool(dir, chunk);
    const want: string[] = [];
    const line = (patient: number, day: number, i: number): string =>
      [patient, String(day + 5).padStart(2, "0"), String(i).padStart(5, "0")].join(" ");
    for (let i = 0; i < rows; i++) {
      const [patient, day] = [1 + ((i * 7) % 5), ((i * 13) % 11) - 5];
      spool.add(patient, day, i, 0, i / 4, 0, NaN, 0, 0, false);
      want.push(line(patient, day, i));
    }
    const got: string[] = [];
    for (const { patient, count, words, doubles } of spool.patients()) {
      for (let i = 0; i < count; i++) {
        const code = words[i * WORDS + 2]!;
        got.push(line(patient, words[i * WORDS + 1]!, code));
        if (doubles[i * DOUBLES + 4] !== code / 4) throw new Error("a value went astray");
      }
    }
    t.ok(isDeepStrictEqual(got, want.sort()), `${rows} rows in chunks of ${chunk}`);
  }
  t.notOk(
    readdirSync(dir).some((name) => name.endsWith(".tmp")),
    "temporary files have no name",
  );
});

t.test("a set of ids forgets none, and takes few for others, in any number", async (t) => {
  const [sequential, hashed] = [new IdSet(), new IdSet()];
  let taken = 0;
  for (let i = 0; i < 400_000; i++) {
    if (sequential.add(5_000_000 + i)) t.fail("numbers that follow one another are told apart");
    if (hashed.add(rowId(`row ${i}`))) taken++;
  }
  t.ok(taken < 4000, `${taken} of 400,000 taken for others`);
  let forgotten = 0;
  for (let i = 0; i < 400_000; i++)
    if (!sequential.has(5_000_000 + i) || !sequential.add(5_000_000 + i) || !hashed.has(rowId(`row ${i}`)))
      forgotten++;
  t.equal(forgotten, 0);
  t.notOk(sequential.has(4_999_999));
});

t.test("row ids keep their difference: numbers as themselves, others hashed below zero", async (t) => {
  t.equal(rowId("123456789012345"), 123456789012345);
  t.equal(rowId(""), 0);
  for (const text of ["0", "007", "9223372036854775807", "6f1c", "-5"])
    t.ok(rowId(text) < 0 && Number.isSafeInteger(rowId(text)), text);
  const ids = Array.from({ length: 20_000 }, (_, i) => rowId(`Observation/${i}`));
  t.equal(new Set(ids).size, ids.length);
});

const LOADER = `
import { importRecords } from "${new URL("../../importers/dist/index.js", import.meta.url).href}";
import { openRecords } from "${new URL("../dist/index.js", import.meta.url).href}";
const [folder, extract] = process.argv.slice(2);
const records = openRecords(folder);
process.send("ready");
await importRecords(records, { format: "journal", paths: [extract], system: "snomed", completeTo: null, registeredFrom: null, dryRun: false, now: new Date(), progress: () => undefined });
process.send("loaded");
records.close();
process.disconnect();
`;

t.test("killed at any moment of a load, the store is as before or as after", async (t) => {
  const { records, folder } = await loaded(journalOf(TWO));
  const before = records.totals();
  records.close();
  const extract = newFolder();
  mkdirSync(extract);
  const rows = Array.from(
    { length: 40_000 },
    (_, i) => `${i % 2 ? "A" : "B"},${isoDate(15_000 + (i % 3000))},${i % 50}\n`,
  );
  writeFileSync(join(extract, "events.csv"), `patient_id,date,code\n${rows.join("")}`);
  const script = join(newFolder(), "loader.mjs"); // of what is built: the tests' own loader takes longer than a load
  mkdirSync(join(script, ".."), { recursive: true });
  writeFileSync(script, LOADER);
  const start = (store: string): ChildProcess =>
    spawn(process.execPath, [script, store, extract], {
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
  const said = (child: ChildProcess, word: string): Promise<void> =>
    new Promise((resolve) => child.on("message", (each) => each === word && resolve()));
  const ended = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => child.once("exit", () => resolve()));
  const copyOfBefore = (): string => {
    const copy = newFolder();
    cpSync(folder, copy, { recursive: true });
    return copy;
  };
  const eventsIn = (store: string): number => {
    const then = openRecords(store);
    const { events } = then.totals();
    const counted = then
      .source()
      .allEvents()
      .count!.reduce((sum, count) => sum + count, 0);
    t.equal(counted, events, "the count and the rows agree");
    then.close();
    return events;
  };

  // Once undisturbed, to know how long there is to kill it in.
  const whole = copyOfBefore();
  const undisturbed = start(whole);
  let began = 0;
  const times = Promise.all([
    said(undisturbed, "ready").then(() => (began = Date.now())),
    said(undisturbed, "loaded").then(() => Date.now()),
    ended(undisturbed),
  ]);
  const length = (await times)[1] - began;
  t.equal(eventsIn(whole), before.events + 40_000, "the load that was let alone is there");

  for (let round = 0; round < 10; round++) {
    const store = copyOfBefore();
    const child = start(store);
    const gone = ended(child);
    await Promise.race([said(child, "ready"), gone]);
    // From the first moment to just past the last; what is random is printed.
    const moment = Math.round(((round + Math.random()) / 9) * length);
    await new Promise((resolve) => setTimeout(resolve, moment));
    child.kill("SIGKILL");
    await gone;
    const events = eventsIn(store);
    t.ok(
      events === before.events || events === before.events + 40_000,
      `killed after ${moment} of ${length} ms: ${events} events`,
    );
    const left = readdirSync(store).filter((name) => name.endsWith(".tmp"));
    t.same(left, [], "no temporary file stays behind");
  }
});
