/** What an extract says of itself before a row is read: its kind, whose it is, from when to when, and its files. */
import t from "tap";
import { describeExtract, importerOf } from "../src/all.js";
import { FileReader, findFiles } from "../src/files.js";
import type { ExtractFacts } from "../src/importer.js";
import { dayOfText } from "../src/fields.js";
import { lastWholeDay } from "../src/moments.js";
import { extract, type Files, load, newStore, refusal } from "./fixtures/extracts.js";

async function facts(format: string, files: Files): Promise<ExtractFacts> {
  const importer = importerOf(format);
  const found = await findFiles([extract(files)], format, importer.standardInput);
  return describeExtract(importer, { files: found, reader: new FileReader(() => undefined) });
}

const manifest = (content: object): Files => ({ "events.csv": "", "manifest.json": JSON.stringify(content) });
const NOTHING = { kind: null, organisation: null, from: null, to: null, files: null };

t.test("a manifest gives kind, organisation, days and files, of every format of tables", async (t) => {
  const digest = "AB".repeat(32);
  const content = {
    kind: "delta",
    organisation: "P1",
    from: "2026-11-28",
    covers_to: "2026-11-29",
    files: [{ name: "Events.csv.gz.gpg", sha256: digest }, { name: "patients.csv" }],
  };
  for (const format of ["journal", "omop", "aurum", "synthea-csv"])
    t.same(
      await facts(format, manifest(content)),
      {
        kind: "delta",
        organisation: "P1",
        from: "2026-11-28",
        to: "2026-11-29",
        files: [
          { name: "events.csv", sha256: digest.toLowerCase() },
          { name: "patients.csv", sha256: null },
        ],
      },
      format,
    );
  t.same(await facts("journal", manifest({})), NOTHING);
  t.same(await facts("journal", { "events.csv": "" }), NOTHING, "and nothing where there is none");
});

t.test(
  "nights of EMIS Web that are given at once hold what changed from the first one's day on",
  async (t) => {
    const night = (moment: string): string =>
      `1002_Admin_Patient_${moment}_695485FD-D038-9218-F6CC-6A843B308E25.csv`;
    const [first, second] = [night("20250330021500"), night("20250401021500")];
    t.match(await facts("emis", { [first]: "" }), { from: null, to: "2025-03-30T02:15:00" });
    t.match(await facts("emis", { [first]: "", [second]: "" }), {
      from: "2025-03-29",
      to: "2025-04-01T02:15:00",
    });
  },
);

t.test("a manifest that says what no extract can be is refused, and nothing of it repeated", async (t) => {
  for (const [content, words] of [
    [{ kind: "Ann Smith" }, /kind is neither/],
    [{ from: "Ann Smith" }, /from is not a date/],
    [{ files: ["Ann Smith"] }, /files is not a list/],
    [{ files: { "Ann Smith": 1 } }, /files is not a list/],
    [{ files: [{ name: "events.csv", sha256: "Ann Smith" }] }, /files is not a list/],
  ] as const) {
    const error = await refusal(facts("journal", manifest(content)));
    t.match(error, { code: "not-this-format", message: words });
    t.notMatch(error.message, /Smith/);
  }
});

t.test(
  "a bulk export of FHIR gives its moment, and in its request from when on it holds changes",
  async (t) => {
    const exported = (request: string): Files => ({
      "Patient.ndjson": "",
      ...manifest({ transactionTime: "2026-11-30T02:15:09.123Z", request, output: [] }),
    });
    t.match(await facts("fhir", exported("https://x.test/Group/1/$export")), {
      kind: "bulk",
      from: null,
      to: "2026-11-30T02:15:09",
    });
    t.match(
      await facts("fhir", exported("https://x.test/$export?_type=Patient&_since=2026-11-29T02%3A15%3A00Z")),
      {
        kind: "delta",
        from: "2026-11-29T02:15:00",
        to: "2026-11-30T02:15:09",
      },
    );
  },
);

t.test(
  "SystmOne's manifest: a table that comes whole beside a delta does not say from when the delta is",
  async (t) => {
    const rows = [
      "SRPatient,Y,20261128_0200,20261129_0200",
      "SRCode,Y,20261128_0210,20261129_0200",
      "SRMapping,N,19000101_0000,20261129_0200",
    ];
    const header = "FileName,IsDelta,DateExtractFrom,DateExtractTo";
    t.match(await facts("systmone", { "SRManifest.csv": [header, ...rows, ""].join("\r\n") }), {
      kind: "delta",
      from: "2026-11-28T02:10:00",
      to: "2026-11-29T02:00:00",
    });
  },
);

t.test("the last whole day is the day before a moment with a time, unless the day was over", (t) => {
  const day = (moment: string): number => lastWholeDay(moment) - dayOfText("2026-11-30");
  t.equal(day("2026-11-30"), 0);
  t.equal(day("2026-11-30T02:15:00"), -1);
  t.equal(day("2026-11-30T23:59:59"), 0);
  t.end();
});

t.test("an import reads a manifest for the day as before", async (t) => {
  const files = {
    "patients.csv": "patient_id,date_of_birth,sex\nA,1950-02-03,female\n",
    "registrations.csv": "patient_id,start,end\nA,2000-01-01,\n",
    "manifest.json": '{"kind": "bulk", "covers_to": "2025-05-30"}',
  };
  t.equal((await load(newStore(), extract(files))).covers_to, "2025-05-30");
});
