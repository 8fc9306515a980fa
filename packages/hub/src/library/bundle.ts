/** Turns a library folder into signed bytes, and back; no other file of the hub knows how a library is signed. */
import { fileURLToPath } from "node:url";
import type { KeyObject } from "node:crypto";
import { LIBRARY_LOCATION } from "@cairn/library";
import {
  isReadable,
  makeBundle,
  openLibrary,
  reviewsOf,
  problemLine,
  sha256Hex,
  signBundle,
  verifyBundle,
  type Query,
  type Reviews,
} from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { HubError } from "../errors.js";

const LIVES_MS = 180 * 86_400_000;

export interface PublishedQuery {
  readonly name: string;
  readonly version: string;
  readonly digest: string; // hex
  readonly query: Query;
}

export interface PublishedLibrary {
  readonly digest: string; // hex SHA-256 of the signed content, as releases and logs name it
  readonly byName: ReadonlyMap<string, PublishedQuery>;
  readonly byDigest: ReadonlyMap<string, PublishedQuery>;
}

interface SignedBundle {
  readonly bytes: Buffer;
  readonly digest: string; // hex SHA-256 of the signed content, as releases and logs name it
  readonly queries: readonly string[];
  readonly reviews: Reviews; // on the day of publishing
}

/**
 * Signs a library folder.
 * @param folder null for the library that comes with Cairn.
 * @param version whole, rising.
 * @throws HubError library-wrong
 */
export function makeSignedBundle(
  folder: string | null,
  version: number,
  now: number,
  key: KeyObject,
): SignedBundle {
  const root = folder ?? fileURLToPath(LIBRARY_LOCATION);
  const files = filesIn(root);
  const { library, problems } = openLibrary(files);
  if (problems[0]) {
    throw new HubError(
      "library-wrong",
      `${root} has ${problems.length} problems, the first: ${problemLine(problems[0])}`,
    );
  }
  if (library.queries.size === 0) throw new HubError("library-wrong", `${root} holds no query`);
  const unreadable = [...library.queries.values()].find(({ query }) => !isReadable(query));
  if (unreadable) {
    const words = `the query ${unreadable.query.query} has characters that do not print (such as a soft hyphen) in its title, its question, a register or its review: no practice would take this library`;
    throw new HubError("library-wrong", `${root}: ${words}`);
  }
  const content = makeBundle({
    name: "cairn",
    version,
    published: new Date(now).toISOString(),
    expires: new Date(now + LIVES_MS).toISOString(),
    files,
  });
  const bytes = Buffer.from(signBundle(content, key));
  const today = new Date(now).toISOString().slice(0, 10);
  const reviews = reviewsOf(
    [...library.queries.values()].map(({ query }) => query),
    today,
  );
  return { bytes, digest: sha256Hex(content), queries: [...library.queries.keys()].sort(), reviews };
}

/** Reads a bundle of ours. Its expiry matters to those who run queries, not to those who read results. */
export function contentOf(bundle: Uint8Array, libraryRoot: Uint8Array): PublishedLibrary {
  const opened = verifyBundle(bundle, libraryRoot, { now: new Date(0), atLeastVersion: 0 });
  if ("refused" in opened) throw opened.refused;
  const { digest, queries } = opened.library;
  const published = [...queries.values()].map((query) => ({
    name: query.query,
    version: query.version,
    digest: query.digest,
    query,
  }));
  return {
    digest,
    byName: new Map(published.map((query) => [query.name, query])),
    byDigest: new Map(published.map((query) => [query.digest, query])),
  };
}

function filesIn(root: string): Record<string, string> {
  try {
    return readLibraryFolder(root);
  } catch (cause) {
    throw new HubError("library-wrong", `${root} cannot be read as a library folder`, { cause });
  }
}
