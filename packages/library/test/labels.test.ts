import t from "tap";
import { cellsOf, labelsOf } from "@cairn/query-library";
import { library } from "./content.js";

function labels(name: string): (string | null)[] {
  const query = library.queries.get(name)?.query;
  if (!query) throw new Error(`no query ${name}`);
  return labelsOf(query, cellsOf(query, "2025-03-31"));
}

t.test("a row says which split it is of, and bands end where the population does", async (t) => {
  t.same(labels("flu-vaccination-uptake"), [
    "Everyone",
    "female",
    "male",
    "other sex",
    "sex not known",
    "65-74",
    "75-84",
    "85+",
    null,
  ]);
  const cervical = labels("cervical-screening-coverage");
  t.same(cervical.slice(0, 6), ["Everyone", null, "25-34", "35-49", "50-64", null]);
  t.ok(cervical.includes("deprivation not known"));
  t.ok(labels("broad-spectrum-share").includes("age not known"));
  t.ok(labels("broad-spectrum-share").includes("0-17"));
  t.ok(labels("records-background-known").includes("ethnic group not known"));
});

t.test('no two rows of a query have one name, and none is only "unknown"', async (t) => {
  for (const { query } of library.queries.values()) {
    const names = labelsOf(query, cellsOf(query, "2025-03-31")).filter((label) => label !== null);
    t.equal(new Set(names).size, names.length, query.query);
    t.notOk(names.includes("unknown"), query.query);
  }
});
