/** An extract that is all there is: the store then holds what a fresh one of it would, and the same people keep their keys. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import fc from "fast-check";
import t from "tap";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import {
  eventsIn,
  everything,
  extract,
  type Files,
  load,
  newStore,
  refusal,
  stateOf,
} from "./fixtures/extracts.js";

const LONG = process.env.CAIRN_LONG !== undefined;
t.setTimeout(LONG ? 3_600_000 : 480_000);

function keyOf(store: string, practiceId: string): number {
  const db = openDatabase(join(store, "records.db"), { readonly: true });
  const key = db.prepare<[string], number>("SELECT key FROM patient WHERE practice_id = ?").pluck();
  const found = key.get(practiceId) ?? 0;
  db.close();
  return found;
}

const JOURNAL = {
  "patients.csv": "patient_id,sex,date_of_death\nA,female,\nB,male,\nC,male,2020-01-01\n",
  "registrations.csv":
    "patient_id,start,end\nA,2000-01-01,\nA,1990-01-01,1995-01-01\nB,2000-01-01,\nC,2000-01-01,\n",
  "events.csv":
    "patient_id,date,system,code,row_id\nA,2024-01-02,snomed,44054006,r1\nA,2024-01-03,snomed,44054006,\n" +
    "A,2024-01-03,snomed,44054006,\nB,2024-01-02,snomed,44054006,r2\nC,2019-01-02,snomed,44054006,\n",
};
const LATER = {
  "patients.csv": "patient_id,sex\nC,male\nA,female\n",
  "registrations.csv": "patient_id,start,end\nA,2000-01-01,2024-05-01\nC,2000-01-01,\n",
  "events.csv":
    "patient_id,date,system,code,row_id\nA,2024-01-03,snomed,44054006,\nC,2019-01-02,snomed,44054006,\n" +
    "A,2024-01-05,snomed,44054006,r2\nB,2024-01-02,snomed,44054006,r9\n",
};

t.test("what is not in a whole extract goes, and who stays keeps their key", async (t) => {
  const store = newStore();
  await load(store, extract(JOURNAL));
  const records = openRecords(store);
  const identity = records.identity();
  records.close();
  const keys = [keyOf(store, "A"), keyOf(store, "C")];
  const report = await load(store, extract(LATER), { whole: true, yes: true });
  const fresh = newStore();
  await load(fresh, extract(LATER));
  t.same(everything(store), everything(fresh));
  t.same([keyOf(store, "A"), keyOf(store, "C")], keys);
  t.match(
    report.notes.join(),
    /1 of 3 people, 3 of 5 events and 2 of 4 registrations are not in .* and went/,
  );
  const after = openRecords(store);
  t.equal(after.identity(), identity, "it is the same store");
  t.equal(after.source().allEvents().patient.length, 2, "kept postings know of it");
  after.close();
});

t.test("where more than a tenth would go it is said first, and nothing is kept", async (t) => {
  const store = newStore();
  await load(store, extract(JOURNAL));
  const before = stateOf(store);
  t.match(await refusal(load(store, extract(LATER), { whole: true })), {
    code: "needs-yes",
    kind: "does-not-hold",
    message: /^1 of 3 people, 3 of 5 events and 2 of 4 registrations .* would go; say --yes beside --whole/,
  });
  t.same(stateOf(store), before);
  const dry = await load(store, extract(LATER), { whole: true, dryRun: true });
  t.match(dry.notes.join(), /1 of 3 people, .* would go/);
  t.same(stateOf(store), before);
  const same = await load(store, extract(JOURNAL), { whole: true });
  t.same(
    same.notes.filter((note) => note.includes("not in this extract")),
    [],
    "the same again takes nothing away",
  );
  t.match(await refusal(load(store, extract({ "events.csv": JOURNAL["events.csv"] }), { whole: true })), {
    code: "nothing-taken",
  });
});

t.test("a whole extract that was loaded before takes away what came since", async (t) => {
  const store = newStore();
  await load(store, extract(JOURNAL));
  const first = everything(store);
  await load(store, extract({ "events.csv": "patient_id,date,code\nB,2024-06-07,1\n" }));
  const report = await load(store, extract(JOURNAL), { whole: true, yes: true });
  t.same(everything(store), first);
  t.match(report, { events: 5, known: false });
});

const CONCEPT = "concept_id,vocabulary_id,concept_code\n201826,SNOMED,44054006\n";
const tabs = (text: string): string => text.replaceAll(",", "\t");
/** For each format: a first extract and a later one, which lacks a person, an event and what else can be lacking. */
const FORMATS: Readonly<Record<string, readonly [Files, Files]>> = {
  omop: [
    {
      "person.csv": "person_id,gender_concept_id,year_of_birth\n1,8532,1950\n2,8507,1960\n",
      "death.csv": "person_id,death_date\n1,2024-01-01\n",
      "observation_period.csv":
        "person_id,observation_period_start_date,observation_period_end_date\n1,2000-01-01,\n2,2000-01-01,\n",
      "concept.csv": CONCEPT,
      "condition_occurrence.csv":
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,201826,2020-01-01\n2,1,201826,2020-01-02\n3,2,201826,2020-01-03\n",
    },
    {
      "person.csv": "person_id,gender_concept_id,year_of_birth\n1,8532,1950\n",
      "observation_period.csv":
        "person_id,observation_period_start_date,observation_period_end_date\n1,2001-01-01,\n",
      "concept.csv": CONCEPT,
      "condition_occurrence.csv":
        "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,201826,2020-01-01\n",
    },
  ],
  "synthea-csv": [
    {
      "patients.csv": "Id,BIRTHDATE,GENDER\na,1950-02-03,F\nb,1950-02-03,M\n",
      "conditions.csv":
        "START,PATIENT,CODE\n2020-01-01,a,44054006\n2020-01-02,a,44054006\n2020-01-02,b,44054006\n",
    },
    {
      "patients.csv": "Id,BIRTHDATE,GENDER\na,1950-02-03,F\n",
      "conditions.csv": "START,PATIENT,CODE\n2020-01-02,a,44054006\n",
    },
  ],
  aurum: [
    {
      "x_patient_001.txt": tabs(
        "patid,pracid,gender,yob,regstartdate,regenddate,acceptable\n1,20,2,1950,01/02/2000,,1\n2,20,2,1950,01/02/2000,,1\n",
      ),
      "x_observation_001.txt": tabs(
        "patid,obsid,obsdate,medcodeid\n1,1,03/04/2020,1\n1,2,03/04/2020,1\n2,3,03/04/2020,1\n",
      ),
    },
    {
      "x_patient_001.txt": tabs(
        "patid,pracid,gender,yob,regstartdate,regenddate,acceptable\n1,20,2,1950,01/03/2000,,1\n2,20,2,1950,01/02/2000,,0\n",
      ),
      "x_observation_001.txt": tabs("patid,obsid,obsdate,medcodeid\n1,1,03/04/2020,1\n2,3,03/04/2020,1\n"),
    },
  ],
  fhir: [
    {
      "all.ndjson":
        '{"resourceType":"Patient","id":"a"}\n{"resourceType":"Patient","id":"b"}\n' +
        ["a", "a", "b"]
          .map(
            (id, i) =>
              `{"resourceType":"Condition","id":"c${i}","subject":{"reference":"Patient/${id}"},"onsetDateTime":"2020-01-02","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]}}\n`,
          )
          .join(""),
    },
    {
      "all.ndjson":
        '{"resourceType":"Patient","id":"a"}\n' +
        '{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/a"},"onsetDateTime":"2020-01-02","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]}}\n',
    },
  ],
};

for (const [format, [first, later]] of Object.entries(FORMATS)) {
  t.test(`${format}: people and events are those of a fresh store of the last extract`, async (t) => {
    const more = {
      format,
      registeredFrom: format === "fhir" || format === "synthea-csv" ? ("birth" as const) : null,
    };
    const [store, fresh] = [newStore(), newStore()];
    await load(store, extract(first), more);
    await load(store, extract(later), { ...more, whole: true, yes: true });
    await load(fresh, extract(later), more);
    t.same(everything(store), everything(fresh));
    t.equal(eventsIn(store).length, 1);
  });
}

const row = fc.record({
  patient: fc.constantFrom("A", "B", "C"),
  day: fc.integer({ min: 1, max: 3 }),
  id: fc.constantFrom("", "", "r1", "r2", "r3"),
});
const drop = fc.record({
  people: fc.uniqueArray(fc.constantFrom("A", "B", "C"), { minLength: 1 }),
  rows: fc.array(row, { maxLength: 8 }),
});

t.test("whatever was loaded before, the store is that of the whole extract", async () => {
  const files = ({
    people,
    rows,
  }: {
    people: string[];
    rows: { patient: string; day: number; id: string }[];
  }): Files => ({
    "patients.csv": `patient_id\n${people.join("\n")}\n`,
    "registrations.csv": `patient_id,start,end\n${people.map((id) => `${id},2000-01-01,`).join("\n")}\n`,
    "events.csv": `patient_id,date,code,row_id\n${rows.map((each) => `${each.patient},2024-01-0${each.day},1,${each.id}\n`).join("")}`,
  });
  const taken = async (store: string, drop: Files, whole: boolean): Promise<void> => {
    try {
      await load(store, extract(drop), { whole, yes: true });
    } catch (error) {
      if ((error as { code?: string }).code !== "too-many-bad") throw error; // ten rows of nobody
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(drop, { minLength: 1, maxLength: 3 }), drop, async (before, last) => {
      const [store, fresh] = [newStore(), newStore()];
      for (const each of before) await taken(store, files(each), false);
      await taken(store, files(last), true);
      await taken(fresh, files(last), false);
      const [held, expected] = [everything(store), everything(fresh)].map((each) => JSON.stringify(each));
      if (held !== expected) throw new Error(`${held}\n${expected}`);
    }),
    { numRuns: LONG ? 300 : 25 },
  );
});

t.test("a person or a registration that is marked deleted goes, with what is theirs", async (t) => {
  const store = newStore();
  await load(store, extract(JOURNAL));
  const report = await load(
    store,
    extract({
      "patients.csv": "patient_id,deleted\nB,true\nZ,true\n",
      "registrations.csv": "patient_id,start,deleted\nA,1990-01-01,1\nA,1991-01-01,1\n",
      "events.csv": "patient_id,date,code\nB,2024-05-06,1\nA,2024-05-06,1\n",
    }),
  );
  t.match(report, { patients: 2, registrations: 2, events: 5 });
  t.match(report.notes.join(), /1 people who are deleted went, with 1 events/);
  t.same(report.reasons.map(({ reason, count }) => `${count} ${reason}`).sort(), [
    "1 events: it points at no patient of these records",
    "1 patients: it is marked deleted and is not here",
    "1 registrations: it is marked deleted and is not here",
  ]);
  const key = keyOf(store, "A");
  await load(store, extract({ "patients.csv": "patient_id,sex,deleted\nA,,yes\nA,female,\n" }));
  t.equal(keyOf(store, "A"), key, "given again in the same load they stay who they are");
  t.equal(eventsIn(store).filter((each) => each.startsWith("A")).length, 4);
});

const LOADER = `
import { importRecords } from "${new URL("../dist/index.js", import.meta.url).href}";
import { openRecords } from "${new URL("../../records/dist/index.js", import.meta.url).href}";
const [folder, extract, format, registeredFrom] = process.argv.slice(2);
const records = openRecords(folder);
process.send("ready");
await importRecords(records, { format, paths: [extract], system: "snomed", completeTo: null, registeredFrom: registeredFrom || null, whole: true, yes: true, dryRun: false, now: new Date(), progress: () => undefined });
records.close();
process.send("loaded");
process.disconnect();
`;

/** A large whole extract of a format, so that there is time to die in it. */
function large(format: string): Files {
  const many = (row: (i: number) => string): string =>
    Array.from({ length: 20_000 }, (_, i) => row(i)).join("");
  const day = (i: number): string => `20${10 + (i % 10)}-01-${10 + (i % 20)}`;
  const [, later] = FORMATS[format] ?? [{}, LATER];
  switch (format) {
    case "journal":
      return {
        ...later,
        "events.csv": `patient_id,date,code,row_id\n${many((i) => `A,${day(i)},${i % 50},n${i}\n`)}`,
      };
    case "fhir":
      return {
        "all.ndjson":
          '{"resourceType":"Patient","id":"a"}\n' +
          many(
            (i) =>
              `{"resourceType":"Condition","id":"n${i}","subject":{"reference":"Patient/a"},"onsetDateTime":"${day(i)}","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006"}]}}\n`,
          ),
      };
    case "synthea-csv":
      return { ...later, "conditions.csv": `START,PATIENT,CODE\n${many((i) => `${day(i)},a,44054006\n`)}` };
    case "omop":
      return {
        ...later,
        "condition_occurrence.csv": `condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n${many((i) => `${i + 10},1,201826,${day(i)}\n`)}`,
      };
    default:
      return {
        ...later,
        "x_observation_001.txt": tabs(
          `patid,obsid,obsdate,medcodeid\n${many((i) => `1,${i},${day(i).split("-").reverse().join("/")},1\n`)}`,
        ),
      };
  }
}

for (const format of ["journal", ...Object.keys(FORMATS)]) {
  t.test(
    `${format}: killed at any moment of a whole load, the store is that of before or that of the extract`,
    async (t) => {
      const registeredFrom = format === "fhir" || format === "synthea-csv" ? "birth" : "";
      const more = { format, registeredFrom: registeredFrom || null } as const;
      const [before, fresh] = [newStore(), newStore()];
      await load(before, extract(FORMATS[format]?.[0] ?? JOURNAL), more);
      const last = extract(large(format));
      await load(fresh, last, more);
      const [old, now] = [before, fresh].map((store) => JSON.stringify(everything(store))) as [
        string,
        string,
      ];
      const script = join(extract({ "loader.mjs": LOADER }), "loader.mjs"); // of what is built
      const start = (store: string): ChildProcess =>
        fork(script, [store, last, format, registeredFrom], {
          execArgv: [],
          stdio: ["ignore", "ignore", "ignore", "ipc"],
        });
      const copy = (): string => {
        const store = newStore();
        cpSync(before, store, { recursive: true });
        return store;
      };

      // Once undisturbed, to know how long there is to kill it in.
      const whole = copy();
      const undisturbed = start(whole);
      await once(undisturbed, "message");
      const began = Date.now();
      await once(undisturbed, "message");
      const length = Date.now() - began;
      if (undisturbed.exitCode === null) await once(undisturbed, "exit");
      t.equal(JSON.stringify(everything(whole)), now, "the load that was let alone is there");

      for (let round = 0; round < (LONG ? 30 : 1); round++) {
        const store = copy();
        const child = start(store);
        const ended = once(child, "exit");
        await Promise.race([once(child, "message"), ended]);
        const moment = Math.round(Math.random() * length * 1.1); // what is random is printed
        await wait(moment);
        child.kill("SIGKILL");
        await ended;
        openRecords(store).close(); // as the next to open it would
        const is = JSON.stringify(everything(store));
        t.ok(is === old || is === now, `killed after ${moment} of ${length} ms`);
        t.same(
          readdirSync(store).filter((name) => name.endsWith(".tmp")),
          [],
          "no temporary file stays behind",
        );
        await load(store, last, { ...more, whole: true, yes: true });
        t.equal(JSON.stringify(everything(store)), now, "and the same again ends it");
      }
    },
  );
}
