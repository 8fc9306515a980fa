/** The months that a query looks at: its windows' and its period's, whole ones only. */
import t from "tap";
import { monthsLookedAt, parseCodelist, parseQuery, type Query } from "../src/index.js";

const ABOUT = "system: snomed\nkind: clinical\nsource: invented\nlicence: CC0-1.0\n";

function query(numerator: string, every = "quarter", facts = ""): Query {
  const text = `query: it
version: 1.0.0
title: It
question: How many have it?
purpose: quality improvement
direction: none
periods: {every: ${every}, count: 4}
codelists: {it: it@1}
${facts}denominator: {age: {from: 1}}
numerator: ${numerator}
`;
  const codelists = (ref: string) => {
    const parsed = parseCodelist("code,term\n111,it\n", ABOUT, ref);
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    return parsed.codelist;
  };
  const parsed = parseQuery(text, { file: "it.yaml", codelists });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.query;
}

t.test("a window without a beginning adds nothing to the period that ends", async (t) => {
  const ever = "{exists: it}";
  t.same(monthsLookedAt(query(ever), "2026-06-30"), ["2026-04", "2026-05", "2026-06"]);
  t.same(monthsLookedAt(query(ever, "month"), "2026-02-28"), ["2026-02"]);
  t.equal(monthsLookedAt(query(ever, "year"), "2026-12-31").length, 12);
  t.same(monthsLookedAt(query("{exists: it, in: [ever, 15 months]}", "month"), "2026-02-28"), ["2026-02"]);
});

t.test("a window adds the months that it holds the middle of, wherever it stands", async (t) => {
  const twelve = monthsLookedAt(query("{exists: it, in: 12 months}"), "2026-06-30");
  t.same([twelve.length, twelve[0], twelve.at(-1)], [12, "2025-07", "2026-06"]);
  // 30 June less 3 months is 30 March: of March the window holds one day.
  const gap = query("{exists: it, in: [9 months, 6 months]}", "month");
  t.same(monthsLookedAt(gap, "2026-06-30"), ["2025-10", "2025-11", "2025-12", "2026-06"]);
  const inside = query(
    "{date: first, within: 5 months}",
    "month",
    "facts:\n  first: {earliest: it, in: 4 months}\n",
  );
  t.same(monthsLookedAt(inside, "2026-06-30"), ["2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]);
});
