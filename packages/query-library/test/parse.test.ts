import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import fc from "fast-check";
import t from "tap";
import { parse as parseYaml } from "yaml";
import { LIBRARY_LOCATION } from "@cairn/library";
import {
  canonicalForm,
  canonicalJson,
  cellsOf,
  openLibrary,
  parseQuery,
  querySchema,
  type Codelist,
  type Query,
} from "@cairn/query-library";
import { readFiles, TEST_QUERIES } from "./read-files.js";

const files = { ...readFiles(TEST_QUERIES) };
const libraryFiles = readFiles(LIBRARY_LOCATION);
const opened = openLibrary(files);
const library = openLibrary(libraryFiles);
const isQuery = (path: string): boolean => !path.includes("/") && !path.endsWith(".examples.yaml");
const texts = [...Object.entries(files), ...Object.entries(libraryFiles)].filter(([path]) => isQuery(path));
const anyList = (ref: string): Codelist | undefined =>
  opened.library.codelists.get(ref) ?? library.library.codelists.get(ref);

function read(text: string): Query {
  const parsed = parseQuery(text, {
    file: "q.yaml",
    codelists: anyList,
    registers: (name) => library.library.registers.get(name),
  });
  if ("problems" in parsed) throw new Error(parsed.problems[0]?.words);
  return parsed.query;
}

t.test("the library and the test queries check", async (t) => {
  t.same(opened.problems, []);
  t.same(library.problems, []);
  t.equal(opened.library.queries.size, 11);
});

t.test("the digest is of what is said, not of how the file is laid out", async (t) => {
  const text = files["methotrexate-monitoring.yaml"]!;
  const plain = read(text);
  const lines = text.trimEnd().split("\n");
  const title = lines.findIndex((line) => line.startsWith("title:"));
  const moved = [...lines.filter((_, i) => i !== title), "# a remark", lines[title]!].join("\r\n");
  t.equal(read(moved).digest, plain.digest);
  t.equal(read(text.replaceAll("12 months", '"12 months"')).digest, plain.digest);
  t.match(plain.digest, /^[0-9a-f]{64}$/);
});

t.test(
  "the digest changes with a word, a limit, a default written otherwise, and a code of a codelist",
  async (t) => {
    const text = files["methotrexate-monitoring.yaml"]!;
    const { digest } = read(text);
    for (const [from, to] of [
      ["Of adults", "Of all adults"],
      ["from: 18", "from: 19"],
      ["version: 1.0.0", "version: 1.0.1"],
      ["worklist_first: true", "worklist_first: false"],
    ] as const) {
      t.ok(text.includes(from));
      t.not(read(text.replace(from, to)).digest, digest, to);
    }
    const altered = openLibrary({ ...files, "codelists/liver-function@1.csv": "code,term\n999,x\n" });
    t.not(altered.library.queries.get("methotrexate-monitoring")!.query.digest, digest);
    const terms = openLibrary({
      ...files,
      "codelists/liver-function@1.csv": files["codelists/liver-function@1.csv"]!.replace(
        "Invented",
        "invented",
      ),
    });
    t.equal(
      terms.library.queries.get("methotrexate-monitoring")!.query.digest,
      digest,
      "terms are not part of a codelist's digest",
    );
  },
);

t.test("a default and the same written out are one query", async (t) => {
  const text = files["methotrexate-monitoring.yaml"]!;
  t.equal(
    read(`${text}people: registered-and-alive\nmargin: 10\nunit: people\nsplit_by: []\n`).digest,
    read(text).digest,
  );
});

t.test("canonical JSON sorts keys, keeps lists, and refuses what JSON cannot carry", async (t) => {
  t.equal(canonicalJson({ b: [2, 1], a: { d: null, c: "é" } }), '{"a":{"c":"é","d":null},"b":[2,1]}');
  t.throws(() => canonicalJson({ a: Number.NaN }), TypeError);
  t.throws(() => canonicalJson({ a: undefined }), TypeError);
  for (const { query } of opened.library.queries.values())
    t.equal(canonicalJson(JSON.parse(canonicalForm(query))), canonicalForm(query));
});

t.test("the canonical forms of the test queries are what they were", async (t) => {
  const found = [...opened.library.queries.values()]
    .map(({ query }) => `${query.query} ${query.digest}`)
    .join("\n");
  t.equal(`${found}\n`, readFileSync(new URL("golden/digests.txt", import.meta.url), "utf8"));
});

t.test(
  "cells: the total, each split in order, the first key of a cross slowest, then each key of by",
  async (t) => {
    const crossed = cellsOf(read(files["seen-on-two-days.yaml"]!), "2025-03-31");
    t.same(crossed.slice(0, 6), [
      {},
      { sex: "female", age_band: "0-17" },
      { sex: "female", age_band: "18-64" },
      { sex: "female", age_band: "65+" },
      { sex: "female", age_band: "unknown" },
      { sex: "male", age_band: "0-17" },
    ]);
    t.equal(crossed.length, 17);
    const events = cellsOf(read(files["legacy-code-share.yaml"]!), "2025-03-31");
    t.same(events.slice(0, 8), [
      {},
      ...[2020, 2021, 2022, 2023, 2024, 2025].map((year) => ({ year: String(year) })),
      { system: "snomed" },
    ]);
    t.equal(events.length, 1 + 6 + 10 + 4);
    const ended = cellsOf(read(files["legacy-code-share.yaml"]!), "2024-12-31");
    t.equal(ended[1]!["year"], "2020", "a window that begins after 31 December 2019 does not touch 2019");
    const care = cellsOf(read(files["eight-care-processes.yaml"]!), "2025-03-31");
    t.same(
      care.slice(1, 7).map((cell) => cell["deprivation_fifth"]),
      ["1", "2", "3", "4", "5", "unknown"],
    );
    t.same(
      care.slice(7).map((cell) => cell["ethnic_group"]),
      ["white", "mixed", "asian", "black", "other", "unknown"],
    );
  },
);

t.test("an exact share is kept as written", async (t) => {
  const numerator = read(files["continuity-upc.yaml"]!.replace("at_least: 0.5", "at_least: 0.35")).numerator;
  t.match(numerator, { form: "continuity", atLeast: { p: 7, q: 20 } });
});

t.test("the published JSON Schema is the one the parser's forms make", async (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL("../schema/query.schema.json", import.meta.url), "utf8"),
  );
  t.same(published, querySchema());
});

const validate = new Ajv.default({ strict: false, allErrors: false }).compile(querySchema() as object);

t.test("every query that checks is valid by the schema", async (t) => {
  for (const [path, text] of texts) t.ok(validate(parseYaml(text)), path, { errors: validate.errors });
});

t.test("whatever the schema refuses, the parser refuses; and neither throws on a damaged file", async (t) => {
  const junk = fc.constantFrom(
    "",
    "x",
    "0",
    "-1",
    "[]",
    "{}",
    "{exists: c}",
    "null",
    "true",
    ": ",
    "[",
    "1e9",
    "12 months",
    "\t",
    "&a",
    "!!x",
    "\u0000",
  );
  const damaged = fc.record({
    text: fc.constantFrom(...texts.map(([, text]) => text)),
    at: fc.nat(),
    long: fc.nat(12),
    with: junk,
  });
  let refused = 0;
  fc.assert(
    fc.property(damaged, ({ text, at, long, with: put }) => {
      const from = at % text.length;
      const broken = text.slice(0, from) + put + text.slice(from + long);
      const parsed = parseQuery(broken, {
        file: "q.yaml",
        codelists: anyList,
        registers: (name) => library.library.registers.get(name),
      });
      if ("problems" in parsed) {
        refused++;
        return (
          parsed.problems.length > 0 &&
          parsed.problems.every(({ line, words }) => line >= 1 && words.length > 10)
        );
      }
      return validate(parseYaml(broken)); // it checks, so the schema must accept it too
    }),
    { numRuns: 1500 },
  );
  t.ok(refused > 100, "the damage was real", { refused });
});
