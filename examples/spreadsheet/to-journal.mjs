// node to-journal.mjs register.csv journal: a spreadsheet's rows as the three tables of a journal.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [from, to] = process.argv.slice(2);
const [headings, ...rows] = readFileSync(from, "utf8")
  .replace(/^\uFEFF/, "") // spreadsheets begin a file with this mark
  .split(/\r?\n/)
  .filter((line) => line !== "")
  .map((line) =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) => (m[1] ?? m[2]).trim()),
  );

/** 31/03/2025 -> 2025-03-31; anything else stays, and the import says what is wrong with it. */
const day = (text) => text.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, "$3-$2-$1");
const sex = (text) => ({ F: "female", M: "male" })[text] ?? "unknown";

// each table: its column, the spreadsheet's heading, and how what stands there is written in a journal
const TABLES = {
  patients: [
    ["patient_id", "Patient no"],
    ["date_of_birth", "DOB", day],
    ["sex", "Gender", sex],
  ],
  registrations: [
    ["patient_id", "Patient no"],
    ["start", "Date joined", day],
  ],
  events: [
    ["patient_id", "Patient no"],
    ["date", "Date", day],
    ["code", "Code"],
    ["value", "Result"],
    ["unit", "Unit"],
  ],
};

mkdirSync(to, { recursive: true });
for (const [table, columns] of Object.entries(TABLES)) {
  const lines = rows.map((row) =>
    columns.map(([, heading, written = String]) => written(row[headings.indexOf(heading)])).join(","),
  );
  const once = table === "events" ? lines : [...new Set(lines)]; // a person stands in the spreadsheet once a row
  writeFileSync(join(to, `${table}.csv`), [columns.map(([name]) => name).join(","), ...once, ""].join("\n"));
  console.log(`${table}.csv: ${once.length} rows`);
}
