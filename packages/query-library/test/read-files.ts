import { fileURLToPath } from "node:url";
import { readLibraryFolder } from "../src/folder.js";

/** @param location URL of a library's folder. @returns its files' text, by path relative to it */
export function readFiles(location: string | URL): Record<string, string> {
  return readLibraryFolder(fileURLToPath(location));
}

export const TEST_QUERIES = new URL("queries/", import.meta.url);
