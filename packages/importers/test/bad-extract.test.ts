/** An extract that is not what it claims to be: one line of what, where and what to do, and nothing kept. */
import t from "tap";
import { extract, type Files, load, newStore, refusal, stateOf } from "./fixtures/extracts.js";

t.setTimeout(120_000);

interface Format {
  readonly good: Readonly<Record<string, string>>;
  /** The table that is spoilt, a column that it needs, what separates its columns, and what makes a row bad. */
  readonly table: string;
  readonly column: string;
  readonly separator: "," | "\t";
  readonly bad: readonly [good: string, bad: string];
  readonly latin1?: true;
  readonly registeredFrom?: "birth";
}

const rows = (n: number, row: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => row(i)).join("");
const tabs = (text: string): string => text.replaceAll(",", "\t");

const FORMATS: Readonly<Record<string, Format>> = {
  journal: {
    good: {
      "patients.csv": "patient_id,practice,date_of_birth\nA,P,1950-01-01\n",
      "registrations.csv": "patient_id,start,end\nA,2000-01-01,\n",
      "events.csv": `patient_id,date,code,term\n${rows(40, (i) => `A,2020-01-${10 + (i % 20)},1,café\n`)}`,
    },
    table: "events.csv",
    column: "date",
    separator: ",",
    bad: ["2020-01-", "January "],
  },
  "synthea-csv": {
    good: {
      "patients.csv": "Id,BIRTHDATE,DEATHDATE,GENDER,RACE\nA,1950-01-01,,F,white\n",
      "conditions.csv": `START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n${rows(40, (i) => `2020-01-${10 + (i % 20)},,A,e,1,café\n`)}`,
    },
    table: "conditions.csv",
    column: "CODE",
    separator: ",",
    bad: ["2020-01-", "1/2020/"],
    registeredFrom: "birth",
  },
  omop: {
    good: {
      "person.csv":
        "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,race_concept_id,gender_source_value\n1,8532,1950,1,1,0,F\n",
      "observation_period.csv":
        "observation_period_id,person_id,observation_period_start_date,observation_period_end_date\n1,1,2000-01-01,2024-01-01\n",
      "condition_occurrence.csv": `condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value,condition_source_concept_id\n${rows(40, (i) => `${i + 1},1,7,2020-01-${10 + (i % 20)},café,0\n`)}`,
      "concept.csv": "concept_id,concept_name,vocabulary_id,concept_code\n7,x,SNOMED,1\n",
    },
    table: "condition_occurrence.csv",
    column: "condition_concept_id",
    separator: ",",
    bad: ["2020-01-", "1/2020/"],
  },
  aurum: {
    good: {
      "x_patient_001.txt": tabs(
        "patid,pracid,gender,yob,mob,emis_ddate,regstartdate,regenddate\n1,1,2,1950,,,01/02/2000,\n",
      ),
      "x_observation_001.txt": tabs(
        `patid,obsid,obsdate,medcodeid,value,numunitid\n${rows(40, (i) => `1,${i},${10 + (i % 20)}/01/2020,1,,\n`)}`,
      ),
    },
    table: "x_observation_001.txt",
    column: "medcodeid",
    separator: "\t",
    bad: ["/01/2020", "-01-2020"],
    latin1: true,
  },
};

for (const [format, about] of Object.entries(FORMATS)) {
  const { good, table, column, separator, bad } = about;
  const other = separator === "," ? ";" : ",";
  const words = { ",": "commas", "\t": "tabs", ";": "semicolons" };
  const text = good[table]!;
  const named = table.replaceAll(".", "\\.");
  const spoilt: [fault: string, files: Files, words: RegExp][] = [
    [
      "another delimiter",
      { [table]: text.replaceAll(separator, other) },
      new RegExp(
        `^${named}: its columns are separated by ${words[other]}; export it again with ${words[separator]}`,
      ),
    ],
    [
      "UTF-16",
      { [table]: Buffer.from(`\ufeff${text}`, "utf16le") },
      new RegExp(`^${named}: is UTF-16; save it as UTF-8`),
    ],
    [
      "UTF-16 without a mark",
      { [table]: Buffer.from(text, "utf16le") },
      new RegExp(`^${named}: is UTF-16; save it as UTF-8`),
    ],
    [
      "a column missing",
      { [table]: text.replace(column, "other") },
      new RegExp(`^${named}: it lacks the column ${column.toLowerCase()}; export it again`),
    ],
    [
      "no line of names",
      { [table]: text.slice(text.indexOf("\n") + 1) },
      new RegExp(`^${named}: it lacks the columns .*; export it again with a first line`),
    ],
    [
      "dates written otherwise",
      { [table]: text.replaceAll(...bad) },
      new RegExp(
        `: 40 of 40 rows are bad, so nothing was kept: .*date.* \\(first at ${named}:2\\); put that right`,
      ),
    ],
  ];
  if (about.latin1 === undefined) {
    spoilt.push([
      "Cp1252",
      { [table]: Buffer.from(text, "latin1") },
      new RegExp(
        `: 40 of 40 rows are bad, so nothing was kept: most often it is not UTF-8 \\(first at ${named}:2\\); save it as UTF-8`,
      ),
    ]);
  }
  t.test(
    `${format}: what is wrong with an extract is said in one line, and nothing of it is kept`,
    async (t) => {
      const store = newStore();
      const more = { format, registeredFrom: about.registeredFrom ?? null };
      const taken = await load(store, extract(good), more);
      t.equal(taken.events, 40, "as it should be, it is taken");
      const before = stateOf(store);
      for (const [fault, files, words] of spoilt) {
        const error = await refusal(load(store, extract({ ...good, ...files }), more));
        t.match(error.message, words, fault);
        t.equal(error.kind, "does-not-hold", `${fault}: what was asked for did not hold`);
        t.notMatch(error.message, /\n|café/, `${fault}: one line, and nothing of a row in it`);
      }
      t.same(stateOf(store), before);
    },
  );
}

t.test("journal: two practices in one extract, and another practice's extract", async (t) => {
  const store = newStore();
  const { good } = FORMATS.journal!;
  await load(store, extract(good));
  const before = stateOf(store);
  const two = "patient_id,practice,date_of_birth\nA,P,1950-01-01\nB,Q,1950-01-01\n";
  t.match(await refusal(load(store, extract({ ...good, "patients.csv": two }))), {
    code: "two-practices",
    kind: "does-not-hold",
    message:
      /^patients\.csv: the column practice names 2 practices; export one practice alone; nothing was kept$/,
  });
  const another = "patient_id,practice,date_of_birth\nA,Q,1950-01-01\n";
  t.match(await refusal(load(store, extract({ ...good, "patients.csv": another }))), {
    code: "two-practices",
    message: /of another practice .*--data.*; nothing was kept$/,
  });
  t.same(stateOf(store), before);
});

t.test("journal: a column that may be absent is missed aloud", async (t) => {
  const { good } = FORMATS.journal!;
  const report = await load(newStore(), extract(good));
  t.ok(
    report.notes.includes(
      "events.csv: has no column system, value, unit, comparator, quantity, clinician, row_id, deleted; taken as empty",
    ),
  );
});

t.test("fhir: a file of another kind, and lines that are no resources", async (t) => {
  const store = newStore();
  const patient = '{"resourceType":"Patient","id":"p","gender":"female","birthDate":"1950"}\n';
  const more = { format: "fhir", registeredFrom: "birth" as const };
  await load(store, extract({ "Patient.ndjson": patient }), more);
  const before = stateOf(store);
  const csv = FORMATS.journal!.good["events.csv"]!;
  t.match(await refusal(load(store, extract({ "events.csv": csv }), more)), {
    code: "no-files",
    kind: "unavailable",
  });
  t.match(await refusal(load(store, extract({ "all.json": csv }), more)), {
    kind: "unavailable",
    message: /^all\.json: .* is not whole JSON/,
  });
  t.match(
    await refusal(load(store, extract({ "Patient.ndjson": patient, "Observation.ndjson": csv }), more)),
    {
      code: "too-many-bad",
      kind: "does-not-hold",
      message: /^Observation: 41 of 41 rows are bad, .*Observation\.ndjson:1/,
    },
  );
  t.same(stateOf(store), before);
});
