/** Outside `test/`, so that no test run can overwrite what it is to compare with.
 * Writes the golden files anew: `npx tsx --conditions=@cairn/source packages/query-library/write-golden.ts`. Read them before committing. */
import { writeFileSync } from "node:fs";
import {
  explain,
  explanationMarkdown,
  explanationText,
  LIBRARY_LOCATION,
  openLibrary,
} from "@cairn/query-library";
import { readFiles, TEST_QUERIES } from "./test/read-files.js";

const write = (name: string, text: string): void =>
  writeFileSync(new URL(`test/golden/${name}`, import.meta.url), text);
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
