/** `try`: what others did about a question, for readers alone. */
import Ajv from "ajv/dist/2020.js";
import t from "tap";
import {
  canonicalForm,
  diff,
  explain,
  explanationText,
  parseQuery,
  querySchema,
  toMeasure,
  type Problem,
  type Query,
} from "@cairn/query-library";
import { parse as parseYaml } from "yaml";

const PLAIN = `query: q
version: 1.0.0
title: T
question: Q?
purpose: p
periods: {every: quarter, count: 16}
denominator: {age: {from: 18}}
numerator: {sex: female}
`; // 8 lines
const URL_GIVEN = "https://doi.org/10.1016/S0140-6736(11)61817-5";
const ONE = `  - {what: Rang everyone, source: "A journal, 2012", url: "${URL_GIVEN}"}\n`;
const OTHER = "  - {what: Wrote to everyone., source: A report}\n";
const WITH = `${PLAIN}try:\n${ONE}${OTHER}`;

function parsed(text: string): Query {
  const result = parseQuery(text, { file: "q.yaml", codelists: () => undefined });
  if ("problems" in result) throw new Error(result.problems.map(({ words }) => words).join());
  return result.query;
}

function problems(text: string): readonly Problem[] {
  const result = parseQuery(text, { file: "q.yaml", codelists: () => undefined });
  return "problems" in result ? result.problems : [];
}

t.test("what others tried is read, and is no part of what is digested", async (t) => {
  t.same(parsed(WITH).othersTried, [
    { what: "Rang everyone", source: "A journal, 2012", url: URL_GIVEN },
    { what: "Wrote to everyone.", source: "A report", url: null },
  ]);
  t.same(parsed(PLAIN).othersTried, []);
  t.equal(canonicalForm(parsed(WITH)), canonicalForm(parsed(PLAIN)));
  t.equal(parsed(WITH).digest, parsed(PLAIN).digest);
});

t.test("the explanation says it with its source, and nothing where there is none", async (t) => {
  const text = explanationText(explain(parsed(WITH))).replace(/\s+/g, " ");
  t.match(
    text,
    `Others have tried ----------------- Tried Rang everyone. Source: A journal, 2012, ${URL_GIVEN} Tried Wrote to everyone. Source: A report.`,
  );
  t.notMatch(explanationText(explain(parsed(PLAIN))), /tried/i);
});

t.test("the difference between versions names what came and went", async (t) => {
  const one = parsed(`${PLAIN}try:\n${ONE}`);
  const words = "Wrote to everyone. Source: A report.";
  const where = "Others have tried / Tried 2";
  t.same(diff(one, parsed(WITH)), [{ where, was: null, is: words }]);
  t.same(diff(parsed(WITH), one), [{ where, was: words, is: null }]);
});

t.test("a FHIR Measure cites it", async (t) => {
  const tried = { type: "citation", label: "Others have tried" };
  t.same(toMeasure(parsed(WITH))["relatedArtifact"], [
    { ...tried, display: "Rang everyone", citation: "A journal, 2012", url: URL_GIVEN },
    { ...tried, display: "Wrote to everyone.", citation: "A report" },
  ]);
});

/** What is written in the place of the second, and the problem on its line. */
const REFUSED: readonly [string, RegExp][] = [
  ["  - {source: A report}\n", /what: \.\.\./],
  ["  - {what: Wrote}\n", /source: \.\.\./],
  ["  - {what: Wrote, source: A report, link: x}\n", /`try` has no `link`/],
  ["  - Wrote to everyone\n", /one to three/],
  [`  - {what: ${"x".repeat(201)}, source: A report}\n`, /1 to 200 characters/],
  [`  - {what: Wrote, source: ${"x".repeat(201)}}\n`, /1 to 200 characters/],
  ['  - {what: "", source: A report}\n', /1 to 200 characters/],
  ['  - {what: "Wrote\\u202eto", source: A report}\n', /characters that print/],
  ['  - {what: "Wrote\\nto", source: A report}\n', /characters that print/],
  ['  - {what: Wrote, source: "A\\u001b[31m report"}\n', /characters that print/],
  ['  - {what: Wrote, source: "A\\u2028report"}\n', /characters that print/],
  ...[
    ...["http://doi.org/x", "javascript:alert(1)", "HTTPS://doi.org/x", "doi.org/x", "https://doi.org"],
    ...["https://me@doi.org/x", "https://doi.org:8443/x", "https://d\u00f6i.org/x", "https://doi.org/\u00e9"],
    ...[
      "https://doi.org/a b",
      "https://doi..org/x",
      "https://127.0.0.1/x",
      `https://doi.org/${"x".repeat(200)}`,
      "",
    ],
  ].map((url): [string, RegExp] => [
    `  - {what: Wrote, source: A report, url: "${url}"}\n`,
    /https:\/\/doi\.org/,
  ]),
];

t.test("what cannot be shown is refused by its line, and by the schema", async (t) => {
  const valid = new Ajv.default({ strict: false, validateFormats: false }).compile(querySchema() as object);
  t.ok(valid(parseYaml(WITH)), "what is right is right by the schema too");
  for (const [second, says] of REFUSED) {
    const text = `${PLAIN}try:\n${ONE}${second}`;
    t.match(problems(text), [{ file: "q.yaml", line: 11, words: says }], second);
    t.notOk(valid(parseYaml(text)), `schema: ${second}`);
  }
  for (const wrong of ["try: []\n", "try: Wrote to everyone\n", `try:\n${ONE.repeat(4)}`]) {
    const [found] = problems(PLAIN + wrong);
    t.match(found, { file: "q.yaml", code: "wrong-value", words: /one to three/ }, wrong);
    t.ok([9, 10].includes(found?.line ?? 0), `the line of ${wrong}`);
    t.notOk(valid(parseYaml(PLAIN + wrong)), `schema: ${wrong}`);
  }
});
