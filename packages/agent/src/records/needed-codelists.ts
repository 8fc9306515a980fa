/** The codelists that queries ask for: an import looks whether the records have them. */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { keeperFolder, KeeperStore, keyFile, libraryReader } from "@cairn/keeper";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type Codelist, openLibrary, type Query } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";

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

let shipped: readonly Query[] | null = null;

/** Read once in a process: a watch takes one extract after the other in. */
function shippedQueries(): readonly Query[] {
  return (shipped ??= readShipped());
}

function readShipped(): Query[] {
  const { library } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
  return [...library.queries.values()].map(({ query }) => query);
}
