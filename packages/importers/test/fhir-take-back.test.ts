/** What FHIR took can be taken back: by a status, by what is gone, by a deletion, by whose it is now. */
import t, { type Test } from "tap";
import type { ImportReport } from "@cairn/importers";
import { eventsIn, extract, load, newStore } from "./fixtures/extracts.js";

const MORE = { format: "fhir", registeredFrom: "birth" as const };
const person = (id: string): object => ({
  resourceType: "Patient",
  id,
  gender: "female",
  birthDate: "1950-02-03",
});
const PEOPLE = [person("p1"), person("p2")];
const snomed = (code: string): object => ({ coding: [{ system: "http://snomed.info/sct", code }] });
const of = (id: string, code: string, more: object = {}): object => ({
  resourceType: "Condition",
  id,
  code: snomed(code),
  subject: { reference: "Patient/p1" },
  onsetDateTime: "2019-05-03",
  ...more,
});
const panel = (id: string, codes: readonly string[], more: object = {}): object => ({
  resourceType: "Observation",
  id,
  status: "final",
  code: snomed(codes[0]!),
  subject: { reference: "Patient/p1" },
  effectiveDateTime: "2024-03-01",
  component: codes.slice(1).map((code) => ({ code: snomed(code), valueInteger: 1 })),
  ...more,
});
const lines = (...resources: object[]): string =>
  resources.map((each) => `${JSON.stringify(each)}\n`).join("");
const removal = (...urls: string[]): object => ({
  resourceType: "Bundle",
  type: "transaction",
  entry: urls.map((url) => ({ request: { method: "DELETE", url } })),
});

/** Each of the texts as an extract of its own, one after the other. */
async function loads(
  ...texts: (string | Record<string, string>)[]
): Promise<{ events: string[]; reports: ImportReport[] }> {
  const store = newStore();
  const reports: ImportReport[] = [];
  for (const text of texts)
    reports.push(await load(store, extract(typeof text === "string" ? { "all.ndjson": text } : text), MORE));
  return { events: eventsIn(store), reports };
}

/** The same in two extracts, in one, in one where the people come last, and in one bundle. */
async function everyWay(t: Test, first: object[], second: object[], events: string[]): Promise<void> {
  const ways = {
    "two extracts": [lines(...PEOPLE, ...first), lines(...PEOPLE, ...second)],
    "the second without people": [lines(...PEOPLE, ...first), lines(...second)],
    "one extract": [lines(...PEOPLE, ...first, ...second)],
    "people last": [lines(...first, ...second, ...PEOPLE)],
    "one bundle, people last": [
      { "all.json": JSON.stringify({ resourceType: "Bundle", entry: [...first, ...second, ...PEOPLE].map((resource) => ({ resource })) }) }, // prettier-ignore
    ],
  };
  for (const [name, texts] of Object.entries(ways)) {
    const became = await loads(...texts);
    t.same(became.events, events, name);
    t.notOk(
      became.reports.some(({ notes }) => notes.some((note) => note.includes("not here"))),
      `${name}: nothing is said to be missing`,
    );
    t.equal(became.reports.at(-1)!.events, events.length, `${name}: the store counts as many`);
  }
}

const ERROR = { verificationStatus: { coding: [{ code: "entered-in-error" }] } };
const FIRST = [of("c1", "1"), of("c2", "2"), panel("o1", ["3", "4", "5"]), panel("o2", ["6", "7"])];

t.test("what comes again as entered in error, or as no event any more, takes its event away", async (t) => {
  const second = [
    of("c1", "1", ERROR),
    panel("o1", ["3", "4", "5"], { status: "entered-in-error" }),
    panel("o2", ["6", "7"], { effectiveDateTime: undefined }),
  ];
  await everyWay(t, FIRST, second, ["p1 2019-05-03 snomed 2"]);
  const bare = [{ resourceType: "Condition", id: "c2", ...ERROR }];
  await everyWay(t, FIRST.slice(0, 2), bare, ["p1 2019-05-03 snomed 1"]);
  await everyWay(t, second, FIRST.slice(0, 1), ["p1 2019-05-03 snomed 1"]);
});

t.test("a component that is gone goes, and one that comes is added", async (t) => {
  const second = [panel("o1", ["3", "4"]), panel("o2", ["6", "7", "8"])];
  await everyWay(
    t,
    FIRST.slice(2),
    second,
    [3, "4 1.0", 6, "7 1.0", "8 1.0"].map((code) => `p1 2024-03-01 snomed ${code}`),
  );
});

t.test("a deletion takes away what it names, wherever it stands and whoever has it", async (t) => {
  const second = [removal("Condition/c1", "https://ehr.example/fhir/Observation/o1/_history/2")];
  const left = ["p1 2019-05-03 snomed 2", "p1 2024-03-01 snomed 6", "p1 2024-03-01 snomed 7 1.0"];
  await everyWay(t, FIRST, second, left);
  const file = await loads(lines(...PEOPLE, ...FIRST), {
    "deleted-Condition.json": JSON.stringify(second[0]),
  });
  t.same(file.events, left, "in a file of its own, with nothing beside it");
  t.match(file.reports[1]!.rows, { deleted: { taken: 2, skipped: 0 } });
  const more = removal("Condition/nobody", "Condition?identifier=SECRET", "Claim/1", "Condition/c2");
  const { events, reports } = await loads(lines(...PEOPLE, ...FIRST), lines(more));
  t.same(events, [ "p1 2024-03-01 snomed 3", "p1 2024-03-01 snomed 4 1.0", "p1 2024-03-01 snomed 5 1.0", "p1 2024-03-01 snomed 6", "p1 2024-03-01 snomed 7 1.0", "p1 2019-05-03 snomed 1" ].sort()); // prettier-ignore
  t.match(reports[1]!.rows, { deleted: { taken: 1, skipped: 3 } });
  t.notMatch(JSON.stringify(reports[1]), /SECRET/);
});

t.test("a resource whose subject was corrected is one person's", async (t) => {
  const subject = { subject: { reference: "Patient/p2" } };
  const second = [of("c1", "1", subject), panel("o1", ["3", "4"], subject)];
  const events = ["p1 2019-05-03 snomed 2", "p2 2019-05-03 snomed 1", "p2 2024-03-01 snomed 3", "p2 2024-03-01 snomed 4 1.0"]; // prettier-ignore
  await everyWay(t, FIRST.slice(0, 3), second, events);
});

t.test("the code of a medication holds for what later extracts say of it", async (t) => {
  const given = (id: string): object => ({
    resourceType: "MedicationRequest",
    id,
    intent: "order",
    subject: { reference: "Patient/p1" },
    authoredOn: "2024-04-01",
    medicationReference: { reference: "Medication/d1" },
  });
  const drug = { resourceType: "Medication", id: "d1", code: { coding: [{ system: "https://dmd.nhs.uk", code: "10" }] } }; // prettier-ignore
  const bundle = {
    "all.json": JSON.stringify({ resourceType: "Bundle", entry: [{ resource: given("b") }] }),
  };
  const { events, reports } = await loads(lines(...PEOPLE, drug), lines(given("a")), bundle);
  t.same(events, ["p1 2024-04-01 dmd 10", "p1 2024-04-01 dmd 10"]);
  t.same(reports[2]!.reasons, []);
});

t.test("a patient who is deleted goes with all that is theirs, unless given again", async (t) => {
  const all = [...PEOPLE, of("c1", "1"), of("c2", "2", { subject: { reference: "Patient/p2" } })];
  const { events, reports } = await loads(lines(...all), lines(removal("Patient/p1", "Patient/nobody")));
  t.same(events, ["p2 2019-05-03 snomed 2"]);
  t.match(reports[1], { patients: 1, events: 1, rows: { deleted: { taken: 1, skipped: 1 } } });
  const back = await loads(lines(...all), lines(removal("Patient/p1"), person("p1"), of("c3", "3")));
  t.equal(back.reports[1]!.patients, 2, "given again behind the deletion");
  const same = await loads(lines(...all, removal("Patient/p1")), lines(person("p1")));
  t.same(same.events, ["p2 2019-05-03 snomed 2"], "in one load, and what comes later of them is new");
});

t.test("two people of earlier extracts who prove to be one become one, and stay one", async (t) => {
  const theirs = { subject: { reference: "Patient/p2" } };
  const first = [...PEOPLE, of("c1", "1"), of("c2", "2", theirs), panel("o1", ["3", "4"], theirs), { ...of("c9", "9", theirs), id: undefined }]; // prettier-ignore
  const link = (other: string, type: string): object => ({
    link: [{ other: { reference: `Patient/${other}` }, type }],
  });
  const gone = { ...person("p2"), active: false, ...link("p1", "replaced-by") };
  const heir = { ...person("p1"), ...link("p2", "replaces") };
  const events = [1, 2, 9].map((code) => `p1 2019-05-03 snomed ${code}`);
  events.push("p1 2024-03-01 snomed 3", "p1 2024-03-01 snomed 4 1.0");
  for (const second of [[gone], [heir], [gone, heir], [of("c2", "2", theirs), gone]]) {
    const became = await loads(lines(...first), lines(...second));
    t.same(became.events, events);
    t.match(became.reports[1], { patients: 1, events: 5 });
    const again = await loads(lines(...first), lines(...second), lines(...first.slice(2, 5), gone));
    t.same(again.events, events, "the same records again change nothing");
  }
});

t.test(
  "of a history the newest version counts, wherever it stands; a deletion that is the newest deletes",
  async (t) => {
    type Versioned = readonly [resource: object, day: string, method?: "PUT" | "DELETE"];
    const entry = ([resource, day, method = "PUT"]: Versioned): object => {
      const { resourceType, id } = resource as { resourceType: string; id: string };
      return {
        request: { method, url: `${resourceType}/${id}` },
        response: { status: "200", lastModified: `${day}T10:00:00Z` },
        ...(method === "DELETE" ? {} : { resource }),
      };
    };
    const history = (versions: readonly Versioned[], more: object = {}): object => ({
      resourceType: "Bundle",
      type: "history",
      ...more,
      entry: versions.map(entry),
    });
    const versions: readonly Versioned[] = [
      [of("c3", "3"), "2024-03-05", "DELETE"],
      [of("c1", "1"), "2024-03-04"],
      [of("c3", "3"), "2024-03-03"],
      [of("c2", "2"), "2024-03-02"],
      [of("c2", "2"), "2024-03-01", "DELETE"],
      [of("c1", "9"), "2024-02-01"],
      [person("p1"), "2024-01-01"],
    ];
    const left = ["p1 2019-05-03 snomed 1", "p1 2019-05-03 snomed 2"];
    const files = (...bundles: object[]): Record<string, string> =>
      Object.fromEntries(bundles.map((each, i) => [`${i}.json`, JSON.stringify(each)]));
    const inOrder = {
      ...history([]),
      entry: versions.map((each) => ({ ...entry(each), response: undefined })),
    };
    const ways = {
      "the newest first": files(history(versions)),
      "the oldest first": files(history([...versions].reverse())),
      "in pages": files(history(versions.slice(0, 4)), history(versions.slice(4))),
      "on lines": lines(history(versions.slice(0, 4)), history(versions.slice(4))),
      "where they do not say when": files(inOrder),
    };
    for (const [way, text] of Object.entries(ways)) {
      const { events, reports } = await loads(text);
      t.same(events, left, way);
      const old = reports[0]!.reasons.find(({ reason }) => reason.includes("newer version"))?.count ?? 0;
      t.equal(old, way === "the oldest first" ? 0 : 3, `${way}: older versions that follow are counted`);
    }
  },
);
