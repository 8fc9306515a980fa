/** One practice in every format: the same answers wherever a format has room for the facts, and no answer elsewhere. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { answer } from "@cairn/engine";
import { OPT_OUTS_COUNTED, type ExactTable } from "@cairn/tables";
import {
  FORMAT_COVERAGE,
  lackedBy,
  openRecords,
  type Records,
  requireAnswerable,
  unsplittable,
} from "@cairn/records";
import { importRecords } from "@cairn/importers";
import { LIBRARY_LOCATION } from "@cairn/library";
import { needsOf, openLibrary, problemLine, type Query, RECORD_FACTS } from "@cairn/query-library";
import { deprivationTable, FORMATS, type FormatName, writePractice } from "@cairn/synthetic";
import { retell } from "./retell.js";

t.setTimeout(240_000);
const UNTIL = "2025-03-31";
const DATES = ["2022-12-31", "2024-03-31", "2025-03-17"];
const PRACTICE = {
  patients: 180,
  eventsPerPatient: 100,
  seed: 11,
  until: UNTIL,
  practice: "Drovers Gate Surgery",
  optOuts: true,
};
const formats = Object.keys(FORMATS) as FormatName[];

/** The whole library as it stands, and a query for each fact that it may not ask. */
function queries(): Query[] {
  const files = { ...filesIn(fileURLToPath(LIBRARY_LOCATION)), ...filesIn(import.meta.dirname, "queries") };
  const { library, problems } = openLibrary(files);
  if (problems.length > 0) throw new Error(problems.map(problemLine).join("\n"));
  return [...library.queries.values()].map(({ query }) => query);
}

function filesIn(root: string, folder = ""): Record<string, string> {
  const paths = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  const wanted = paths.filter((path) => /\.(yaml|csv)$/.test(path) && !path.endsWith(".examples.yaml"));
  return Object.fromEntries(wanted.map((path) => [path, readFileSync(join(root, folder, path), "utf8")]));
}

/** `as`: the format that says whether there are registrations to be taken in. */
async function loaded(folder: string, format: FormatName, path: string, as = format): Promise<Records> {
  const records = openRecords(folder);
  await importRecords(records, {
    format,
    paths: [path],
    system: "snomed",
    ...(format === "journal" ? {} : { deprivation: { files: [join(folder, "..", "deprivation.csv")] } }),
    completeTo: null,
    registeredFrom: FORMAT_COVERAGE[as]!.registrations === "no" ? "first-record" : null,
    dryRun: false,
    now: new Date(),
    progress: () => undefined,
  });
  return records;
}

/** One line a cell, so that a difference is told by the first one. */
function lines(tables: readonly ExactTable[]): string[] {
  return tables.flatMap(({ date, cells }) =>
    cells.map((cell) => `${date} ${JSON.stringify(cell.split)} ${cell.numerator} of ${cell.denominator}`),
  );
}

t.test("the formats of one practice answer alike, or say that they cannot", async (t) => {
  const folder = t.testdir();
  const all = queries();
  writeFileSync(join(folder, "deprivation.csv"), deprivationTable());
  for (const format of formats) await writePractice({ ...PRACTICE, format, out: join(folder, format) });
  for (const format of formats) {
    const told = join(folder, `${format}-told`);
    retell(join(folder, "journal"), told, format, UNTIL);
    const records = await loaded(join(folder, `${format}-store`), format, join(folder, format));
    const journal = await loaded(join(folder, `${format}-journal`), "journal", told, format);
    const notCovered = RECORD_FACTS.filter((fact) => FORMAT_COVERAGE[format]![fact] === "no");
    t.same(lackedBy(records), notCovered, `${format}: the records lack what the format has no room for`);
    const [answered, refused] = [all, all].map((each, i) =>
      each.filter((query) => (lackedBy(records, needsOf(query).toAnswer).length === 0) === (i === 0)),
    ) as [Query[], Query[]];
    for (const query of refused)
      t.throws(
        () => requireAnswerable(query, records),
        { code: "facts-unavailable", kind: "refused" },
        query.query,
      );
    t.equal(refused.length > 0, notCovered.length > 0, `${format}: ${refused.length} queries are refused`);
    const [ours, theirs] = [records, journal].map((each) =>
      answer(each.source(), answered, DATES, OPT_OUTS_COUNTED),
    );
    let counted = 0;
    answered.forEach((query, i) => {
      requireAnswerable(query, records);
      const [own, other] = [lines(ours![i]!), lines(theirs![i]!)];
      const first = own.findIndex((line, at) => line !== other[at]);
      t.equal(own[first], other[first], `${format}: ${query.query}`);
      t.equal(own.length, other.length);
      if (ours![i]!.some(({ cells }) => cells[0]!.numerator > 0)) counted++;
      for (const { cells } of ours![i]!) {
        for (const key of unsplittable(query, records)) {
          const name = key === "birth" ? "age_band" : key;
          const known = cells.filter(({ split }) => (split[name] ?? "unknown") !== "unknown");
          t.ok(
            known.every(({ denominator }) => denominator === 0),
            `${format}: ${name} is unknown of everybody`,
          );
        }
      }
    });
    t.ok(counted * 2 > answered.length, `${format}: ${counted} of ${answered.length} answers are not nought`);
    records.close();
    journal.close();
  }
});
