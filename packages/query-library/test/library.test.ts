import t from "tap";
import {
  ContentError,
  makeContent,
  openContent,
  openLibrary,
  parseCodelist,
  parseExamples,
  parseQuery,
  readContent,
  toMeasure,
} from "@cairn/query-library";
import { readFiles, TEST_QUERIES } from "./read-files.js";

const testFiles = readFiles(TEST_QUERIES);
const small = Object.fromEntries(
  Object.entries(testFiles).filter(([path]) => /methotrexate|liver/.test(path)),
);
const about = { name: "test", version: 7, published: "2025-01-01T00:00:00Z" };
const bytes = makeContent({ ...about, files: small });

/** The outcome of opening content: the code by which it is refused, with the words. */
function outcome(content: Uint8Array): string {
  try {
    return `opened ${openContent(content).version}`;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return `${error.code} (${error.kind}): ${error.message}`;
  }
}

t.test("content is opened, and its queries are found by digest", async (t) => {
  const { name, version, digest, queries, codelists, current } = openContent(bytes);
  t.match(
    { name, version, queries: queries.size, codelists: codelists.size },
    { name: "test", version: 7, queries: 1, codelists: 2 },
  );
  for (const [its, query] of queries) t.equal(query.digest, its);
  t.same([...current], [["methotrexate-monitoring", [...queries.keys()][0]]]);
  t.equal(digest.length, 64);
  t.same(readContent(bytes).files, small);
});

t.test(
  "two versions of a query stand side by side, and the folder's is asked by new schedules",
  async (t) => {
    const file = "methotrexate-monitoring.yaml";
    const version = /^version: (.+)$/m.exec(small[file]!)![1]!;
    const newer = { ...small, [file]: small[file]!.replace(/^version: .+$/m, "version: 9.0.0") };
    const key = `methotrexate-monitoring@${version}`;
    const { queries, current } = openContent(makeContent({ ...about, files: newer, kept: { [key]: small } }));
    t.same([...queries.values()].map((query) => query.version).sort(), [version, "9.0.0"].sort());
    t.equal(queries.get(current.get("methotrexate-monitoring")!)!.version, "9.0.0");
    const alone = openContent(makeContent({ ...about, files: {}, kept: { [key]: small } }));
    t.equal(
      alone.current.size,
      1,
      "one that the folder has no more is asked all the same, until it is retired",
    );
    t.match(
      outcome(makeContent({ ...about, files: {}, kept: { "methotrexate-monitoring@8.0.0": small } })),
      /^query-does-not-check .*keeps methotrexate-monitoring@8\.0\.0, and its files hold another query/,
    );
  },
);

t.test("content in which a query or codelist does not check is refused, with file and line", async (t) => {
  const bad = (change: Record<string, string>): string =>
    outcome(makeContent({ ...about, files: { ...small, ...change } }));
  const typo = small["methotrexate-monitoring.yaml"]!.replace("exists", "exits");
  t.match(
    bad({ "methotrexate-monitoring.yaml": typo }),
    /^query-does-not-check \(refused\): .*methotrexate-monitoring\.yaml:\d+: .*exists/,
  );
  t.match(bad({ "codelists/liver-function@1.csv": "code\n1\n" }), /liver-function@1\.csv:1: .*code,term/);
});

t.test("what is not a library is malformed", async (t) => {
  for (const text of [
    "",
    "{}",
    "[]",
    "null",
    "\u0000".repeat(100),
    '{"name":"x","version":"7","published":"2025-01-01T00:00:00Z","files":{}}',
    '{"name":"x","version":7,"published":"never","files":{}}',
    '{"name":"x","version":7,"published":"2025-01-01T00:00:00Z","files":{"a":1}}',
    '{"name":"x","version":7,"published":"2025-01-01T00:00:00Z","files":{},"kept":{"a@1":1}}',
  ])
    t.match(outcome(Buffer.from(text)), /^malformed/, text);
  for (const version of [0, -1, 1.5, Number.NaN])
    t.throws(() => makeContent({ ...about, version, files: {} }), ContentError, String(version));
});

t.test("the same content makes the same bytes, whatever the order of its files", async (t) => {
  const turned = Object.fromEntries(Object.entries(small).reverse());
  t.same(makeContent({ files: turned, ...about }), bytes);
});

t.test("codelists are refused with file and line where they cannot be trusted", async (t) => {
  const about = "system: snomed\nkind: clinical\nsource: s\nlicence: MIT\n";
  const of = (csv: string, yaml = about, ref = "x@1") => parseCodelist(csv, yaml, ref);
  t.match(of("code,term\n1,a\n"), { codelist: { name: "x", version: "1", codes: ["1"], unit: null } });
  t.match(of("code,term\n1,a\n", `${about}unit: MMOL/MOL\n`), { codelist: { unit: "mmol/mol" } });
  t.match(of("\uFEFFterm,code,note\r\na,1,z\r\n"), { codelist: { codes: ["1"] } });
  t.match(of("code,term\nXE0Uc,a\nxe0Uc,b\nH33 .,c\n", about.replace("snomed", "ctv3")), {
    codelist: { codes: ["H33 .", "XE0Uc", "xe0Uc"] },
  });
  const refused: [string, string, string, RegExp][] = [
    ["code,term\n1,a\n1,b\n", about, "x@1", /x@1\.csv:3.*twice/],
    ["code,term\n,a\n", about, "x@1", /no code/],
    ["code,term\n1.09E+15,a\n", about, "x@1", /spreadsheet/],
    ["code,term\n", about, "x@1", /no code in the list/],
    ['code,term\n1,"a\n', about, "x@1", /quotation mark/],
    ["code,term\n1,a\n", about.replace("licence: MIT\n", ""), "x@1", /licence/],
    ["code,term\n1,a\n", about.replace("kind: clinical", "kind: drug"), "x@1", /kind: clinical/],
    ["code,term\n1,a\n", about.replace("snomed", "snowmed"), "x@1", /Did you mean `snomed`/],
    ["code,term\n1,a\n", `${about}units: g\n`, "x@1", /`units`.*`unit`/],
    ["code,term\n1,a\n", `${about}unit: mmHG2\n`, "x@1", /`mmHG2` is not a unit/],
    ["code,term\n1,a\n", about, "asthma", /name@version/],
  ];
  for (const [csv, yaml, ref, says] of refused) {
    const result = of(csv, yaml, ref);
    const words =
      "problems" in result ? result.problems.map(({ file, line, words }) => `${file}:${line}: ${words}`) : [];
    t.ok(
      words.some((each) => says.test(each)),
      String(says),
      { words },
    );
  }
});

t.test("two queries of one name, and a codelist without its yaml, are refused", async (t) => {
  const { problems } = openLibrary({ ...small, "again.yaml": small["methotrexate-monitoring.yaml"]! });
  t.match(problems, [{ file: "methotrexate-monitoring.yaml", words: /also the name of again\.yaml/ }]);
  t.match(openLibrary({ "codelists/x@1.csv": "code,term\n1,a\n" }).problems, [
    { words: /x@1\.yaml` is missing/ },
  ]);
});

t.test("examples are refused with the line where they cannot be run", async (t) => {
  const query = openLibrary(testFiles).library.queries.get("broad-spectrum-share")!.query;
  const of = (body: string) => parseExamples(body, { file: "q.examples.yaml", query });
  const patient =
    "{born: 1960-01-01, registered: 2000-01-01, events: [{date: 2024-11-01, list: antibiotics}]}";
  const good = `examples:\n  - what: w\n    patient: ${patient}\n    expect: {2025-03-31: {denominator: 1, numerator: 1}}\n`;
  t.match(of(good), {
    examples: [
      {
        line: 2,
        patient: {
          id: "example-1",
          born: "1960-01-01",
          died: null,
          sex: "unknown",
          registrations: [{ start: "2000-01-01", end: null }],
          events: [{ date: "2024-11-01", system: "dmd", code: "1004" }],
        },
        expect: [{ date: "2025-03-31", denominator: 1, numerator: 1 }],
      },
    ],
  });
  const refused: [string, string, RegExp][] = [
    ["1960-01-01", "1960-13-01", /date of the calendar/],
    ["list: antibiotics", "list: antibotics", /no codelist `antibotics`. Did you mean `antibiotics`/],
    ["list: antibiotics", "list: broad_spectrum, code: 1005", /1005 is not in `broad_spectrum`/],
    ["list: antibiotics", "lst: antibiotics", /`event` has no `lst`/],
    ["{denominator: 1, numerator: 1}", "yes please", /`both`, `denominator`, `neither`/],
    ["{denominator: 1, numerator: 1}", "{denominator: 1, numerator: 2}", /cannot be larger/],
    ["2025-03-31", "31 March", /not a date/],
    ["    expect: {", "    expected: {", /expect: \{2025-03-31: both\}/],
    ["examples:", "example:", /no `example`.*`examples`/],
    ["registered: 2000-01-01, ", "", /registered: 2010-01-01/],
  ];
  for (const [from, to, says] of refused) {
    t.ok(good.includes(from), from);
    const result = of(good.replace(from, to));
    const words = "problems" in result ? result.problems.map(({ words }) => words) : ["accepted"];
    t.ok(
      words.some((each) => says.test(each)),
      String(says),
      { words },
    );
  }
});

/** What R4 requires of a Measure, as far as these exports use it (hl7.org/fhir/R4/measure.html). */
function measureFaults(measure: Record<string, unknown>): string[] {
  const faults: string[] = [];
  const need = (holds: unknown, words: string): void => void (holds ? 0 : faults.push(words));
  const allowed = new Set([
    "resourceType",
    "id",
    "extension",
    "url",
    "identifier",
    "version",
    "name",
    "title",
    "status",
    "experimental",
    "subjectCodeableConcept",
    "description",
    "purpose",
    "usage",
    "relatedArtifact",
    "scoring",
    "type",
    "improvementNotation",
    "group",
  ]);
  need(
    Object.keys(measure).every((name) => allowed.has(name)),
    "an element that Measure does not have",
  );
  need(measure["resourceType"] === "Measure", "resourceType");
  need(/^[A-Za-z0-9\-.]{1,64}$/.test(String(measure["id"])), "id");
  need(["draft", "active", "retired", "unknown"].includes(String(measure["status"])), "status");
  need(/^[A-Z]([A-Za-z0-9_]){0,254}$/.test(String(measure["name"])), "name (mea-0)");
  need(/^\S+$/.test(String(measure["url"])), "url");
  type Group = {
    population: { code: { coding: { code: string }[] }; criteria?: { language?: string } }[];
    stratifier?: { criteria?: { language?: string }; component?: { criteria?: { language?: string } }[] }[];
  };
  for (const group of measure["group"] as Group[]) {
    need(
      group.population.map(({ code }) => code.coding[0]!.code).join() ===
        "initial-population,denominator,numerator",
      "populations",
    );
    need(
      group.population.every(({ criteria }) => criteria?.language),
      "population.criteria.language",
    );
    for (const { criteria, component } of group.stratifier ?? []) {
      need((criteria === undefined) !== (component === undefined), "criteria or components");
      need(
        (component ?? []).every((each) => each.criteria?.language),
        "component.criteria",
      );
    }
  }
  const empty = JSON.stringify(measure, (_, value: unknown) =>
    value === null ||
    value === "" ||
    (Array.isArray(value) && value.length === 0) ||
    (typeof value === "object" && Object.keys(value).length === 0)
      ? faults.push("an empty element")
      : value,
  );
  return empty === undefined ? ["nothing"] : faults;
}

t.test("every query of the tests exports as a FHIR R4 Measure", async (t) => {
  const others = openLibrary(testFiles).library;
  for (const { query } of others.queries.values()) t.same(measureFaults(toMeasure(query)), [], query.query);
  const measure = toMeasure(others.queries.get("broad-spectrum-share")!.query, "https://hub.example/library");
  t.match(measure, {
    url: "https://hub.example/library/Measure/broad-spectrum-share",
    scoring: { coding: [{ code: "ratio" }] },
    improvementNotation: { coding: [{ code: "decrease" }] },
    extension: [{ valueCode: "MedicationRequest" }],
  });
  const crossed = toMeasure(others.queries.get("seen-on-two-days")!.query);
  t.match(crossed, {
    group: [{ stratifier: [{ component: [{ code: { text: "sex" } }, { code: { text: "age_band" } }] }] }],
  });
});

t.test("a name that every object has is an ordinary name", async (t) => {
  const { codelists } = openLibrary(testFiles).library;
  const text = testFiles["methotrexate-monitoring.yaml"]!.replaceAll("tested", "constructor");
  const parsed = parseQuery(text, {
    file: "q",
    codelists: (ref) => codelists.get(ref),
  });
  t.ok("query" in parsed, "constructor", parsed);
  const unknown = parseQuery(text.replace("{not: constructor}", "{not: valueof}"), {
    file: "q",
    codelists: (ref) => codelists.get(ref),
  });
  t.match(unknown, { problems: [{ code: "unknown-fact" }] });
});
