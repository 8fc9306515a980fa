/** FHIR: bundles and lines, references, and what is cut short. */
import t from "tap";
import { BundleScanner } from "../src/fhir/scan.js";
import { extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";

t.setTimeout(280_000);

const patient = { resourceType: "Patient", id: "p1", gender: "female", birthDate: "1950-02" };
const coding = (system: string, code: string): object => ({ coding: [{ system, code }] });
const snomed = (code: string): object => coding("http://snomed.info/sct", code);
const subject = { reference: "Patient/p1" };
const RESOURCES = [
  {
    resourceType: "Condition",
    id: "c1",
    code: {
      coding: [
        { system: "http://read.info/readv2", code: "G2..." },
        { system: "http://snomed.info/sct", code: "38341003" },
      ],
    },
    subject,
    onsetDateTime: "2019-05-03T23:30:00-04:00",
  },
  {
    resourceType: "Condition",
    id: "c2",
    code: snomed("1"),
    subject,
    onsetDateTime: "2019-05-03",
    verificationStatus: coding("x", "entered-in-error"),
  },
  { resourceType: "Condition", id: "c3", code: snomed("2"), subject },
  {
    resourceType: "Observation",
    id: "o1",
    status: "final",
    code: coding("http://loinc.org", "85354-9"),
    subject,
    effectivePeriod: { start: "2024-03-01T09:00:00Z" },
    component: [
      { code: coding("http://loinc.org", "8480-6"), valueQuantity: { value: 140, unit: "mmHg" } },
      {
        code: coding("http://loinc.org", "8462-4"),
        valueQuantity: { value: 90, code: "mm[Hg]", comparator: "<" },
      },
    ],
  },
  {
    resourceType: "MedicationRequest",
    id: "m1",
    intent: "order",
    medicationReference: { reference: "Medication/d1" },
    subject,
    authoredOn: "2024-04-01",
    dispenseRequest: { quantity: { value: 56 } },
    requester: { reference: "Practitioner/k" },
  },
  {
    resourceType: "MedicationRequest",
    id: "m2",
    intent: "plan",
    medicationReference: { reference: "Medication/d1" },
    subject,
    authoredOn: "2024-04-01",
  },
  {
    resourceType: "Immunization",
    id: "i1",
    status: "not-done",
    vaccineCode: snomed("3"),
    patient: subject,
    occurrenceDateTime: "2024-01-01",
  },
  {
    resourceType: "Encounter",
    id: "e1",
    status: "finished",
    type: [{ text: "GP Surgery" }],
    subject,
    period: { start: "2024-02" },
  },
  {
    resourceType: "Procedure",
    id: "q1",
    code: snomed("4"),
    subject: { reference: "Patient/nobody" },
    performedDateTime: "2024-01-01",
  },
  { resourceType: "Medication", id: "d1", code: coding("https://dmd.nhs.uk", "4123411000001107") },
  { resourceType: "Claim", id: "x" },
];
const FHIR_EVENTS = [
  "p1 2019-05-03 snomed 38341003",
  "p1 2024-02-01 local ",
  "p1 2024-03-01 loinc 8462-4 <90.0 mm[Hg]",
  "p1 2024-03-01 loinc 8480-6 140.0 mmHg",
  "p1 2024-03-01 loinc 85354-9",
  "p1 2024-04-01 dmd 4123411000001107 x56.0 by Practitioner/k",
];
const bundle = (resources: object[]): string =>
  JSON.stringify(
    { resourceType: "Bundle", note: 'a "quoted" {brace', entry: resources.map((resource) => ({ resource })) },
    null,
    1,
  );

t.test("a bundle and the same resources as lines say the same, in whatever order they come", async (t) => {
  const asLines = (resources: object[]): string =>
    resources.map((each) => `${JSON.stringify(each)}\n`).join("");
  const ways = {
    bundle: extract({ "all.json": bundle([patient, ...RESOURCES]) }),
    "patient last": extract({ "all.json": bundle([...RESOURCES, patient]) }),
    "one a file": extract({ "p.json": JSON.stringify(patient), "r.json": bundle(RESOURCES) }),
    lines: extract({ "all.ndjson": asLines([...RESOURCES, patient]), "log.ndjson": "no resource\n" }),
  };
  for (const [name, path] of Object.entries(ways)) {
    const store = newStore();
    const report = await load(store, path, { format: "fhir", registeredFrom: "birth" });
    t.same(listedIn(store), FHIR_EVENTS, name);
    t.match(report.rows, {
      Patient: { taken: 1, skipped: 0 },
      Condition: { taken: 1, skipped: 2 },
      Observation: { taken: 1, skipped: 0 },
      MedicationRequest: { taken: 1, skipped: 1 },
      Medication: { taken: 1, skipped: 0 },
      Immunization: { taken: 0, skipped: 1 },
      Procedure: { taken: 0, skipped: 1 },
      Claim: { taken: 0, skipped: 1 },
    });
    t.equal(report.basis, "birth");
  }
});

t.test("urn:uuid references lead to the patient by fullUrl", async (t) => {
  const url = "urn:uuid:84451841-21bf-4754-9eb5-99d508c4282f";
  const entry = [
    { fullUrl: url, resource: patient },
    {
      resource: {
        resourceType: "Condition",
        id: "c",
        code: snomed("9"),
        subject: { reference: url },
        recordedDate: "2020",
      },
    },
  ];
  const store = newStore();
  await load(store, extract({ "b.json": JSON.stringify({ entry, resourceType: "Bundle" }) }), {
    format: "fhir",
    registeredFrom: "birth",
  });
  t.same(listedIn(store), ["p1 2020-07-01 snomed 9"]);
});

t.test("a bundle cut short anywhere, or no JSON, is refused in one line and nothing is kept", async (t) => {
  const whole = bundle([patient, ...RESOURCES]);
  const store = newStore();
  for (let cut = 0; cut < whole.length; cut += 97) {
    const error = await refusal(
      load(store, extract({ "b.json": whole.slice(0, cut) }), { format: "fhir", registeredFrom: "birth" }),
    );
    t.match(error.message, /^b\.json: [^\n]+$/, `cut at ${cut}`);
  }
  for (const bad of [
    '{"resourceType":"Bundle","entry":[{},,{}]}',
    '{"entry":[{"resource":{"a":01}}]}',
    "[1]",
    "nonsense",
  ]) {
    t.match(
      await refusal(load(store, extract({ "b.json": bad }), { format: "fhir", registeredFrom: "birth" })),
      { code: "unreadable" },
      bad,
    );
  }
  t.same(listedIn(store), []);
});

t.test("entries are found whatever the chunks, and nothing else is taken for one", async (t) => {
  const text =
    '{"x":{"entry":[{"no":1}]},"entry":[{"a":"}\\"{"}, {"b":[{"entry":[{}]}]}\n],"link":[{"c":1}]}';
  for (const size of [1, 2, 5, 1000]) {
    const found: string[] = [];
    const scanner = new BundleScanner((json, line) => void found.push(`${line} ${json.toString()}`));
    for (let at = 0; at < text.length; at += size) scanner.take(Buffer.from(text.slice(at, at + size)));
    t.same(scanner.end(), { x: { entry: [{ no: 1 }] }, entry: [0, 0], link: [{ c: 1 }] });
    t.same(found, ['1 {"a":"}\\"{"}', '1 {"b":[{"entry":[{}]}]}']);
  }
});

// Data that this project did not write
