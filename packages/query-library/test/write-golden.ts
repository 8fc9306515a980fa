/**
 * Writes the golden files anew, when told to by the word `write`,
 * so that no test run can overwrite what it compares with:
 * `npx tsx --conditions=@cairn/source packages/query-library/test/write-golden.ts write`. Read them before committing.
 */
import { writeFileSync } from "node:fs";
import { explain, explanationText, openLibrary } from "@cairn/query-library";
import { readFiles, TEST_QUERIES } from "./read-files.js";

const told = process.argv[2] === "write";
const write = (name: string, text: string): void => {
  if (told) writeFileSync(new URL(`golden/${name}`, import.meta.url), text);
};
const test = openLibrary(readFiles(TEST_QUERIES)).library;
for (const [name, { query }] of test.queries) write(`${name}.txt`, explanationText(explain(query)));
write(
  "digests.txt",
  [...test.queries.values()].map(({ query }) => `${query.query} ${query.digest}\n`).join(""),
);
