/** Tables of OMOP, Synthea and CPRD as people really have them: read as they are meant, or counted with a word. */
import { join } from "node:path";
import t from "tap";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";
import { eventsIn, extract, type Files, load, newStore, refusal } from "./fixtures/extracts.js";

t.setTimeout(120_000);

const tabs = (text: string): string => text.replaceAll(",", "\t");
const CONCEPTS = "concept_id,concept_name,vocabulary_id,concept_code\n";
const OMOP = {
  "person.csv": "person_id,gender_concept_id,year_of_birth,month_of_birth\n1,8532,1950,2\n2,8507,1960,\n",
  "observation_period.csv":
    "person_id,observation_period_start_date,observation_period_end_date\n1,2000-01-01,\n2,2000-01-01,\n",
  "concept.csv": `${CONCEPTS}201826,x,SNOMED,44054006\n`,
  "condition_occurrence.csv":
    "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,201826,2020-01-01\n",
};
const omop = (store: string, files: Files): ReturnType<typeof load> =>
  load(store, extract(files), { format: "omop" });

t.test("omop: the vocabulary is taken as Athena gives it, with tabs and bare quotes", async (t) => {
  const store = newStore();
  const report = await omop(store, {
    ...OMOP,
    "concept.csv": tabs(
      `${CONCEPTS}1,"Quoted" start,SNOMED,999\n201826,Type 2 "diabetes",SNOMED,44054006\n3,"never closed,SNOMED,1\n`,
    ).replace("Type 2", "Type 2, or so"),
  });
  t.same(report.reasons, []);
  t.same(eventsIn(store), ["1 2020-01-01 snomed 44054006"]);
  const quoted = tabs(OMOP["condition_occurrence.csv"]).replace(/[^\t\n]+/g, '"$&"');
  const other = newStore();
  await omop(other, { ...OMOP, "condition_occurrence.csv": quoted });
  t.same(eventsIn(other), ["1 2020-01-01 snomed 44054006"], "tabs with quotes in every field");
});

t.test("omop: an id that a tool wrote as a floating number is the id", async (t) => {
  const store = newStore();
  const report = await omop(store, {
    ...OMOP,
    "person.csv":
      "person_id,gender_concept_id,year_of_birth,month_of_birth\n1.0,8532.0,1950.0,2.0\n2,8507,1960,\n",
    "condition_occurrence.csv":
      "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_concept_id,provider_id\n" +
      "1,1.0,201826.0,2020-01-01,0.0,12.0\n2,1,201826,2020-01-02,0,12\n",
  });
  t.same(report.reasons, []);
  t.same(eventsIn(store), ["1 2020-01-01 snomed 44054006", "1 2020-01-02 snomed 44054006"]);
  const records = openRecords(store);
  const { born, sex, events } = records.person(1);
  t.match({ born, sex }, { born: "1950-02-01", sex: "female" });
  t.equal(events[0]?.clinician, events[1]?.clinician, "one clinician");
  records.close();
});

t.test("omop: deaths that come alone apply and stay; those of nobody are orphans", async (t) => {
  const store = newStore();
  await omop(store, OMOP);
  const died = (): string | null => {
    const records = openRecords(store);
    try {
      return records.person(1).died ?? null;
    } finally {
      records.close();
    }
  };
  const report = await omop(store, {
    "concept.csv": OMOP["concept.csv"],
    "death.csv": "person_id,death_date\n1,2024-02-03\n999,2024-02-03\n",
  });
  t.equal(died(), "2024-02-03");
  t.match(report.rows.death, { taken: 1, skipped: 1 });
  t.match(report.reasons, [{ reason: /^death: it points at no patient/, count: 1 }]);
  const again = OMOP["condition_occurrence.csv"].replace("2020-01-01", "2020-01-05");
  await omop(store, { ...OMOP, "condition_occurrence.csv": again });
  t.equal(died(), "2024-02-03", "a person's row says nothing of their death");
});

t.test("omop: rows whose concepts CONCEPT does not name are counted", async (t) => {
  const report = await omop(newStore(), {
    ...OMOP,
    "condition_occurrence.csv":
      "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value,condition_source_concept_id\n" +
      "1,1,201826,2020-01-01,a,9\n2,1,77,2020-01-02,b,0\n3,1,77,2020-01-03,b,0\n4,1,0,2020-01-04,c,88\n5,1,0,2020-01-05,d,0\n",
  });
  t.match(
    report.doubts.map(({ reason, count, example }) => [reason.slice(0, 46), count, example.line]),
    [["condition_occurrence: its concepts are not in ", 3, 3]],
  );
});

t.test(
  "omop: a unit's concept counts before the source's words; a value may carry a comparator",
  async (t) => {
    const store = newStore();
    await omop(store, {
      ...OMOP,
      "measurement.csv":
        "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_source_value,unit_concept_id\n" +
        "1,1,201826,2021-01-01,48,per mil,9579\n2,1,201826,2021-01-02,5,IU,1\n3,1,201826,2021-01-03,6,,7.0\n4,1,201826,2021-01-04,>90,x,720870.0\n",
    });
    const db = openDatabase(join(store, "records.db"), { readonly: true });
    const found = db
      .prepare<[], string>(
        "SELECT m.comparator || e.value || ' ' || m.unit FROM event AS e JOIN measure AS m ON m.key = e.measure ORDER BY e.day",
      )
      .pluck()
      .all();
    db.close();
    t.same(found, ["48.0 mmol/mol", "5.0 IU", "6.0 concept 7", ">90.0 mL/min/1.73m2"]);
  },
);

t.test("synthea-csv: observations of before TYPE keep their number", async (t) => {
  const patients = "Id,BIRTHDATE,GENDER\na,1950-02-03,F\n";
  const more = { format: "synthea-csv", registeredFrom: "birth" } as const;
  for (const [way, observations] of Object.entries({
    "no column":
      "DATE,PATIENT,CODE,VALUE,UNITS\n2020-01-01,a,4548-4,6.5,%\n2020-01-02,a,72166-2,Never smoker,\n",
    "an empty one":
      "DATE,PATIENT,CODE,VALUE,UNITS,TYPE\n2020-01-01,a,4548-4,6.5,%,\n2020-01-02,a,72166-2,Never smoker,,\n",
  })) {
    const store = newStore();
    await load(store, extract({ "patients.csv": patients, "observations.csv": observations }), more);
    t.same(eventsIn(store), ["a 2020-01-01 loinc 4548-4 6.5 %", "a 2020-01-02 loinc 72166-2"], way);
  }
});

const AURUM_PATIENT = "patid,pracid,gender,yob,mob,regstartdate,regenddate,patienttypeid,acceptable\n";
const AURUM_OBSERVATION = "patid,obsid,obsdate,medcodeid,value,numunitid\n";
const AURUM_MEDICAL = "MedCodeId,Term,SnomedCTConceptId\n";
const aurum = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [name, tabs(text.toString())]));
const AURUM = {
  "x_patient_001.txt": `${AURUM_PATIENT}1,20,2,1950,,01/02/2000,,3,1\n`,
  "x_observation_001.txt": `${AURUM_OBSERVATION}1,1,03/04/2020,1111,,\n`,
  "x_medicaldictionary.txt": `${AURUM_MEDICAL}1111,x,44054006\n`,
};

t.test(
  "aurum: people whom CPRD does not vouch for, and temporary ones, are left out with a reason",
  async (t) => {
    const store = newStore();
    const report = await load(
      store,
      extract(
        aurum({
          ...AURUM,
          "x_patient_001.txt": `${AURUM["x_patient_001.txt"]}2,20,2,1950,,01/02/2000,,3,0\n3,20,2,1950,,01/02/2000,,11,1\n4,20,1,1950,,01/02/2000,,,\n`,
          "x_observation_001.txt": `${AURUM["x_observation_001.txt"]}2,2,03/04/2020,1111,,\n3,3,03/04/2020,1111,<5,\n4,4,03/04/2020,1111,<5,\n`,
        }),
      ),
      { format: "aurum" },
    );
    t.match(report, { patients: 2, registrations: 2, events: 2 });
    t.match(
      report.reasons.map(({ reason, count }) => [reason.split(":")[0], reason, count]),
      [
        ["Observation", /of a person who was left out/, 2],
        ["Patient", /acceptable is 0/, 1],
        ["Patient", /patienttypeid is not 3/, 1],
      ],
    );
  },
);

t.test("aurum: terms of a dictionary hold quotes as they are", async (t) => {
  const terms = ['"Brittle" diabetes', '"O/E - x', "plain", "plain", '"closing"'];
  const store = newStore();
  const report = await load(
    store,
    extract(
      aurum({
        ...AURUM,
        "x_observation_001.txt":
          AURUM_OBSERVATION + terms.map((_, i) => `1,${i},03/04/2020,${i + 1},,\n`).join(""),
        "x_medicaldictionary.txt":
          AURUM_MEDICAL + terms.map((term, i) => `${i + 1},${term},4405400${i}\n`).join(""),
      }),
    ),
    { format: "aurum" },
  );
  t.same(report.reasons, []);
  t.equal(eventsIn(store).filter((each) => each.includes(" snomed 4405400")).length, 5);
});

t.test("aurum: two practices are refused, in one extract or one store", async (t) => {
  const store = newStore();
  await load(store, extract(aurum(AURUM)), { format: "aurum" });
  const other = { ...AURUM, "x_patient_001.txt": `${AURUM_PATIENT}1,21,2,1950,,01/02/2000,,3,1\n` };
  t.match(await refusal(load(store, extract(aurum(other)), { format: "aurum" })), {
    code: "two-practices",
    kind: "does-not-hold",
    message: /of another practice/,
  });
  const both = { ...AURUM, "y_patient_002.txt": `${AURUM_PATIENT}2,21,2,1950,,01/02/2000,,3,1\n` };
  t.match(await refusal(load(newStore(), extract(aurum(both)), { format: "aurum" })), {
    code: "two-practices",
    message: /the column pracid names 2 practices/,
  });
});
