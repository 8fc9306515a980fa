/** What others tried is for readers: neither engine reads it. */
import t from "tap";
import { parseQuery, type Query } from "@cairn/query-library";
import { answerSlowly } from "../src/index.js";
import { answer, memorySource, person } from "./making.js";
import { OPT_OUTS_COUNTED } from "../../tables/src/answerer.js";

const PLAIN = `query: q
version: 1.0.0
title: T
question: Q?
purpose: p
periods: {every: quarter, count: 16}
denominator: {age: {from: 18}}
numerator: {sex: female}
split_by: [sex]
`;
const TRIED = `${PLAIN}try: [{what: Rang everyone, source: A journal}]\n`;
const PEOPLE = [person(), person({ id: "other", sex: "male" }), person({ id: "young", born: "2015-01-01" })];
const DATES = ["2025-03-31"];

function parsed(text: string): Query {
  const result = parseQuery(text, { file: "q.yaml", codelists: () => undefined });
  if ("problems" in result) throw new Error(result.problems.map(({ words }) => words).join());
  return result.query;
}

/** The same query, of which what others tried cannot be read. */
function unread(query: Query): Query {
  return Object.defineProperty({ ...query }, "othersTried", {
    enumerable: false, // a copy does not read it
    get: () => {
      throw new Error("an engine read what others tried");
    },
  });
}

t.test("both engines answer the same with and without it, and never read it", async (t) => {
  const [plain, tried] = [parsed(PLAIN), parsed(TRIED)];
  t.equal(tried.othersTried.length, 1);
  t.equal(tried.digest, plain.digest);
  const fast = (query: Query): unknown => answer(memorySource(PEOPLE), [query], DATES, OPT_OUTS_COUNTED);
  const slow = (query: Query): unknown => answerSlowly(PEOPLE, query, DATES, null);
  for (const engine of [fast, slow]) {
    t.match(JSON.stringify(engine(plain)), /"denominator":2,"numerator":1/);
    t.same(engine(unread(tried)), engine(plain));
  }
});
