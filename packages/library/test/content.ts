/** The content as the tests read it. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary } from "@cairn/query-library";

const folder = fileURLToPath(LIBRARY_LOCATION);
const paths = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => /\.(yaml|csv)$/.test(path));

/** Text by path, with `/`, relative to the content's folder. */
export const files: Readonly<Record<string, string>> = Object.fromEntries(
  paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]),
);
export const { library, problems } = openLibrary(files);
