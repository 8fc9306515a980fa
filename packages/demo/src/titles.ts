import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";

/** Titles of the library's queries, by name. */
export function titles(): ReadonlyMap<string, string> {
  const { library } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
  return new Map([...library.queries].map(([name, { query }]) => [name, query.title]));
}
