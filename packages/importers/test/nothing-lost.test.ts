/** Nothing of an extract is lost or doubled without a word: parts, links, copies, files that cannot be read. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import t from "tap";
import { eventsIn, extract, file, load, newStore, refusal, stateOf } from "./fixtures/extracts.js";
import { zipOf } from "./fixtures/zip.js";

t.setTimeout(240_000);

const PEOPLE = {
  "patients.csv": "patient_id,sex\nA,female\nB,male\n",
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,\nB,2001-01-01,\n",
};
const EVENTS = "patient_id,date,system,code\nA,2024-01-02,snomed,44054006\nA,2024-01-03,snomed,44054006\n";
const TWO = ["A 2024-01-02 snomed 44054006", "A 2024-01-03 snomed 44054006"];

const OMOP = {
  "person.csv": "person_id,gender_concept_id,year_of_birth\n1,8532,1950\n",
  "observation_period.csv":
    "person_id,observation_period_start_date,observation_period_end_date\n1,2000-01-01,\n",
  "concept.csv": "concept_id,vocabulary_id,concept_code\n201826,SNOMED,44054006\n",
};
const conditions = (id: number, day: string): string =>
  `condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n${id},1,201826,2020-01-${day}\n`;

function put(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

t.test("a table in parts is taken whole, however the parts are called", async (t) => {
  const ways: [string, string][] = [
    ["condition_occurrence_1.csv", "condition_occurrence_2.csv"],
    ["CONDITION_OCCURRENCE.part-001.csv", "CONDITION_OCCURRENCE.part-002.csv"],
    ["condition_occurrence/part-00000-ab12.csv", "condition_occurrence/part-00001-ab12.csv"],
    ["condition_occurrence.csv", "condition_occurrence (2).csv"],
    ["condition_occurrence-2019.csv", "condition_occurrence-2020.csv"],
  ];
  for (const [one, two] of ways) {
    const folder = put(extract(OMOP), { [one]: conditions(1, "01"), [two]: conditions(2, "02") });
    const store = newStore();
    const report = await load(store, folder, { format: "omop" });
    t.equal(report.events, 2, one);
    t.match(report.rows, { observation_period: { taken: 1 } });
  }
  const row = (date: string): string => `START,PATIENT,CODE\n${date},a,44054006\n`;
  const synthea = extract({
    "patients.csv": "Id,BIRTHDATE,GENDER\na,1950-02-03,F\n",
    "conditions_1.csv": row("2020-01-01"),
    "conditions_2.csv": row("2020-01-02"),
  });
  const report = await load(newStore(), synthea, { format: "synthea-csv", registeredFrom: "birth" });
  t.equal(report.events, 2, "synthea-csv");
  const parts = put(extract(PEOPLE), {
    "events/part-0.csv": EVENTS,
    "events/part-1.csv": EVENTS.replace("03", "04"),
  });
  t.equal((await load(newStore(), parts)).events, 4, "journal");
});

t.test("a file of the extract that is not read is named", async (t) => {
  const folder = extract({
    ...OMOP,
    "condition_occurrence.csv": conditions(1, "01"),
    "condition_occ.csv": conditions(2, "02"),
    "visit_detail.csv": "visit_detail_id\n1\n",
  });
  const report = await load(newStore(), folder, { format: "omop" });
  t.equal(report.events, 1);
  t.match(report.notes.join("\n"), /not read, .*: condition_occ\.csv, visit_detail\.csv/);
});

t.test("the same bytes twice in one load count once, with a word, packed or not", async (t) => {
  const ways: Record<string, Record<string, string | Buffer>> = {
    "gzip -k": { "events.csv": EVENTS, "events.csv.gz": gzipSync(EVENTS) },
    "a copy": { "events.csv": EVENTS, "events (1).csv": EVENTS, "events-copy.csv": EVENTS },
    "a .zip beside": { "events.csv": EVENTS, "all.zip": zipOf([["events.csv", Buffer.from(EVENTS)]]) },
    "a .gz in a .zip": {
      "events.csv": EVENTS,
      "all.zip": zipOf([["events.csv.gz", gzipSync(EVENTS)]]),
    },
  };
  for (const [way, files] of Object.entries(ways)) {
    const store = newStore();
    const report = await load(store, extract({ ...PEOPLE, ...files }));
    t.same(eventsIn(store), TWO, way);
    t.match(report.notes.join("\n"), /holds the same bytes as .*events.* and was counted once/, way);
  }
  const twice = extract({ ...PEOPLE, "events.csv": EVENTS, "events-2.csv": EVENTS.replace("03", "04") });
  t.equal((await load(newStore(), twice)).events, 4, "other bytes of the same length are another file");
});

t.test("links are followed, each folder once, and a link that leads nowhere is named", async (t) => {
  const elsewhere = extract({ "events.csv": EVENTS });
  const linked = extract(PEOPLE);
  symlinkSync(join(elsewhere, "events.csv"), join(linked, "events.csv"));
  symlinkSync("/nowhere/at/all", join(linked, "events-2.csv"));
  const store = newStore();
  const report = await load(store, linked);
  t.same(eventsIn(store), TWO);
  t.match(report.notes.join("\n"), /events-2\.csv is a link that leads nowhere and was not read/);
  const mounted = extract(PEOPLE);
  symlinkSync(elsewhere, join(mounted, "january"));
  symlinkSync(mounted, join(elsewhere, "back"));
  const through = newStore();
  await load(through, mounted);
  t.same(eventsIn(through), TWO, "a folder that is a link, and one that leads back");
});

t.test("a load that takes nothing is refused, and a quiet day is said", async (t) => {
  const empty = newStore();
  const nobody = { code: "nothing-taken", kind: "does-not-hold", message: /^no person was found/ };
  t.match(await refusal(load(empty, extract({ "events.csv": EVENTS }))), nobody, "events of nobody");
  t.match(
    await refusal(load(empty, file("b.json", '{"resourceType":"Bundle","entry":[]}'), { format: "fhir" })),
    nobody,
    "a bundle of nothing",
  );
  const store = newStore();
  await load(store, extract({ ...PEOPLE, "events.csv": EVENTS }));
  const before = stateOf(store);
  const strangers = EVENTS.replaceAll("A,", "Z,");
  t.match(
    await refusal(load(store, extract({ "events.csv": strangers }))),
    { code: "nothing-taken", kind: "does-not-hold", message: /most often events: it points at no patient/ },
    "no row can be taken",
  );
  t.same(stateOf(store), before);
  const quiet = await load(store, extract({ "events.csv": "patient_id,date,code\n" }));
  t.match(quiet.notes.join("\n"), /holds no rows/);
});

t.test(
  "lines that end with a lone carriage return are refused in words, in a file of any size",
  async (t) => {
    for (const text of [EVENTS.replaceAll("\n", "\r"), `${EVENTS.replaceAll("\n", "\r")}\n`]) {
      const error = await refusal(load(newStore(), extract({ ...PEOPLE, "events.csv": text })));
      t.match(error.message, /^events\.csv: its lines end with a lone carriage return/);
      t.equal(error.kind, "does-not-hold");
    }
    const windows = extract({ ...PEOPLE, "events.csv": EVENTS.replaceAll("\n", "\r\n") });
    t.equal((await load(newStore(), windows)).events, 2, "CRLF is a line's end");
  },
);

/** A .zip of one file, said to be packed by another method. */
function packedBy(method: number): Buffer {
  const zip = zipOf([["events.csv", Buffer.from(EVENTS)]]);
  zip.writeUInt16LE(method, 8); // in the file's own header
  zip.writeUInt16LE(method, zip.indexOf("PK\x01\x02", 0, "latin1") + 10);
  return zip;
}

t.test("a .zip that cannot be read says why, and what to do", async (t) => {
  const ways: [string, Buffer, RegExp][] = [
    ["Deflate64", packedBy(9), /^all\.zip\/events\.csv: .*\(Deflate64\); unpack it .* zip it again/],
    ["bzip2", packedBy(12), /^all\.zip\/events\.csv: .*\(bzip2\); unpack it .* zip it again/],
    ["another", packedBy(77), /\(method 77\)/],
    [
      "a .zip in a .zip",
      zipOf([["in/january.zip", zipOf([["events.csv", deflateRawSync("x")]])]]),
      /^all\.zip\/in\/january\.zip: is a \.zip inside a \.zip; unpack the outer one/,
    ],
  ];
  for (const [way, zip, words] of ways) {
    const error = await refusal(load(newStore(), extract({ ...PEOPLE, "all.zip": zip })));
    t.match(error, { code: "unreadable", kind: "unavailable", message: words }, way);
    t.notMatch(error.message, /\n/, `${way}: one line`);
  }
});
