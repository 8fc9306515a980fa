/**
 * Writes QUERIES.md and the explanations that a test compares with, when told to by the word `write`, so that no test run
 * can overwrite what it compares with: `npx tsx --conditions=@cairn/source packages/library/test/write.ts write`. Read them
 * before committing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { explain, explanationMarkdown, explanationText } from "@cairn/query-library";
import { library } from "./content.js";
import { QUERIES_MD, withQueries } from "./queries-list.js";

const write = (file: URL, text: string): void => {
  if (process.argv[2] === "write") writeFileSync(file, text);
};
for (const name of ["diabetes-hba1c-58", "bp-control"]) {
  const explained = explain(library.queries.get(name)!.query);
  write(new URL(`golden/${name}.txt`, import.meta.url), explanationText(explained));
  if (name === "diabetes-hba1c-58")
    write(new URL(`golden/${name}.md`, import.meta.url), explanationMarkdown(explained));
}
write(QUERIES_MD, withQueries(readFileSync(QUERIES_MD, "utf8"), library));
