import t from "tap";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { LIBRARY_LOCATION } from "@cairn/library";
import { cellsOf } from "../src/cells.js";
import { labelsOf } from "../src/labels.js";
import { openLibrary } from "../src/library.js";

function libraryFiles(): Record<string, string> {
  const folder = fileURLToPath(LIBRARY_LOCATION);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    names
      .filter((name) => /\.(yaml|csv)$/.test(name))
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

const { library } = openLibrary(libraryFiles());

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
