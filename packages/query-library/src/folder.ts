/** A library's folder on disk. Its own entry of the package: everything else here is handed text and touches no file. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Lists the files of a library under a folder: every YAML and CSV file.
 * @returns paths relative to the folder, with `/`, sorted. @throws the system's error where it cannot be read
 */
export function libraryPaths(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => /\.(ya?ml|csv)$/.test(path))
    .sort();
}

/** Reads the files of a library under a folder. @returns their text by path. @throws the system's error */
export function readLibraryFolder(folder: string): Record<string, string> {
  return Object.fromEntries(
    libraryPaths(folder).map((path) => [path, readFileSync(join(folder, path), "utf8")]),
  );
}
