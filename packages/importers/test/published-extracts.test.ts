/** Extracts that others published, against the counts that they published with them. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { lackedBy, openRecords } from "@cairn/records";
import { ETHNIC_GROUPS, type EthnicGroup, isoDate } from "@cairn/query-library";
import { absent, shared, unpacked } from "./fixtures/published.js";
import { extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";

t.setTimeout(280_000);

const dir = t.testdir();

function tableIn(folder: string, name: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return join(
    folder,
    paths.find((path) => path.toLowerCase().endsWith(name))!,
  );
}

t.test(
  "150 patients of Synthea as R4 bundles agree with the published counts",
  { skip: absent },
  async (t) => {
    const report = await load(newStore(), unpacked("synthea-fhir/synthea-r4-150-patients.tar.xz"), {
      format: "fhir",
      registeredFrom: "first-record",
    });
    const taken = Object.entries(report.rows).map(([type, { taken }]) => [type, taken]);
    t.match(Object.fromEntries(taken), {
      Patient: 150,
      Encounter: 4442,
      Condition: 1063,
      Observation: 21122,
      MedicationRequest: 1207,
      Immunization: 1887,
      Procedure: 3547,
    });
    t.equal(report.patients, 150);
    t.match(report.rows.Claim, { taken: 0, skipped: 5649 });
  },
);

t.test(
  "the bulk export of 13 patients agrees with the published counts; its log is no resource",
  { skip: absent },
  async (t) => {
    const report = await load(newStore(), unpacked("bulk-ndjson/smart-bulk-10-patients.tar.xz"), {
      format: "fhir",
      registeredFrom: "birth",
    });
    const taken = Object.entries(report.rows).map(([type, { taken }]) => [type, taken]);
    t.match(Object.fromEntries(taken), {
      Patient: 13,
      Condition: 555,
      Encounter: 1215,
      MedicationRequest: 1745,
      Immunization: 161,
      Procedure: 2056,
    });
    t.notOk("log" in report.rows);
  },
);

t.test("Synthea's CSV agrees with its published counts, for both exports", { skip: absent }, async (t) => {
  const sets = {
    "synthea-csv/dbt-synthea-27-patients.tar.xz": {
      patients: 27,
      conditions: 438,
      observations: 990,
      medications: 663,
    },
    "synthea-csv/syntheacdmfactory-107-patients.tar.xz": {
      patients: 107,
      encounters: 1274,
      observations: 3190,
      immunizations: 1323,
    },
  };
  for (const [archive, counts] of Object.entries(sets)) {
    const report = await load(newStore(), unpacked(archive), {
      format: "synthea-csv",
      registeredFrom: "birth",
    });
    for (const [table, count] of Object.entries(counts))
      t.same(report.rows[table], { taken: count, skipped: 0 }, table);
  }
});

t.test(
  "GiBleed in both dialects agrees with its published facts; 2,649 orphans are counted",
  { skip: absent },
  async (t) => {
    const truths = JSON.parse(readFileSync(join(shared, "omop/GIBLEED_TRUTHS_SHARED.json"), "utf8")) as {
      facts: Record<string, number> & {
        race_source: Record<string, number>;
        year_of_birth: Record<string, number>;
        "drug_exposure.top": Record<string, number>;
      };
    };
    const { facts } = truths;
    const store = newStore();
    const extracted = unpacked("omop/gibleed-2694-persons-csv.tar.xz");
    const report = await load(store, extracted, { format: "omop" });
    t.match(report.rows, {
      person: { taken: facts["person.count"], skipped: 0 },
      condition_occurrence: { taken: 65332, skipped: 0 },
      drug_exposure: { taken: facts["drug_exposure.records"], skipped: 0 },
      measurement: { taken: 44053, skipped: 0 },
      observation_period: { taken: 2694, skipped: 2649 },
      visit_occurrence: { taken: facts["visit_occurrence.records"] },
    });
    const ofPeople = ["person", "observation_period", "death", "concept"];
    const taken = Object.entries(report.rows).map(([table, rows]) =>
      ofPeople.includes(table) ? 0 : rows.taken,
    );
    t.equal(
      report.events,
      taken.reduce((sum, each) => sum + each, 0),
      "ids that the extract gives out twice lose no event",
    );
    const records = openRecords(store);
    const people = records.source().people();
    const count = (sex: number): number =>
      people.sex.reduce((n, each, key) => n + (people.held![key] === 1 && each === sex ? 1 : 0), 0);
    t.same([count(0), count(1)], [facts["person.F"], facts["person.M"]]);
    // Concept 40213160 is CVX 10: its persons are those published.
    const cvx = { name: "x", version: "1", kind: "medicine", unit: null, digest: "" } as const;
    const polio = records.source().postings({ ...cvx, system: "cvx", codes: ["10"] }, {});
    t.equal(polio.patient.length, facts["drug 40213160 distinct persons"]);
    const everybody = [...people.held!.keys()].filter((key) => people.held![key] === 1);
    const years = everybody.map((key) => Number(isoDate(people.birthDay[key]!).slice(0, 4))).sort();
    const quantile = (share: number): number => years[Math.round(share * (years.length - 1))]!;
    t.match(facts.year_of_birth, {
      min: years[0],
      q05: quantile(0.05),
      q25: quantile(0.25),
      median: quantile(0.5),
      q75: quantile(0.75),
      q95: quantile(0.95),
      max: years.at(-1),
    });
    const ofGroup = (group: EthnicGroup): number =>
      everybody.filter((key) => ETHNIC_GROUPS[people.ethnicGroup[key]!] === group).length;
    for (const race of ["white", "black", "asian"] as const)
      t.equal(ofGroup(race), facts.race_source[race], race);
    // How often each of the commonest medicines was given, by the code that CONCEPT has for it.
    const concepts = readFileSync(tableIn(extracted, "concept.csv"), "utf8").split("\n");
    const column = (name: string): number => concepts[0]!.split(",").indexOf(name);
    for (const [concept, count] of Object.entries(facts["drug_exposure.top"])) {
      const row = concepts.find((line) => line.startsWith(`${concept},`))!;
      const [code, vocabulary] = [
        /,(\w+),\d{4}-?\d\d-?\d\d,/.exec(row)![1]!,
        /,(RxNorm|CVX),/.exec(row)![1]!,
      ];
      t.ok(column("concept_id") === 0, "concepts are found by how their lines begin");
      const system = vocabulary === "CVX" ? "cvx" : "rxnorm";
      const given = records.source().postings({ ...cvx, system, codes: [code] }, {});
      t.equal(given.day.length, count, `concept ${concept}`);
    }
    t.same(lackedBy(records), ["deprivation_fifth", "clinician", "value"], "no reading has a number");
    records.close();
    const other = newStore();
    const upstream = await load(other, unpacked("omop/gibleed-upstream-csv-dialect.tar.xz"), {
      format: "omop",
    });
    // The other dialect has five of the tables: people, their periods, visits, observations, CONCEPT.
    t.same(upstream.rows.visit_occurrence, report.rows.visit_occurrence);
    t.same(upstream.rows.observation, report.rows.observation);
    const ours = new Set(listedIn(store));
    const theirs = listedIn(other);
    t.equal(theirs.length, 1037 + 1477);
    t.same(
      theirs.filter((event) => !ours.has(event)),
      [],
      "every event is the same in the other dialect",
    );
    t.match(upstream.rows, {
      person: { taken: 2694, skipped: 0 },
      observation_period: { taken: 2694, skipped: 2649 },
    });
  },
);

t.test("an OMOP 5.4 extract is read out of its .zip", { skip: absent }, async (t) => {
  const report = await load(newStore(), join(shared, "omop/Synthea27Nj_5.4.zip"), { format: "omop" });
  t.match(report.rows, {
    person: { taken: 28 },
    measurement: { taken: 10040, skipped: 0 },
    death: { taken: 3 },
  });
  const damaged = join(dir, "damaged.zip");
  writeFileSync(damaged, readFileSync(join(shared, "omop/Synthea27Nj_5.4.zip")).subarray(0, 100_000));
  t.match(await refusal(load(newStore(), damaged, { format: "omop" })), {
    code: "unreadable",
    message: /not a sound \.zip/,
  });
});

t.test(
  "the samples of CPRD Aurum are read; their own codes stay local without a dictionary",
  { skip: absent },
  async (t) => {
    const folder = unpacked("uk-layouts/layouts-cprd-gdppr-emis-tpp-omop-synthea-qof.tar.xz");
    const sample = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((path) =>
      path.endsWith("rcprd"),
    )!;
    const error = await refusal(load(newStore(), join(folder, sample), { format: "aurum" }));
    t.match(error, { code: "two-practices", message: /the column pracid names 6 practices/ });
    for (const name of readdirSync(join(folder, sample), { recursive: true, encoding: "utf8" })) {
      const path = join(folder, sample, name);
      if (!/_patient_\d+\.txt$/.test(name)) continue;
      const [header, ...people] = readFileSync(path, "latin1").split("\n");
      const columns = header!.trim().split("\t");
      // Their values are random: here they are those of one practice's regular patients.
      const given: Record<string, string> = { pracid: "1", patienttypeid: "3", acceptable: "1" };
      const ofOne = people.map((line) =>
        line === ""
          ? line
          : line.split("\t").map((field, i) => given[columns[i]!] ?? field).join("\t"),
      ); // prettier-ignore
      writeFileSync(path, [header, ...ofOne].join("\n"), "latin1");
    }
    const report = await load(newStore(), join(folder, sample), { format: "aurum" });
    t.match(report, {
      rows: {
        Patient: { taken: 12, skipped: 0 },
        Observation: { taken: 300, skipped: 0 },
        DrugIssue: { taken: 300 },
      },
      events: 600,
    });
    t.ok(report.notes.some((note) => note.startsWith("600 rows have codes that no dictionary names")));
  },
);

t.test(
  "GP Connect's structured records are read: SNOMED CT before Read, issues and not plans",
  { skip: absent },
  async (t) => {
    const folder = unpacked("uk-gpconnect/gpconnect-structured-4-patients.tar.xz");
    const store = newStore();
    const file = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((path) =>
      path.endsWith("EMISPatientStructurede2eResponsePWTP2.json"),
    )!;
    const report = await load(store, join(folder, file), { format: "fhir", registeredFrom: "first-record" });
    t.match(report.rows, {
      Patient: { taken: 1 },
      Observation: { taken: 22, skipped: 0 },
      Condition: { taken: 8, skipped: 0 },
    });
    const { MedicationRequest } = report.rows;
    t.equal(MedicationRequest!.taken + MedicationRequest!.skipped, 80);
    t.ok(MedicationRequest!.taken > 0);
    const events = listedIn(store);
    t.ok(events.some((each) => each.includes("1988-01-01 snomed 265943003")));
    t.notOk(events.some((each) => / read2 0424/.test(each)));
    const all = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
      path.endsWith(".json"),
    );
    t.equal(all.length, 12);
    for (const path of all) {
      const each = await load(newStore(), join(folder, path), {
        format: "fhir",
        registeredFrom: "first-record",
      });
      t.match(each.rows.Patient, { taken: 1, skipped: 0 }, path);
      for (const type of ["Condition", "Observation", "Encounter", "AllergyIntolerance"])
        t.equal(each.rows[type]?.skipped, 0, `${path}: every ${type}`);
    }
  },
);

t.test(
  "an aurum dictionary turns CPRD's codes, of 19 digits too, into SNOMED CT, dm+d or Read",
  async (t) => {
    const tabs = (rows: string[][]): Buffer =>
      Buffer.from(rows.map((row) => row.join("\t") + "\r\n").join(""), "latin1");
    const folder = extract({
      "x_extract_patient_001.txt": tabs([
        ["patid", "pracid", "gender", "yob", "mob", "emis_ddate", "regstartdate", "regenddate"],
        ["6000000000000000001", "1", "2", "1950", "", "", "01/02/2000", ""],
      ]),
      "x_extract_observation_001.txt": tabs([
        ["patid", "obsid", "obsdate", "medcodeid", "value", "numunitid"],
        ["6000000000000000001", "1", "03/04/2020", "1234567890123456789", "7.25", "9"],
        ["6000000000000000001", "2", "31/12/9999", "1234567890123456789", "", ""],
      ]),
      "x_extract_drugissue_001.txt": tabs([
        ["patid", "issueid", "issuedate", "prodcodeid", "quantity"],
        ["6000000000000000001", "1", "05/04/2020", "77", "28"],
      ]),
      "MedicalDictionary.txt": tabs([
        ["MedCodeId", "Term", "CleansedReadCode", "SnomedCTConceptId"],
        ["1234567890123456789", "caf\xe9", "XE2", "999999999999999999"],
      ]),
      "ProductDictionary.txt": tabs([
        ["ProdCodeId", "dmdid"],
        ["77", "4123411000001107"],
      ]),
      "NumUnit.txt": tabs([
        ["numunitid", "Description"],
        ["9", "mmol/L"],
      ]),
    });
    const store = newStore();
    const report = await load(store, folder, { format: "aurum" });
    t.same(listedIn(store), [
      "6000000000000000001 2020-04-03 snomed 999999999999999999 7.25 mmol/L",
      "6000000000000000001 2020-04-05 dmd 4123411000001107 x28.0",
    ]);
    t.match(report.rows.Observation, { taken: 1, skipped: 1 });
  },
);
