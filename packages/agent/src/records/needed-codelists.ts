/** The codelists that queries ask for: an import looks whether the records have them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { keeperFolder, KeeperStore, keyFile, libraryReader } from "@cairn/keeper";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type Codelist, openLibrary, type Query } from "@cairn/query-library";

/**
 * The codelists of the signed library in force at this agent; before it has one, of the library that comes with
 * Cairn.
 */
export function neededCodelists(data: string): Codelist[] {
  const queries = signedQueries(data) ?? shippedQueries();
  const lists = queries.flatMap(({ codelists }) => Object.values(codelists));
  return [...new Map(lists.map((list) => [list.digest, list])).values()];
}

function signedQueries(data: string): readonly Query[] | null {
  if (!existsSync(keyFile(keeperFolder(data)))) return null;
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return libraryReader(store)()?.queries ?? null;
  } finally {
    store.close();
  }
}

function shippedQueries(): Query[] {
  const folder = fileURLToPath(LIBRARY_LOCATION);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = paths.map((path) => [
    relative(folder, path).split(sep).join("/"),
    readFileSync(path, "utf8"),
  ]);
  const { library } = openLibrary(Object.fromEntries(files) as Record<string, string>);
  return [...library.queries.values()].map(({ query }) => query);
}
