/** FHIR as UK systems write it: what was given, in which unit, by whichever name of a code system. */
import t from "tap";
import { eventsIn, extract, load, newStore } from "./fixtures/extracts.js";

const MORE = { format: "fhir", registeredFrom: "birth" as const };
const PATIENT = { resourceType: "Patient", id: "p1", gender: "female", birthDate: "1948-02-03" };
const subject = { reference: "Patient/p1" };
const lines = (...resources: object[]): string =>
  resources.map((each) => `${JSON.stringify(each)}\n`).join("");
const coded = (system: string, code: string): object => ({ coding: [{ system, code }] });
const snomed = (code: string): object => coded("http://snomed.info/sct", code);
const condition = (id: string, code: object): object => ({
  resourceType: "Condition",
  id,
  code,
  subject,
  onsetDateTime: "2019-05-03",
});

async function loaded(
  ...resources: object[]
): Promise<{ events: string[]; report: Awaited<ReturnType<typeof load>> }> {
  const store = newStore();
  const report = await load(store, extract({ "all.ndjson": lines(PATIENT, ...resources) }), MORE);
  return { events: eventsIn(store).map((each) => each.replace(/^p1 \S+ /, "")), report };
}

t.test("an immunisation is coded by its vaccination procedure, in GP Connect and in UK Core", async (t) => {
  const given = (id: string, url: string, procedure: object | null, vaccineCode: object): object => ({
    resourceType: "Immunization",
    id,
    status: "completed",
    patient: subject,
    extension: [
      { url: "https://example.org/Extension-DateRecorded-1", valueDateTime: "2023-10-04" },
      ...(procedure === null ? [] : [{ url, valueCodeableConcept: procedure }]),
    ],
    vaccineCode,
    occurrenceDateTime: "2023-10-04",
  });
  const unknown = coded("http://hl7.org/fhir/v3/NullFlavor", "UNK");
  const r4Unknown = coded("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK");
  const careConnect =
    "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-VaccinationProcedure-1";
  const ukCore = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-VaccinationProcedure";
  const both = {
    coding: [
      { system: "http://read.info/readv2", code: "65M1.00" },
      { system: "http://snomed.info/sct", code: "170431005" },
    ],
  };
  const { events, report } = await loaded(
    given("a", careConnect, both, unknown),
    given("b", ukCore, snomed("170432003"), snomed("39114911000001105")),
    given("c", ukCore, null, snomed("39114911000001106")),
    given("d", ukCore, r4Unknown, coded("http://hl7.org/fhir/sid/cvx", "88")),
    given("e", careConnect, coded("http://read.info/readv2", "65E..00"), unknown),
    given("f", ukCore, null, r4Unknown),
  );
  t.same(events, ["cvx 88", "local ", "read2 65E..00 was read2 65E..00 unmapped", "snomed 170431005", "snomed 170432003", "snomed 39114911000001106"]); // prettier-ignore
  t.match(report.rows.Immunization, { taken: 6, skipped: 0 });
});

t.test("a unit's code counts before its words, and words before a code that is no unit", async (t) => {
  const ucum = "http://unitsofmeasure.org";
  const quantities: [quantity: object, unit: string][] = [
    [{ unit: "millimole per mole", code: "mmol/mol", system: ucum }, "mmol/mol"],
    [{ unit: "millimeter of mercury", code: "mm[Hg]" }, "mm[Hg]"],
    [{ unit: "mmol/mol", code: "%" }, "%"],
    [{ unit: "kg", code: "258683005", system: "http://snomed.info/sct" }, "kg"],
    [{ unit: "IU/L", code: "[iU]/L", system: ucum }, "IU/L"],
    [{ unit: "drops", code: "[drp]", system: ucum }, "[drp]"],
    [{ unit: "Tropfen", code: "404218003", system: "http://snomed.info/sct" }, "Tropfen"],
    [{ unit: "mmol/L" }, "mmol/L"],
    [{ code: "mmol/L", system: ucum }, "mmol/L"],
  ];
  const { events } = await loaded(
    ...quantities.map(([quantity], i) => ({
      resourceType: "Observation",
      id: `o${i}`,
      status: "final",
      code: snomed("1"),
      subject,
      effectiveDateTime: "2023-10-04",
      valueQuantity: { value: i + 1, ...quantity },
    })),
  );
  t.same(
    events,
    quantities.map(([, unit], i) => `snomed 1 ${i + 1}.0 ${unit}`),
  );
});

t.test(
  "a number that is written as text is read where a comparator or a unit says that it is one",
  async (t) => {
    const values: [value: object, stored: string][] = [
      [{ valueQuantity: { value: "120", code: "mm[Hg]" } }, " 120.0 mm[Hg]"],
      [{ valueQuantity: { value: " > 90 ", unit: "mL/min/1.73m2" } }, " 90.0 mL/min/1.73m2"],
      [{ valueQuantity: { value: "high", unit: "mmHg" } }, " mmHg"],
      [{ valueString: "<0.5" }, " 0.5 "],
      [{ valueString: "7.5 mmol/L" }, " 7.5 mmol/L"],
      [{ valueString: "120/80" }, ""],
      [{ valueString: "2019" }, ""],
      [{ valueString: "5 a day" }, ""],
      [{ valueInteger: 3 }, " 3.0"],
    ];
    const { events } = await loaded(
      ...values.map(([value], i) => ({
        resourceType: "Observation",
        id: `o${i}`,
        status: "final",
        code: snomed(`${i}`),
        subject,
        effectiveDateTime: "2023-10-04",
        ...value,
      })),
    );
    t.same(
      events,
      values.map(([, stored], i) => `snomed ${i}${stored}`),
    );
  },
);

t.test("a code system is known by each of its names; one that is not is named with its count", async (t) => {
  const names: [system: string, known: string][] = [
    ["http://snomed.info/sct", "snomed"],
    ["https://snomed.info/sct/", "snomed"],
    ["http://www.snomed.info/sct", "snomed"],
    ["http://snomed.info/sct/999000041000000102", "snomed"],
    ["http://snomed.info/sct/999000041000000102/version/20230412", "snomed"],
    ["http://snomed.info/sct|http://snomed.info/sct/999000041000000102", "snomed"],
    ["urn:oid:2.16.840.1.113883.6.96", "snomed"],
    ["2.16.840.1.113883.2.1.3.2.4.15", "snomed"],
    ["SNOMED CT", "snomed"],
    ["https://dmd.nhs.uk/", "dmd"],
    ["http://dmd.nhs.uk", "dmd"],
    ["https://dmd.nhs.uk/VMP", "dmd"],
    ["urn:oid:2.16.840.1.113883.2.1.6.2", "read2"],
    ["http://read.info/readv2/", "read2"],
    ["http://read.info/ctv2", "read2"],
    ["http://read.info/CTV3", "ctv3"],
    ["urn:oid:2.16.840.1.113883.2.1.3.2.4.14", "ctv3"],
    ["URN:OID:2.16.840.1.113883.6.1", "loinc"],
    ["urn:oid:2.16.840.1.113883.6.3", "icd10"],
    ["https://fhir.hl7.org.uk/Id/icd-10-uk/", "icd10"],
    ["urn:oid:2.16.840.1.113883.6.88", "rxnorm"],
    ["https://www.whocc.no/atc", "atc"],
    ["urn:oid:2.16.840.1.113883.12.292", "cvx"],
    ["https://dmd.nhs.uk/FORM", "local"],
    ["https://example.org/Id/practice-codes", "local"],
    ["urn:oid:1.2.3.4", "local"],
    ["http://snomed.info/xsct/1", "local"],
  ];
  const { events, report } = await loaded(
    ...names.map(([system], i) => condition(`c${i}`, coded(system, String(1000 + i)))),
    condition("x", coded("https://example.org/Id/practice-codes", "1999")),
    condition("y", coded("Mr Jones, 9990001112", "2000")),
    condition("z", { coding: [{ code: "2001" }] }),
  );
  const bySystem = new Map(events.map((each) => each.split(" ") as [string, string]).map(([s, c]) => [c, s]));
  for (const [i, [system, known]] of names.entries()) t.equal(bySystem.get(String(1000 + i)), known, system);
  const said = report.doubts.filter(({ reason }) => reason.includes("code system"));
  const counts = Object.fromEntries(said.map(({ reason, count }) => [reason, count]));
  t.same(counts, {
    "Condition: its code system https://example.org/Id/practice-codes is not known here; kept as a local code": 2,
    "Condition: its code system https://dmd.nhs.uk/FORM is not known here; kept as a local code": 1,
    "Condition: its code system urn:oid:1.2.3.4 is not known here; kept as a local code": 1,
    "Condition: its code system http://snomed.info/xsct/1 is not known here; kept as a local code": 1,
    "Condition: its code system has an odd name and is not known here; kept as a local code": 1,
    "Condition: its code names no code system; kept as a local code": 1,
  });
  t.notMatch(JSON.stringify(report), /Jones|9990001112/);
  t.match(
    report.rows.Condition,
    { taken: names.length + 3, skipped: 0 },
    "what is said of is taken all the same",
  );
});
