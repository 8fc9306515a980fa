/** Publishes a library folder at a hub of a test, signed by the test's signers. */
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { Signers } from "@cairn/testkit";
import { publishLibrary, type Hub, type PublishedVersion } from "@cairn/hub";

const signersOf = new Map<string, Signers>();

/** The people who sign for the hub of a folder. */
export function hubSigners({ files }: Hub): Signers {
  const known = signersOf.get(files.folder) ?? new Signers(files.libraryKey);
  signersOf.set(files.folder, known);
  return known;
}

/**
 * Signs a folder as the hub's next version and publishes it.
 * @param folder null for the library that comes with Cairn.
 * @param beside targets beside the queries, such as charters.
 */
export async function publishFolder(
  hub: Hub,
  folder: string | null,
  by?: string,
  beside?: ReadonlyMap<string, Uint8Array>,
): Promise<PublishedVersion> {
  const newest = await hub.store.db
    .selectFrom("library")
    .select(({ fn }) => fn.max("number").as("number"))
    .executeTakeFirstOrThrow();
  const version = Math.max(0, Number(newest.number ?? 0)) + 1;
  const files = readLibraryFolder(folder ?? fileURLToPath(LIBRARY_LOCATION));
  const publication = { version, now: hub.settings.now(), ...(beside && { beside }) };
  return publishLibrary(hub, hubSigners(hub).publication(files, publication), by);
}
