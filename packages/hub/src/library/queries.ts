/** Reads the published library. */
import type { Kysely } from "kysely";
import type { Query } from "@cairn/query-library";
import { WireRefusal } from "@cairn/wire";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import type { Tables } from "../store/tables.js";
import { contentOf, type PublishedLibrary, type PublishedQuery } from "./content.js";

/** The store's database, or the transaction of a change under way, which holds the only connection until it ends. */
type Reader = Kysely<Tables>;

export type { PublishedQuery };

/** Opened libraries by version, for each store. A version never changes. */
const parsed = new WeakMap<object, Map<string, PublishedLibrary>>();

export async function newestLibrary(db: Reader): Promise<{ version: string } | null> {
  const row = await db
    .selectFrom("library")
    .select("version")
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The newest library's queries by name. @throws HubError no-library */
export async function newestQueries(hub: Hub, db: Reader): Promise<ReadonlyMap<string, PublishedQuery>> {
  const newest = await newestLibrary(db);
  if (!newest) throw new HubError("no-library", "no library is published yet: cairn library publish");
  return (await libraryOf(hub, newest.version, db)).byName;
}

/** A query of any published version. @throws WireRefusal query-unknown */
export async function queryByDigest(hub: Hub, digest: string, db: Reader): Promise<Query> {
  for await (const { byDigest } of libraries(hub, db)) {
    const found = byDigest.get(digest);
    if (found) return found.query;
  }
  throw new WireRefusal("query-unknown", "this query version is in no library that this hub published");
}

/** The queries, by digest, of the published library whose content has this digest (hex); null where none has. */
export async function queriesOfLibrary(
  hub: Hub,
  digest: string,
  db: Reader,
): Promise<PublishedLibrary["byDigest"] | null> {
  for await (const library of libraries(hub, db)) if (library.digest === digest) return library.byDigest;
  return null;
}

/** The content of as few published libraries as hold every query version that was published, the newest first. */
export async function libraryContents(hub: Hub, db: Reader): Promise<Uint8Array[]> {
  const held = new Set<string>();
  const contents: Uint8Array[] = [];
  const rows = await db
    .selectFrom("library")
    .select(["version", "content"])
    .orderBy("number", "desc")
    .execute();
  for (const { version, content } of rows) {
    const queries = [...(await libraryOf(hub, version, db)).byDigest.keys()];
    if (queries.every((query) => held.has(query))) continue;
    for (const query of queries) held.add(query);
    contents.push(content);
  }
  return contents;
}

/** Every published version, the newest first. */
async function* libraries(hub: Hub, db: Reader): AsyncGenerator<PublishedLibrary> {
  const versions = await db.selectFrom("library").select("version").orderBy("number", "desc").execute();
  for (const { version } of versions) yield await libraryOf(hub, version, db);
}

async function libraryOf(hub: Hub, version: string, db: Reader): Promise<PublishedLibrary> {
  const cache = parsed.get(hub.store) ?? new Map<string, PublishedLibrary>();
  parsed.set(hub.store, cache);
  const known = cache.get(version);
  if (known) return known;
  const row = await db
    .selectFrom("library")
    .select("content")
    .where("version", "=", version)
    .executeTakeFirstOrThrow();
  const library = contentOf(row.content);
  cache.set(version, library);
  return library;
}
