/** Publishes a library folder at a hub of a test, signed by the test's signers. */
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import { makeContent } from "@cairn/query-library";
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
 */
export async function publishFolder(hub: Hub, folder: string | null, by?: string): Promise<PublishedVersion> {
  const files = readLibraryFolder(folder ?? fileURLToPath(LIBRARY_LOCATION));
  return publishNext(hub, { files }, by);
}

/** Signs what a library is to hold as the hub's next version and publishes it. @param others targets beside its content, by path */
export async function publishNext(
  hub: Hub,
  { files, others = {} }: { files: Record<string, string>; others?: Record<string, string> },
  by?: string,
): Promise<PublishedVersion> {
  const newest = await hub.store.db
    .selectFrom("library")
    .select(({ fn }) => fn.max("number").as("number"))
    .executeTakeFirstOrThrow();
  const version = Math.max(0, Number(newest.number ?? 0)) + 1;
  const now = hub.settings.now();
  const content = makeContent({ name: "test", version, published: new Date(now).toISOString(), files });
  const beside = Object.entries(others).map(([path, text]) => [path, Buffer.from(text)] as const);
  const targets = new Map<string, Uint8Array>([["library.json", content], ...beside]);
  return publishLibrary(hub, hubSigners(hub).publication(files, { version, now, targets }), by);
}
