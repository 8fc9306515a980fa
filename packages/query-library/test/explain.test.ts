import { readFileSync } from "node:fs";
import t from "tap";
import {
  diff,
  explain,
  explanationMarkdown,
  explanationText,
  openLibrary,
  parseQuery,
  type Query,
} from "@cairn/query-library";
import { readFiles, TEST_QUERIES } from "./read-files.js";

const files = readFiles(TEST_QUERIES);
const { library } = openLibrary(files);
const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8");
const queryOf = (name: string): Query => library.queries.get(name)!.query;

t.test("explanations are, word for word, those that were read and agreed", async (t) => {
  for (const name of library.queries.keys())
    t.equal(explanationText(explain(queryOf(name))), golden(`${name}.txt`), name);
});

t.test("every explanation fits 80 columns and leaves nothing unsaid", async (t) => {
  for (const { query } of library.queries.values()) {
    const text = explanationText(explain(query));
    t.ok(
      text.split("\n").every((line) => line.length <= 80),
      query.query,
      { long: text.split("\n").filter((line) => line.length > 80) },
    );
    for (const list of Object.values(query.codelists))
      t.ok(text.replace(/\s+/g, " ").includes(list.name), `${query.query} names ${list.name}`);
    t.notMatch(text, /undefined|null|\[object|\(\w+\)$/m);
  }
});

t.test("text from a query cannot break the Markdown table", async (t) => {
  const text = files["seen-on-two-days.yaml"]!.replace(
    /^question: .*$/m,
    'question: "a | b <script> \\\\ c"',
  );
  const parsed = parseQuery(text, { file: "q", codelists: (ref) => library.codelists.get(ref) });
  if ("problems" in parsed) throw new Error(parsed.problems[0]!.words);
  t.match(explanationMarkdown(explain(parsed.query)), "| Question | a \\| b \\<script\\> \\\\ c |");
});

function changed(name: string, from: string, to: string): Query {
  const text = files[`${name}.yaml`]!;
  if (!text.includes(from)) throw new Error(`${name} does not say ${from}`);
  const parsed = parseQuery(text.replace(from, to), {
    file: "q",
    codelists: (ref) => library.codelists.get(ref),
  });
  if ("problems" in parsed) throw new Error(parsed.problems[0]!.words);
  return parsed.query;
}

t.test("diff says in the explanation's words what changed, and nothing else", async (t) => {
  const before = queryOf("methotrexate-monitoring");
  t.same(diff(before, before), []);
  t.same(diff(before, changed("methotrexate-monitoring", "from: 18", "from: 16")), [
    {
      where: "Who is counted / Count",
      was: "a person who meets all of these: (1) who is aged 18 or over at D; (2) who was issued a medicine of `methotrexate` in the 3 months up to D; (3) who was issued a medicine of `methotrexate` between 6 and 3 months before D",
      is: "a person who meets all of these: (1) who is aged 16 or over at D; (2) who was issued a medicine of `methotrexate` in the 3 months up to D; (3) who was issued a medicine of `methotrexate` between 6 and 3 months before D",
    },
  ]);
  t.match(diff(before, changed("methotrexate-monitoring", "version: 1.0.0", "version: 1.1.0")), [
    {
      where: "Query",
      was: "methotrexate-monitoring, version 1.0.0",
      is: "methotrexate-monitoring, version 1.1.0",
    },
  ]);
  t.match(diff(before, changed("methotrexate-monitoring", "numerator:", "split_by: [sex]\nnumerator:")), [
    { where: "Shown / Split by", was: null, is: "sex" },
  ]);
});

t.test("one year of age, any age, and none of several are said as people say them", async (t) => {
  const words = (from: string, to: string): string =>
    explanationText(explain(changed("methotrexate-monitoring", from, to))).replace(/\s+/g, " ");
  t.match(words("from: 18", "from: 80, to: 80"), "- who is aged 80 at D");
  t.match(words("from: 18", "from: 0"), "- of any age at D, where the date of birth is known");
  t.match(
    words("not: tested", "not: { any: [tested, recent] }"),
    "who meets none of these: - who has a code of `liver-function`",
  );
});

t.test("diff counts the codes that a codelist gained and lost", async (t) => {
  const altered = openLibrary({
    ...files,
    "codelists/methotrexate@1.csv": "code,term\n1001,a\n77,b\n",
  }).library;
  t.match(diff(queryOf("methotrexate-monitoring"), altered.queries.get("methotrexate-monitoring")!.query), [
    { where: "Codes of methotrexate", is: "version 1: 1 added (77); 1 removed (1002)" },
  ]);
});

t.test("any change of the digest shows in the diff", async (t) => {
  const before = queryOf("methotrexate-monitoring");
  for (const [from, to] of [
    ["direction: lower", "direction: higher"],
    ["worklist_first: true", "worklist_first: false"],
    ["count: 16", "count: 8"],
    ["purpose: quality improvement", "purpose: audit"],
    ["numerator: {not: tested}", "numerator: tested"],
  ] as const) {
    const after = changed("methotrexate-monitoring", from, to);
    t.not(after.digest, before.digest);
    t.not(diff(before, after).length, 0, to);
  }
});
