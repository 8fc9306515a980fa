/** Files that were made to break readers: taken as their expected results say, or refused with file and line. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";
import { ImportError, importRecords, type ImportReport } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { openDatabase } from "@cairn/sqlite";

t.setTimeout(240_000);
const ARCHIVE = fileURLToPath(
  new URL("../../../../shared/data/malformed/csv-json-strings.tar.xz", import.meta.url),
);
const skip = existsSync(ARCHIVE) ? false : "the shared test data is not beside the repository";
const dir = mkdtempSync(join(tmpdir(), "cairn-torture-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
if (skip === false) execFileSync("tar", ["xJf", ARCHIVE, "-C", dir]);

/** Every file below `dir` whose path ends so. */
function found(pattern: RegExp): string[] {
  const paths = readdirSync(dir, { recursive: true, encoding: "utf8" });
  return paths.filter((path) => pattern.test(path)).sort();
}

let made = 0;
const store = join(dir, "store");

/** What became of the files: a report, or the refusal. Nothing is kept, so that one store serves all. */
async function tried(
  format: string,
  files: Record<string, Buffer | string>,
): Promise<ImportReport | ImportError> {
  const folder = join(dir, `given-${++made}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const records = openRecords(store);
  try {
    return await importRecords(records, { ...REQUEST, format, paths: [folder], dryRun: true });
  } catch (error) {
    if (error instanceof ImportError) return error;
    throw error;
  } finally {
    if (records.version() !== 0) t.fail(`${format}: something was kept`);
    records.close();
    rmSync(folder, { recursive: true });
  }
}

const REQUEST = {
  system: "snomed",
  completeTo: null,
  registeredFrom: "birth",
  now: new Date("2025-06-01T00:00:00Z"),
  progress: () => undefined,
} as const;

t.test(
  "JSONTestSuite: valid JSON is taken wherever it stands, anything else is refused by place",
  { skip },
  async (t) => {
    const paths = found(/test_parsing\/.*\.json$/);
    t.equal(paths.length, 318);
    const head = '{"resourceType":"Patient","id":"p","extra":';
    for (const path of paths) {
      const kind = path.split("/").at(-1)![0]; // y: valid, n: not, i: as the parser likes
      const text = readFileSync(join(dir, path));
      const ways: [name: string, content: Buffer][] = [
      ["b.json", Buffer.concat([Buffer.from(`{"resourceType":"Bundle","entry":[{"resource":${head}`), text, Buffer.from("}}]}")])],
      ...(text.includes(10) ? [] : ([["b.ndjson", Buffer.concat([Buffer.from(head), text, Buffer.from("}\n")])]] as [string, Buffer][])),
    ]; // prettier-ignore
      for (const [name, content] of ways) {
        const became = await tried("fhir", { [name]: content });
        if (became instanceof ImportError) {
          if (kind === "y") t.fail(`${path} as ${name}: ${became.message}`);
          if (!became.message.includes(name) || became.message.includes("\n"))
            t.fail(`${path}: ${became.message}`);
        } else if (kind === "n") t.fail(`${path} as ${name} was taken`);
      }
      const alone = await tried("fhir", { "alone.json": text });
      if (!(alone instanceof ImportError)) t.fail(`${path} is no resource, and was taken as one`);
      else if (!alone.message.includes("alone.json")) t.fail(`${path}: ${alone.message}`);
    }
    t.pass("each as expected");
  },
);

t.test("naughty strings come out of CSV and JSON as they went in", { skip }, async (t) => {
  const [path] = found(/blns.*\.json$/);
  const all = JSON.parse(readFileSync(join(dir, path!), "utf8")) as string[];
  t.equal(all.length, 515);
  // No code holds spaces, control characters or an @: text that does is not kept.
  const strings = [...new Set(all.map((each) => each.trim().replaceAll(/\s+/g, "_")))].filter((each) => each !== "" && each.length <= 64 && !/[@\p{Cc}]/u.test(each));
  t.ok(strings.length > 350, `${strings.length} that could be codes`);
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const csv = join(dir, "blns-csv");
  mkdirSync(csv);
  writeFileSync(join(csv, "patients.csv"), "patient_id\nA\n");
  writeFileSync(
    join(csv, "events.csv"),
    `patient_id,date,system,code\n${strings.map((each) => `A,2024-01-02,local,${quoted(each)}\n`).join("")}`,
  );
  const json = join(dir, "blns-json");
  mkdirSync(json);
  const resources = [
    { resourceType: "Patient", id: "A" },
    ...strings.map((code, i) => ({
      resourceType: "Procedure",
      id: `p${i}`,
      subject: { reference: "Patient/A" },
      performedDateTime: "2024-01-02",
      code: { coding: [{ system: "urn:naughty", code }] },
    })),
  ];
  writeFileSync(join(json, "all.ndjson"), resources.map((each) => `${JSON.stringify(each)}\n`).join(""));
  for (const [format, folder] of [["journal", csv], ["fhir", json]] as const) {
    const own = join(dir, `blns-store-${format}`);
    const records = openRecords(own);
    const report = await importRecords(records, { ...REQUEST, format, paths: [folder], dryRun: false });
    records.close();
    t.same(report.reasons, [], format);
    const db = openDatabase(join(own, "records.db"), { readonly: true });
    const codes = db.prepare<[], string>("SELECT c.code FROM event e JOIN code c ON c.key = e.code").pluck().all();
    db.close();
    t.same(codes.sort(), [...strings].sort(), format);
  }
}); // prettier-ignore

t.test("half a surrogate pair is no reason to stop", async (t) => {
  const who = (reference: string): object => ({
    resourceType: "Condition",
    subject: { reference: "Patient/A" },
    onsetDateTime: "2024-01-02",
    participant: [{ individual: { reference } }],
  });
  const own = join(dir, "halves-store");
  for (const code of ["1", "2"]) {
    const folder = join(dir, `halves-${code}`);
    mkdirSync(folder);
    const lines = [{ resourceType: "Patient", id: "A", n: code }, who("a"), who("b")];
    const text = lines.map((each) => `${JSON.stringify(each)}\n`).join("");
    writeFileSync(join(folder, "all.ndjson"), text.replace('"a"', '"\\ud800"').replace('"b"', '"\\udc00"'));
    const records = openRecords(own);
    const report = await importRecords(records, {
      ...REQUEST,
      format: "fhir",
      paths: [folder],
      dryRun: false,
    });
    t.match(report, { known: false, rows: { Condition: { taken: 2 } } }, `load ${code}`);
    records.close();
  }
});

t.test("csv-spectrum as records: taken, or refused with file and line; none is half taken", { skip }, async (t) => {
  const paths = found(/csvs\/.*\.csv$/);
  t.equal(paths.length, 12);
  for (const path of paths) {
    const content = readFileSync(join(dir, path), "utf8");
    // As rows of a journal: its columns are unknown ones behind those that must be there.
    const [header, ...lines] = content.split(/\r?\n/);
    const events = [`patient_id,date,code,${header}`, ...lines.map((line) => (line === "" ? "" : `A,2024-01-02,1,${line}`))];
    const became = await tried("journal", { "patients.csv": "patient_id\nA\n", "events.csv": events.join("\n") });
    if (became instanceof ImportError) t.match(became.message, /events\.csv:\d+/, path);
    else t.ok(became.rows.events!.taken > 0, path);
  }
}); // prettier-ignore
