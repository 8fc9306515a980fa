import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary } from "@cairn/query-library";

/** Titles of the library's queries, by name. */
export function titles(): ReadonlyMap<string, string> {
  const folder = fileURLToPath(LIBRARY_LOCATION);
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.(yaml|csv)$/.test(path),
  );
  const files = Object.fromEntries(
    paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
  );
  return new Map([...openLibrary(files).library.queries].map(([name, { query }]) => [name, query.title]));
}
