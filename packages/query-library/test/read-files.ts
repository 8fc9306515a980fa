/** Reads folders of queries for tests; the library's own code touches no file. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Every YAML and CSV under a folder, by path relative to it. */
export function readFiles(location: string | URL): Record<string, string> {
  const folder = fileURLToPath(location);
  const paths = readdirSync(folder, { recursive: true }).map((path) => String(path).replaceAll("\\", "/"));
  const wanted = paths.filter((path) => /\.(yaml|csv)$/.test(path)).sort();
  return Object.fromEntries(
    wanted.map((path) => [path, readFileSync(new URL(path, asFolder(location)), "utf8")]),
  );
}

function asFolder(location: string | URL): string {
  return String(location).endsWith("/") ? String(location) : `${String(location)}/`;
}

export const TEST_QUERIES = new URL("queries/", import.meta.url);
