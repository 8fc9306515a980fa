/** Delimited text, numbers and days, as files write them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import { COMMA_UTF8, CsvRow, readCsv } from "../src/csv.js";
import { dayOfText, numberAt } from "../src/fields.js";
import { KnownField } from "../src/known-field.js";
import { absent, unpacked } from "./fixtures/published.js";

t.setTimeout(280_000);

t.test("CSV is split as RFC 4180 says, wherever the chunks fall", async (t) => {
  const text = 'a,b,c\r\n1,"x, ""y""\nz",3\n"",é,\n5" pipe,6,7\n"open,1,2\n8,9,10';
  const want = [["1", 'x, "y"\nz', "3"], ["", "é", ""], ['5" pipe', "6", "7"], ["bad 6"], ["8", "9", "10"]];
  for (const size of [1, 2, 3, 7, 1000]) {
    const bytes = Buffer.from(text);
    const chunks = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
    const rows: string[][] = [];
    await readCsv(chunks, "x.csv", COMMA_UTF8, {
      header: (names) => t.same(names, ["a", "b", "c"]),
      row: (row, problem) =>
        rows.push(problem === null ? [0, 1, 2].map((i) => row.get(i)) : [`bad ${row.line}`]),
    });
    t.same(rows, want, `in chunks of ${size}`);
  }
});

t.test(
  "what is made of a recurring text is that of the text, and outlives the bytes that it came in",
  async (t) => {
    const fields = [
      "one",
      "two",
      "one",
      'a""b',
      '"a""b"',
      'a""b',
      "",
      '" one "',
      "é",
      "zwei",
      "é",
      "two",
      '""',
    ];
    const bytes = Buffer.from(`a\n${fields.map((field) => field || '""').join("\n")}\n`);
    const want: string[] = [];
    const got: string[] = [];
    const made: string[] = [];
    const known = new KnownField(0, (text) => (made.push(text), `made of ${text}`));
    const chunks = (async function* () {
      for (let at = 0; at < bytes.length; at += 3) yield bytes.subarray(at, at + 3);
    })();
    await readCsv(chunks, "x.csv", COMMA_UTF8, {
      header: () => undefined,
      row(row) {
        want.push(`made of ${row.get(0).trim()}`);
        got.push(known.of(row));
      },
    });
    t.same(got, want);
    t.ok(made.length < want.length, "and is not made again each time");
    const none = new KnownField(-1, (text) => `made of ${text}`);
    t.equal(none.of(new CsvRow()), "made of ");
  },
);

t.test("how far a quote may stay open is one number, wherever the chunks end", async (t) => {
  const MOST = 1 << 16;
  /** `1,"...` with line ends up to so many bytes behind its beginning, and so many more on its last line. */
  const row = (open: number, more: number): string => {
    const text = `1,"${"x".repeat(open)}`.slice(0, open);
    return `${text.replaceAll(/(.{5000})x/g, "$1\n")}\n${"y".repeat(more)}",2\n`;
  };
  const read = async (text: string, size: number): Promise<string[]> => {
    const bytes = Buffer.from(`a,b,c\n${text}`);
    const chunks = (async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    })();
    const said: string[] = [];
    await readCsv(chunks, "x.csv", COMMA_UTF8, {
      header: () => undefined,
      row: (each, problem) => said.push(`${each.line} ${problem ?? `taken ${each.get(1).length}`}`),
      cutOff: () => said.push("cut off"),
    });
    return said;
  };
  const near = fc.oneof(fc.integer({ min: MOST - 2, max: MOST + 2 }), fc.integer({ min: 10, max: 2 * MOST }));
  const rows = fc.array(fc.tuple(near, fc.integer({ min: 0, max: 80_000 })), { minLength: 1, maxLength: 4 });
  const end = fc.constantFrom("", '3,"open', '3,"open\nlonger', `3,"${"z\n".repeat(MOST)}`);
  await fc.assert(
    fc.asyncProperty(rows, end, fc.integer({ min: 3000, max: 3 * MOST }), async (all, last, size) => {
      const text = all.map(([open, more]) => row(open, more)).join("") + last;
      const said = await read(text, size);
      assert.deepEqual(said, await read(text, text.length * 2));
      const taken = said.filter((each) => / taken /.test(each)).length;
      assert.equal(taken, all.filter(([open]) => open < MOST).length);
    }),
    { numRuns: 40 },
  );
  t.pass("forty times");
});

t.test("numbers and dates are read as they are written or not at all", async (t) => {
  const read = (text: string): number => numberAt(text, 0, text.length);
  for (const text of ["7", "-0.5", "0.1", "123456.789", "140.0", "1e3", ".5", "+3", "4.35", "1.005"])
    t.equal(read(text), Number(text), text);
  for (const text of ["", "-", ".", "1,5", "<5", "0x10", "Infinity", "1e999", "5 mmol", "1.2.3"])
    t.ok(Number.isNaN(read(text)), text);
  t.equal(dayOfText("2000-02-29"), 11016);
  t.equal(dayOfText("2024-01-02T23:59:00Z"), dayOfText("2024-01-02"));
  for (const text of ["2001-02-29", "1799-12-31", "2200-01-01", "2024-1-02", "02/01/2024", "2024-01-02x", ""])
    t.ok(Number.isNaN(dayOfText(text)), text);
});

// FHIR

t.test("CSV of csv-spectrum is split as its JSON says", { skip: absent }, async (t) => {
  const folder = join(unpacked("malformed/csv-json-strings.tar.xz"));
  const root = readdirSync(folder, { recursive: true, encoding: "utf8" }).find((path) =>
    path.endsWith("csv-spectrum"),
  )!;
  const names = readdirSync(join(folder, root, "csvs"));
  // Upstream's expectation for this one is of another person than its CSV.
  for (const name of names.filter((each) => each !== "location_coordinates.csv")) {
    const bytes = readFileSync(join(folder, root, "csvs", name));
    let header: string[] = [];
    const rows: Record<string, string>[] = [];
    await readCsv(
      (async function* () {
        yield bytes;
      })(),
      name,
      COMMA_UTF8,
      {
        header: (found) => void (header = found),
        row: (row) => rows.push(Object.fromEntries(header.map((column, i) => [column, row.get(i)]))),
      },
    );
    const want = JSON.parse(
      readFileSync(join(folder, root, "json", name.replace(".csv", ".json")), "utf8"),
    ) as unknown;
    t.same(rows, want, name);
  }
});
