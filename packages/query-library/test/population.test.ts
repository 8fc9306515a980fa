import t from "tap";
import { LIBRARY_LOCATION } from "@cairn/library";
import {
  demographicsOf,
  followsListSizes,
  openLibrary,
  parseQuery,
  populationDigest,
  type Codelist,
  type Query,
} from "@cairn/query-library";
import { readFiles } from "./read-files.js";

const { library } = openLibrary(readFiles(LIBRARY_LOCATION));

function query(name: string): Query {
  const found = library.queries.get(name);
  if (!found) throw new Error(`no query ${name}`);
  return found.query;
}

const list = query("bp-control").codelists["hypertension"] as Codelist;

function parsed(lines: readonly string[]): Query {
  const text = [
    "query: one",
    "version: 1.0.0",
    "title: One",
    "question: How many?",
    "purpose: quality improvement",
    "periods: {every: quarter, count: 4}",
    ...lines,
  ].join("\n");
  const found = parseQuery(text, { file: "one.yaml", codelists: () => list });
  if ("problems" in found) throw new Error(JSON.stringify(found.problems));
  return found.query;
}

t.test(
  "numbers that count the same people have one digest, whatever the query calls its facts",
  async (t) => {
    const one = parsed([
      "codelists: {a: hypertension@2025-09}",
      "facts: {has_it: {exists: a}}",
      "denominator: {all: [has_it, {age: {from: 18}}]}",
      "numerator: {exists: a, in: 3 months}",
    ]);
    const other = parsed([
      "codelists: {b: hypertension@2025-09}",
      "denominator: {all: [{age: {from: 18}}, {exists: b}]}",
      "numerator: {exists: b, in: 6 months}",
      "split_by: [sex]",
    ]);
    t.equal(populationDigest(one, "denominator"), populationDigest(other, "denominator"));
    t.not(populationDigest(one, "numerator"), populationDigest(other, "numerator"));
    t.not(populationDigest(one, "numerator"), populationDigest(one, "denominator"));
    const wider = parsed([
      "codelists: {b: hypertension@2025-09}",
      "denominator: {age: {from: 18}}",
      "numerator: {exists: b}",
    ]);
    t.equal(
      populationDigest(wider, "numerator"),
      populationDigest(one, "denominator"),
      "a register is counted twice",
    );
    const later = parsed([
      "codelists: {b: hypertension@2025-09}",
      "denominator: {all: [{age: {from: 17}}, {exists: b}]}",
      "numerator: {exists: b}",
    ]);
    t.not(populationDigest(later, "denominator"), populationDigest(one, "denominator"));
  },
);

t.test("in the library, queries of one register share their denominators", async (t) => {
  const of = new Map<string, string[]>();
  for (const { query } of library.queries.values()) {
    for (const side of ["denominator", "numerator"] as const) {
      const digest = populationDigest(query, side);
      of.set(digest, [...(of.get(digest) ?? []), `${query.query} ${side}`]);
    }
  }
  const together = [...of.values()].find((names) => names.includes("diabetes-foot-check denominator"));
  t.ok(together?.includes("diabetes-bp-control denominator"));
  t.ok(
    together?.includes("diabetes-register numerator"),
    "and the register's own numerator is the same number",
  );
});

t.test("what public list sizes give is known from the definition", async (t) => {
  for (const name of [
    "flu-vaccination-uptake",
    "diabetes-register",
    "records-background-known",
    "nhs-health-check",
  ])
    t.ok(followsListSizes(query(name)), name);
  for (const name of ["bp-control", "asthma-review", "broad-spectrum-share", "legacy-codes-by-year"])
    t.notOk(followsListSizes(query(name)), name);
});

t.test("whom a population leaves out is known from the definition", async (t) => {
  t.same(demographicsOf(query("flu-vaccination-uptake")).age, { from: 65, to: null });
  t.same(demographicsOf(query("cervical-screening-coverage")), {
    age: { from: 25, to: 64 },
    sex: "female",
    deprivationFifth: null,
  });
  t.same(demographicsOf(query("broad-spectrum-share")).age, null);
});
