/** What the content owes its readers, whoever wrote it; a new query, register or codelist needs no edit here. */
import { readFileSync } from "node:fs";
import t from "tap";
import {
  canonicalJson,
  cellsOf,
  explain,
  explanationMarkdown,
  explanationText,
  parseExamples,
  STANDARD_BANDS,
  toMeasure,
} from "@cairn/query-library";
import { files, library, problems } from "./content.js";
import { QUERIES_MD, withQueries } from "./queries-list.js";

const queries = [...library.queries.values()];

t.test("the library checks, and every query has its source, periods, examples and few cells", async (t) => {
  t.same(problems, []);
  t.ok(queries.length >= 92);
  for (const { path, query } of queries) {
    t.equal(path, `${query.query}.yaml`);
    t.ok(query.source, `${query.query} cites its source`);
    t.same(query.periods, { every: "quarter", count: 16 });
    t.ok(cellsOf(query, "2025-03-31").length < 60, "two splits");
    const text = files[path.replace(".yaml", ".examples.yaml")] ?? "";
    const examples = parseExamples(text, { file: path, query });
    t.ok("examples" in examples && examples.examples.length >= 3, `${query.query} has examples`, examples);
    t.equal(toMeasure(query).resourceType, "Measure");
  }
});

t.test(
  "every query says who wrote it, who reviewed it or that nobody has, and when that is due",
  async (t) => {
    for (const { path, query } of queries) {
      t.ok(query.review.writtenBy, `${path} written_by`);
      t.match(files[path], /^reviewed_by: \S/m, path);
      t.match(query.review.due, /^\d{4}-\d\d-\d\d$/, `${path} review_due`);
      t.match(explanationText(explain(query)), /Reviewed +(by |not yet reviewed by a clinician)/, path);
    }
  },
);

t.test(
  "a register is written in its own file and nowhere else, and more than one query names it",
  async (t) => {
    for (const { name, condition, codelists } of library.registers.values()) {
      const named = queries.filter(({ query }) => query.registers.some((each) => each.name === name));
      t.ok(named.length >= 2, `${name} is named by ${named.length}`);
      if (condition.form === "exists") continue; // a code of the list at any time: others may ask that too
      const wanted = canonicalJson(withDigests(condition, (alias) => codelists.get(alias)?.digest));
      for (const { path, query } of queries) {
        if (named.some((each) => each.path === path)) continue;
        const facts = Object.values(query.facts).flatMap((fact) =>
          fact.form === "condition" ? [fact.condition] : [],
        );
        const all = canonicalJson(
          withDigests([facts, query.denominator, query.numerator], (alias) => query.codelists[alias]?.digest),
        );
        t.notOk(all.includes(wanted), `${path} names the register ${name} and does not write it out`);
      }
    }
  },
);

/** The same with the digest of each codelist in the place of its alias. */
function withDigests(part: unknown, digest: (alias: string) => string | undefined): unknown {
  return JSON.parse(
    JSON.stringify(part, (key, value: unknown) =>
      (key === "list" || key === "resolvedBy") && typeof value === "string"
        ? (digest(value) ?? value)
        : value,
    ),
  );
}

t.test("age bands are a standard name, or have their reason above them", async (t) => {
  const standard = Object.values(STANDARD_BANDS).map(canonicalJson);
  for (const { path } of queries) {
    const own = /^(.*)\n.*\{age_bands: (\[.*?\])\}/m.exec(files[path]!);
    if (own === null) continue;
    t.match(own[1], /^# \S.{10,}/, `${path}: a comment right above split_by says why its bands are its own`);
    t.notOk(
      standard.includes(own[2]!.replaceAll(" ", "")),
      `${path} names a standard band and does not write it out`,
    );
  }
});

t.test("QUERIES.md lists every query, with its question and source as they are", async (t) => {
  const text = readFileSync(QUERIES_MD, "utf8");
  t.equal(withQueries(text, library), text, "else: test/write.ts write");
  for (const name of library.queries.keys()) t.ok(text.includes(`| \`${name}\` |`), name);
});

t.test("every codelist says where its codes come from and under which licence", async (t) => {
  for (const [ref, { source, licence }] of library.notes) {
    t.ok(source.length > 20, ref);
    t.match(licence, /MIT|ISC|Apache-2\.0|BSD/, ref);
  }
});

t.test("explanations are, word for word, those that were read and agreed", async (t) => {
  const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8");
  for (const name of ["diabetes-hba1c-58", "bp-control"])
    t.equal(explanationText(explain(library.queries.get(name)!.query)), golden(`${name}.txt`), name);
  const markdown = explanationMarkdown(explain(library.queries.get("diabetes-hba1c-58")!.query));
  t.equal(markdown, golden("diabetes-hba1c-58.md"));
});

t.test("every explanation fits 80 columns and leaves nothing unsaid", async (t) => {
  for (const { query } of queries) {
    const text = explanationText(explain(query));
    const long = text.split("\n").filter((line) => line.length > 80);
    t.same(long, [], query.query);
    const words = text.replace(/\s+/g, " ");
    for (const { name } of [...Object.values(query.codelists), ...query.registers])
      t.ok(words.includes(name), `${query.query} names ${name}`);
    t.notMatch(text, /undefined|null|\[object|\(\w+\)$/m);
  }
});
