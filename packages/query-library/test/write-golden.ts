/**
 * Writes the golden files and the list of queries in the library's README anew, when told to by the word `write`,
 * so that no test run can overwrite what it compares with:
 * `npx tsx --conditions=@cairn/source packages/query-library/test/write-golden.ts write`. Read them before committing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { LIBRARY_LOCATION } from "@cairn/library";
import { explain, explanationMarkdown, explanationText, openLibrary } from "@cairn/query-library";
import { LIBRARY_README, withQueries } from "./library-readme.js";
import { readFiles, TEST_QUERIES } from "./read-files.js";

const told = process.argv[2] === "write";
const write = (name: string, text: string): void => {
  if (told) writeFileSync(new URL(`golden/${name}`, import.meta.url), text);
};
const test = openLibrary(readFiles(TEST_QUERIES)).library;
const ours = openLibrary(readFiles(LIBRARY_LOCATION)).library;
for (const [name, { query }] of test.queries) write(`${name}.txt`, explanationText(explain(query)));
for (const name of ["diabetes-hba1c-58", "bp-control"]) {
  write(`${name}.txt`, explanationText(explain(ours.queries.get(name)!.query)));
}
write("diabetes-hba1c-58.md", explanationMarkdown(explain(ours.queries.get("diabetes-hba1c-58")!.query)));
write(
  "digests.txt",
  [...test.queries.values()].map(({ query }) => `${query.query} ${query.digest}\n`).join(""),
);
if (told) writeFileSync(LIBRARY_README, withQueries(readFileSync(LIBRARY_README, "utf8"), ours));
