/** What every query of the library owes its readers, whoever wrote it; a new one needs no edit here. */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { answer } from "@cairn/engine";
import { OPT_OUTS_COUNTED } from "@cairn/tables";
import { importRecords } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { LIBRARY_LOCATION } from "@cairn/library";
import { OPT_OUT_LISTS, parseCodelist, type Query } from "@cairn/query-library";
import { writePractice } from "@cairn/synthetic";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { checkFile, queryFiles } from "@cairn/authoring";

const LIBRARY = fileURLToPath(LIBRARY_LOCATION);
const checked = queryFiles(LIBRARY).map((file) => checkFile(file));
const queries = checked.map(({ query }) => query).filter((query): query is Query => query !== null);

t.test(
  "every query checks, names its source, and has three worked examples that both engines keep",
  async (t) => {
    t.ok(checked.length >= 40, `${checked.length} queries`);
    for (const { file, query, examples, problems, unmet } of checked) {
      t.same([...problems, ...unmet], [], file);
      t.ok(examples.length >= 3, `${file} has ${examples.length} examples`);
      t.match(query?.source, /\w{3,}.{15,}/, `${file} says where its definition comes from`);
      t.ok(query?.why, `${file} says why it is asked`);
    }
  },
);

t.test("every codelist names its source and its licence, and a query or the engines read it", async (t) => {
  const folder = join(LIBRARY, "codelists");
  const ofQueries = queries.flatMap(({ codelists }) =>
    Object.values(codelists).map(({ name, version }) => `${name}@${version}`),
  );
  const used = new Set([...ofQueries, ...OPT_OUT_LISTS]);
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const path of paths.filter((path) => path.endsWith(".csv"))) {
    const ref = basename(path, ".csv");
    const yaml = join(folder, path.replace(/csv$/, "yaml"));
    t.ok(existsSync(yaml), `${ref} has a .yaml`);
    const read = parseCodelist(readFileSync(join(folder, path), "utf8"), readFileSync(yaml, "utf8"), ref);
    t.ok("codelist" in read && read.notes.source.length > 20 && read.notes.licence.length > 10, ref, read);
    t.ok(used.has(ref), `${ref} is read`);
  }
});

t.test(
  "on a small invented practice every query finds someone to ask about, unless it looks for what is rare",
  async (t) => {
    const out = t.testdir();
    const extract = join(out, "extract");
    await writePractice({ patients: 2000, eventsPerPatient: 60, seed: "library", until: "2025-03-31", practice: "Whinbeck Group Practice", out: extract, format: "journal" }); // prettier-ignore
    const records = openRecords(join(out, "records"));
    t.teardown(() => records.close());
    await importRecords(records, { format: "journal", paths: [extract], system: "snomed", completeTo: null, registeredFrom: null, dryRun: false, now: new Date(), progress: () => undefined }); // prettier-ignore
    const tables = answer(records.source(), queries, ["2025-03-31"], OPT_OUTS_COUNTED);
    queries.forEach((query, i) => {
      const total = tables[i]?.[0]?.cells[0];
      const counts = `${query.query}: ${total?.numerator} of ${total?.denominator}`;
      if (!query.worklistFirst) t.ok(total && total.denominator > 0, counts);
      t.ok(total && total.numerator <= total.denominator, counts);
    });
  },
);
