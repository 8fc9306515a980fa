/** Nothing of a FHIR extract is lost or doubled without a word: layouts, references, and what an export says of itself. */
import t from "tap";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ImportReport } from "@cairn/importers";
import { openDatabase } from "@cairn/sqlite";
import { eventsIn, extract, type Files, load, newStore, refusal } from "./fixtures/extracts.js";

const MORE = { format: "fhir", registeredFrom: "birth" as const };
const person = (id: string, more: object = {}): object => ({
  resourceType: "Patient",
  id,
  gender: "female",
  birthDate: "1950-02-03",
  ...more,
});
const snomed = (code: string): object => ({ coding: [{ system: "http://snomed.info/sct", code }] });
const condition = (id: string, code: string, subject: unknown = { reference: "Patient/p1" }): object => ({
  resourceType: "Condition",
  id,
  code: snomed(code),
  subject,
  onsetDateTime: "2019-05-03",
});
const medication = (id: string, more: object): object => ({
  resourceType: "MedicationRequest",
  id,
  status: "active",
  intent: "order",
  subject: { reference: "Patient/p1" },
  authoredOn: "2024-04-01",
  ...more,
});
const lines = (...resources: object[]): string =>
  resources.map((each) => `${JSON.stringify(each)}\n`).join("");
const bundle = (...entry: object[]): object => ({ resourceType: "Bundle", type: "collection", entry });
const of = (resource: object, fullUrl?: string): object => ({ resource, fullUrl });
const json = (value: unknown): string => JSON.stringify(value, null, 1);

/** Into one store, one after the other. @returns the events and the last report */
async function loaded(
  ...extracts: Files[]
): Promise<{ store: string; events: string[]; report: ImportReport }> {
  const store = newStore();
  let report: ImportReport | null = null;
  for (const files of extracts) {
    const folder = extract({});
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    report = await load(store, folder, MORE);
  }
  return { store, events: eventsIn(store), report: report! };
}

/** What was skipped and what is worth a look, but for the codes that a test makes up. */
const said = (report: ImportReport): Record<string, number> =>
  Object.fromEntries(
    [...report.reasons, ...report.doubts]
      .filter(({ reason }) => !reason.includes("its code is no SNOMED CT"))
      .map(({ reason, count }) => [reason, count]),
  );

t.test(
  "a byte order mark hides nothing: before a bundle, before lines, where files were put together",
  async (t) => {
    const mark = "\ufeff";
    const all = ["p1 2019-05-03 snomed 1", "p1 2019-05-03 snomed 2"];
    const two = [condition("a", "1"), condition("b", "2")];
    t.same((await loaded({ "b.json": mark + json(bundle(...[person("p1"), ...two].map((each) => of(each)))) })).events, all); // prettier-ignore
    const apart = await loaded({ "Patient.ndjson": mark + lines(person("p1")), "Condition.ndjson": mark + lines(...two) }); // prettier-ignore
    t.same(apart.events, all);
    t.same(apart.report.reasons, []);
    const together = mark + lines(person("p1")) + mark + lines(two[0]!) + mark + lines(two[1]!);
    t.same((await loaded({ "all.ndjson": together })).events, all);
    t.same((await loaded({ "p.json": mark + json(person("p1")), "manifest.json": `${mark}{"covers_to": "2024-05-01"}`, "c.ndjson": lines(...two) })).report.covers_to, "2024-05-01"); // prettier-ignore
    const utf16 = await refusal(loaded({ "b.json": Buffer.from(mark + json(bundle()), "utf16le") }));
    t.match(utf16.message, /^b\.json: is UTF-16; save it as UTF-8$/);
  },
);

t.test("blank lines are no lines, and a CR alone ends one", async (t) => {
  const [one, two, three] = [person("p1"), condition("a", "1"), condition("b", "2")].map((each) => JSON.stringify(each)); // prettier-ignore
  const all = ["p1 2019-05-03 snomed 1", "p1 2019-05-03 snomed 2"];
  const ways = {
    blank: `\n\n  ${one}\n   \n\t\n${two}\r\n \r\n\r\n${three}  \n\n \n`,
    mac: `${one}\r\r${two}\r${three}\r`,
    unended: `${one}\n${two}\n${three}\r`,
  };
  for (const [name, text] of Object.entries(ways)) {
    const { events, report } = await loaded({ "all.ndjson": text });
    t.same(events, all, name);
    t.same(report.reasons, [], name);
  }
});

t.test("a file laid out in another way is refused for that, and not as damaged", async (t) => {
  const list = await refusal(loaded({ "all.json": ` ${json([person("p1"), condition("a", "1")])}` }));
  t.match(list.message, /^all\.json: is a JSON list; give a Bundle, or a line of its own to each resource/);
  const values = await refusal(loaded({ "all.json": lines(person("p1"), condition("a", "1")) }));
  t.match(values.message, /^all\.json: holds one JSON value after another; .* name it \.ndjson$/);
  const line = await refusal(loaded({ "all.ndjson": `[${JSON.stringify(person("p3"))}]\n` }));
  t.match(line.message, /^all: .* the line is a JSON list, not a resource \(first at all\.ndjson:1\)/);
});

t.test("bundles in bundles are read, in a file and on a line", async (t) => {
  const nested = bundle(
    of(bundle(of(person("p1")))),
    of(bundle(of(bundle(of(condition("a", "1")))), of(condition("b", "2")))),
  );
  const all = ["p1 2019-05-03 snomed 1", "p1 2019-05-03 snomed 2"];
  t.same((await loaded({ "b.json": json(nested) })).events, all);
  t.same((await loaded({ "b.ndjson": lines(nested) })).events, all);
});

t.test(
  "a name means what it means in its own bundle, and outside only what all bundles mean by it",
  async (t) => {
    const url = "urn:uuid:00000000-0000-4000-8000-000000000001";
    const drug = "urn:uuid:00000000-0000-4000-8000-000000000002";
    const own = (id: string, code: string): object => {
      const at = { reference: url };
      const given = medication(`m${id}`, { subject: at, medicationReference: { reference: drug } });
      const parts = [
        of(condition(`c${id}`, code, at)),
        of(given),
        of(person(id), url),
        of({ resourceType: "Medication", code: snomed(`${code}0`) }, drug),
      ];
      return bundle(...parts);
    };
    const all = ["a 2019-05-03 snomed 1", "a 2024-04-01 snomed 10", "b 2019-05-03 snomed 2", "b 2024-04-01 snomed 20"]; // prettier-ignore
    const outside = lines(condition("x", "3", { reference: url }));
    const files = { "a.json": json(own("a", "1")), "b.json": json(own("b", "2")), "z.ndjson": outside };
    const { events, report } = await loaded(files);
    t.same(events, all, "in files");
    t.match(
      said(report),
      { "Condition: its subject is no patient of these records": 1 },
      "whose it is nobody knows",
    );
    t.same((await loaded({ "all.ndjson": lines(own("a", "1"), own("b", "2")) })).events, all, "on lines");
    t.same(
      (await loaded({ "all.json": json(bundle(of(own("a", "1")), of(own("b", "2")))) })).events,
      all,
      "in one",
    );
    const lone = await loaded({ "a.json": json(own("a", "1")), "z.ndjson": outside });
    t.same(
      lone.events,
      [...all.slice(0, 1), "a 2019-05-03 snomed 3", all[1]],
      "one bundle's name is taken from outside",
    );
  },
);

t.test("a subject that is named by an identifier is found by it, or said not to be", async (t) => {
  const nhs = "https://fhir.nhs.uk/Id/nhs-number";
  const identifier = [{ system: nhs, value: "9990001112" }];
  const held = { resourceType: "Patient", id: "x", identifier };
  const { events, report } = await loaded({
    "all.ndjson": lines(
      condition("a", "1", { reference: `Patient?identifier=${nhs}|9990001112` }),
      condition("b", "2", { identifier: identifier[0] }),
      condition("c", "3", { reference: `Patient?identifier=${encodeURIComponent(`${nhs}|9990001112`)}` }),
      { ...condition("d", "4", { reference: "#x" }), contained: [held] },
      condition("e", "5", { identifier: { system: nhs, value: "9990001113" } }),
      condition("f", "6", { identifier: { system: "https://example.org", value: "9990001112" } }),
      condition("g", "7", { identifier: { system: nhs, value: "1" } }),
      person("p1", { identifier }),
      person("p2", { identifier: [{ system: nhs, value: "1" }] }),
      person("p3", { identifier: [{ system: nhs, value: "1" }] }),
    ),
  });
  t.same(
    events,
    [1, 2, 3, 4].map((code) => `p1 2019-05-03 snomed ${code}`),
  );
  t.same(said(report), {
    "Condition: its subject is named by an identifier that no one patient of this load has": 3,
  });
  t.notMatch(JSON.stringify(report), /999000111/);
});

t.test("a medication that cannot be found is counted with its reason, as is what has no code", async (t) => {
  const { events, report } = await loaded({
    "all.ndjson": lines(
      person("p1"),
      { resourceType: "Medication", id: "d1", code: snomed("10") },
      medication("a", { medicationReference: { reference: "http://e/fhir/Medication/d1/_history/1" } }),
      medication("b", { medicationReference: { reference: "Medication/nope" } }),
      medication("c", { medicationReference: { identifier: { value: "x" }, display: "X" } }),
      medication("d", { medicationCodeableConcept: { text: "Aspirin" } }),
      medication("e", { medicationReference: { reference: "#none" } }),
    ),
  });
  t.same(events, [...Array<string>(4).fill("p1 2024-04-01 local "), "p1 2024-04-01 snomed 10"]);
  t.match(report.rows.MedicationRequest, { taken: 5, skipped: 0 });
  t.same(said(report), {
    "MedicationRequest: its medication is none of these records, so it has no code": 3,
    "MedicationRequest: it has no code, so no codelist finds it": 1,
  });
});

t.test(
  "what a patient's resource says that cannot be so is counted; they are taken without it",
  async (t) => {
    const { store, report } = await loaded({
      "all.ndjson": lines(
        person("a", { gender: "F" }),
        person("b", { birthDate: "1961-04-93" }),
        person("c", { birthDate: "03/02/1950" }),
        person("d", { deceasedDateTime: "2020-13-01" }),
        person("e", { gender: 1 }),
        person("f", { gender: undefined, birthDate: undefined }),
        person("g", { birthDate: "1950-02-03T00:00:00Z" }),
        person("h"),
        person("h", { birthDate: "1951" }),
        { ...condition("x", "1", { reference: "Patient/a" }), onsetDateTime: "2019-02-30" },
      ),
    });
    t.same(said(report), {
      "Patient: its gender is none of the codes male, female, other and unknown; taken as unknown": 2,
      "Patient: its birthDate is no date from 1800 to 2199; taken without one": 2,
      "Patient: its deceasedDateTime is no date from 1800 to 2199; taken as dead on an unknown day": 1,
      "Patient: the person was given before in this extract, with other facts; the last counts": 1,
      "Condition: its date is none from 1800 to 2199": 1,
    });
    t.match(report.rows, { Patient: { taken: 9, skipped: 0 }, Condition: { taken: 0, skipped: 1 } });
    const db = openDatabase(join(store, "records.db"), { readonly: true });
    const dead = db.prepare("SELECT practice_id FROM patient WHERE death_day IS NOT NULL").pluck().all();
    db.close();
    t.same(dead, ["d"], "nobody counts as alive for a death that was written wrongly");
  },
);

t.test("a patient who was replaced by another is that one, and said so", async (t) => {
  const nhs = [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990001112" }];
  const old = person("p2", {
    active: false,
    identifier: nhs,
    link: [{ other: { reference: "Patient/p1" }, type: "replaced-by" }],
  });
  const events = [
    condition("a", "1"),
    condition("b", "2", { reference: "Patient/p2" }),
    condition("c", "3", { identifier: nhs[0] }),
  ];
  const now = person("p1", { identifier: nhs });
  const replacing = person("p1", { link: [{ other: { reference: "Patient/p2" }, type: "replaces" }] });
  const all = [1, 2, 3].map((code) => `p1 2019-05-03 snomed ${code}`);
  for (const order of [
    [old, now, ...events],
    [now, old, ...events],
    [...events, old, now],
    [replacing, { ...old, link: [] }, ...events],
  ]) {
    // prettier-ignore
    const became = await loaded({ "all.ndjson": lines(...order) });
    t.same(became.events, all);
    t.equal(became.report.patients, 1);
    t.match(said(became.report), { "Patient: it was replaced by another patient, who has its records": 1 });
  }
  const alone = await loaded({ "all.ndjson": lines(old, events[1]!) });
  t.same(alone.events, ["p2 2019-05-03 snomed 2"], "where the other is not here, nothing is lost");
  t.match(said(alone.report), { "Patient: it was replaced by a patient who is not in these records; taken as it is": 1 }); // prettier-ignore
});

t.test("who replaced a patient may be named as the bundle names them, or by an identifier", async (t) => {
  const nhs = { system: "https://fhir.nhs.uk/Id/nhs-number", value: "9990001112" };
  const now = { ...person("p1"), id: undefined, identifier: [nhs] };
  const events = (["urn:uuid:a", "urn:uuid:b"] as const).map((reference, i) => ({
    resource: condition(`c${i}`, `${i}`, { reference }),
  }));
  const bundle = (old: object, heir: object): string =>
    JSON.stringify({
      resourceType: "Bundle",
      type: "collection",
      entry: [
        { fullUrl: "urn:uuid:a", resource: { ...person("p2"), id: undefined, ...old } },
        ...events,
        { fullUrl: "urn:uuid:b", resource: { ...now, ...heir } },
      ],
    });
  const link = (other: object, type: string): object => ({ link: [{ other, type }] });
  const both = [0, 1].map((code) => `urn:uuid:b 2019-05-03 snomed ${code}`);
  for (const [old, heir] of [
    [link({ reference: "urn:uuid:b" }, "replaced-by"), {}],
    [link({ identifier: nhs }, "replaced-by"), {}],
    [{}, link({ reference: "urn:uuid:a" }, "replaces")],
  ] as const) {
    const became = await loaded({ "all.json": bundle(old, heir) });
    t.same(became.events, both);
    t.equal(became.report.patients, 1);
  }
  const nobody = await loaded({ "all.json": bundle(link({ reference: "urn:uuid:z" }, "replaced-by"), {}) });
  t.equal(nobody.report.patients, 2);
  t.match(said(nobody.report), { "Patient: it was replaced by a patient who is not in these records; taken as it is": 1 }); // prettier-ignore
});

t.test("an export's own errors, counts and time are read; that it is not whole is said", async (t) => {
  const files = { "Patient.ndjson": lines(person("p1")), "Condition.ndjson": lines(condition("a", "1")) };
  const outcome = (severity: string): object => ({
    resourceType: "OperationOutcome",
    issue: [{ severity, code: "exception", diagnostics: "export of SECRET failed" }],
  });
  const failed = await loaded({ ...files, "error/OperationOutcome.ndjson": lines(outcome("error"), outcome("information")) }); // prettier-ignore
  t.match(failed.report.notes, [/incomplete by its own word: it reports 1 error/]);
  t.match(said(failed.report), {
    "OperationOutcome: the export reports an error here, so it may be incomplete": 1,
    "OperationOutcome: it is a message and no record": 1,
  });
  t.notMatch(JSON.stringify(failed.report), /SECRET/);
  const batch = bundle(of(person("p1")), { response: { status: "500", outcome: outcome("fatal") } });
  t.match((await loaded({ "b.json": json(batch) })).report.notes, [/reports 1 error/]);
  const manifest = (count: number, more: object = {}): string =>
    json({
      transactionTime: "2024-05-01T10:00:00Z",
      output: [
        { type: "Patient", url: "Patient.ndjson", count: 1 },
        { type: "Condition", url: "a", count },
        { type: "Claim", url: "b", count: 0 },
        { type: "Observation", url: "c" },
      ],
      error: [],
      ...more,
    });
  for (const name of ["manifest.json", "export-status.json"]) {
    const whole = await loaded({ ...files, [name]: manifest(1) });
    t.equal(whole.report.covers_to, "2024-05-01", name);
    t.match(whole.report.notes.join("\n"), /^no --complete-to was given: taken as complete to 2024-05-01.*$/);
    const short = await loaded({ ...files, [name]: manifest(7) });
    t.match(short.report.notes, [/manifest says 7 resources Condition, and the files hold 1\./]);
  }
  const bad = await loaded({ ...files, "manifest.json": manifest(1, { error: [{ type: "OperationOutcome", url: "e" }] }) }); // prettier-ignore
  t.match(bad.report.notes, [/reports 1 file of errors/]);
  const ours = { covers_to: "2024-04-30", transactionTime: "2024-05-01T10:00:00Z", output: [] };
  t.equal((await loaded({ ...files, "manifest.json": json(ours) })).report.covers_to, "2024-04-30");
});
