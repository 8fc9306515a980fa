/** What a file is wrapped in: folders, .gz, .zip; and what nobody would hand over with good intent. */
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
import { gzipSync } from "node:zlib";
import t from "tap";
import { FORMAT_COVERAGE, openRecords } from "@cairn/records";
import { FORMATS, importRecords, type ImportReport } from "@cairn/importers";
import { RECORD_FACTS } from "@cairn/query-library";
import { zipOf } from "./fixtures/zip.js";

t.setTimeout(240_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-ways-in-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
let made = 0;

async function load(format: string, ...paths: string[]): Promise<ImportReport> {
  const records = openRecords(join(dir, `store-${++made}`));
  try {
    return await importRecords(records, {
      format,
      paths,
      system: "snomed",
      completeTo: null,
      registeredFrom: "birth",
      dryRun: false,
      now: new Date("2025-06-01T00:00:00Z"),
      progress: () => undefined,
    });
  } finally {
    records.close();
  }
}

function file(name: string, content: Buffer | string): string {
  const folder = join(dir, `given-${++made}`);
  mkdirSync(folder);
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const patient = { resourceType: "Patient", id: "p1", gender: "female", birthDate: "1950-02-03" };
const condition = {
  resourceType: "Condition",
  id: "c1",
  code: { coding: [{ system: "http://snomed.info/sct", code: "38341003" }] },
  subject: { reference: "Patient/p1" },
  onsetDateTime: "2019-05-03",
};
const LINES = [patient, condition].map((each) => `${JSON.stringify(each)}\n`).join("");
const TAKEN = { patients: 1, events: 1, rows: { Patient: { taken: 1 }, Condition: { taken: 1 } } };

t.test("a file, a folder, .gz, .zip, and a .gz in a .zip hold the same records", async (t) => {
  const packed = gzipSync(LINES);
  const ways = {
    file: file("all.ndjson", LINES),
    folder: join(file("all.ndjson", LINES), ".."),
    gz: file("all.ndjson.gz", packed),
    "gz by content": file("all.ndjson", packed),
    zip: file(
      "all.zip",
      zipOf([
        ["deep/all.ndjson", Buffer.from(LINES)],
        ["__MACOSX/all.ndjson", packed],
      ]),
    ),
    "gz in zip": file("all.zip", zipOf([["all.ndjson.gz", packed]])),
    "a bundle on one line": file(
      "all.ndjson",
      JSON.stringify({
        resourceType: "Bundle",
        entry: [patient, condition].map((resource) => ({ resource })),
      }),
    ),
  };
  for (const [name, path] of Object.entries(ways)) t.match(await load("fhir", path), TAKEN, name);
});

t.test("an extract of another format is told which it looks like, by the names of its files", async (t) => {
  const folderOf = (...names: string[]): string => {
    const place = join(dir, `given-${++made}`);
    mkdirSync(place);
    for (const name of names) writeFileSync(join(place, name), `Id,${name}\n1,2\n`);
    return place;
  };
  const synthea = folderOf("patients.csv", "conditions.csv", "observations.csv");
  await t.rejects(load("journal", synthea), { message: /looks like --format synthea-csv$/ });
  await t.rejects(load("omop", file("all.ndjson", LINES)), {
    code: "no-files",
    message: /looks like --format fhir$/,
  });
  await t.rejects(load("fhir", folderOf("letter.txt")), { message: /^no \.json or \.ndjson file there$/ });
  await t.rejects(load("omop", folderOf("patients.csv")), { message: /CDM's tables$/ }, "two know it alike");
});

t.test("what was ruled out, called off or only planned is no entry", async (t) => {
  const undone = [
    { verificationStatus: { coding: [{ code: "refuted" }] } },
    { verificationStatus: { coding: [{ code: "entered-in-error" }] } },
    { status: "cancelled" },
    { status: "planned" },
    { status: "draft" },
    { doNotPerform: true },
  ].map((said, i) => ({ ...condition, id: `u${i}`, ...said }));
  const lines = [...undone, patient, condition].map((each) => `${JSON.stringify(each)}\n`).join("");
  const report = await load("fhir", file("all.ndjson", lines));
  t.match(report, { events: 1, rows: { Condition: { taken: 1, skipped: 6 } } });
});

t.test("an entry of a .zip that climbs out of its folder is refused, and nothing is written", async (t) => {
  for (const name of ["../evil.ndjson", "a/../../evil.ndjson", "/tmp/evil.ndjson", "..\\evil.ndjson"]) {
    const path = file(
      "all.zip",
      zipOf([
        ["all.ndjson", Buffer.from(LINES)],
        [name, Buffer.from(LINES)],
      ]),
    );
    await t.rejects(
      load("fhir", path),
      { code: "unreadable", message: /^all\.zip: holds an entry that climbs/ },
      name,
    );
  }
  t.notOk(existsSync(join(dir, "evil.ndjson")));
  t.same(
    readdirSync(dir).filter((name) => name.includes("evil")),
    [],
  );
});

t.test("what unpacks to more than any extract would is refused before it fills anything", async (t) => {
  const line = Buffer.from(`{"resourceType":"Claim","note":"${" ".repeat(1 << 20)}"}\n`);
  const bomb = Buffer.concat(Array.from({ length: 80 }, () => line));
  const words = { code: "unreadable", message: /unpacks to more than 250 times its size/ };
  await t.rejects(load("fhir", file("all.zip", zipOf([["all.ndjson", bomb]]))), words, ".zip");
  await t.rejects(load("fhir", file("all.ndjson.gz", gzipSync(bomb))), words, ".gz");
  const none = Buffer.alloc(0);
  const many = Array.from({ length: 60_001 }, (): [string, Buffer] => ["a", none]);
  await t.rejects(load("fhir", file("all.zip", zipOf(many))), { message: /holds more than 60000 files/ });
});

t.test("a table without line ends is refused in words, and not held in memory", async (t) => {
  const row = "A,2024-01-02,1,,,,";
  const mac = file("events.csv", `patient_id,date,code\r${`${row}\r`.repeat(250_000)}`);
  await t.rejects(load("journal", mac), {
    message: /^events\.csv: its lines end with a lone carriage return/,
  });
  const endless = file("events.csv", "x".repeat(5 << 20));
  await t.rejects(load("journal", endless), { message: /^events\.csv: it has no line ends/ });
});

t.test("standard input is refused by formats of many tables, in one line", async (t) => {
  for (const format of ["synthea-csv", "omop", "aurum"]) {
    await t.rejects(load(format, "-"), {
      code: "wrong-option",
      kind: "wrong-use",
      message: /^-: [^\n]*name the folder/,
    });
  }
});

t.test("where the header's line end is missing, nothing of the first row is repeated", async (t) => {
  const folder = join(file("patients.csv", "patient_id,sex\nA,female\n"), "..");
  writeFileSync(
    join(folder, "events.csv"),
    "patient_id,date,code,A,1901-02-03,SECRET99\nA,2024-01-02,1,,,\n",
  );
  const report = await load("journal", folder);
  t.match(report.notes.join("\n"), /column with a name that is none/);
  t.notMatch(JSON.stringify(report), /SECRET99|1901/i);
});

t.test("the table in docs/extracts.md of what each format can carry is the one that is kept to", (t) => {
  const page = readFileSync(new URL("../../../docs/extracts.md", import.meta.url), "utf8").replaceAll(
    / +/g,
    " ",
  ); // its columns are aligned
  t.same(Object.keys(FORMAT_COVERAGE).sort(), [...FORMATS].sort());
  for (const fact of RECORD_FACTS) {
    const row = `| \`${fact}\` | ${FORMATS.map((name) => FORMAT_COVERAGE[name]![fact]).join(" | ")} |`;
    t.ok(page.includes(row), `docs/extracts.md, "What a format can carry": ${row}`);
  }
  t.end();
});
