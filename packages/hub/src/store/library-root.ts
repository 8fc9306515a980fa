/** The root of the library as it was published: whom agents are told to trust. */
import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import { versionOf } from "@cairn/signed-library";
import { HubError } from "../errors.js";
import type { Tables } from "./tables.js";

type Reader = Kysely<Tables>;

/** A root of the library that was published here: the newest, or the one of this digest (SHA-256). @throws HubError no-library */
export async function libraryRoot(db: Reader, digest?: Uint8Array): Promise<Buffer> {
  const rows = await db.selectFrom("library_file").selectAll().where("role", "=", "root").execute();
  const found = digest
    ? rows.find(({ bytes }) => rootDigest(bytes).equals(digest))
    : rows.sort((a, b) => versionOf(b.bytes) - versionOf(a.bytes))[0];
  if (found) return found.bytes;
  throw new HubError(
    "no-library",
    "no library is published yet, so an agent would not know whose signatures to trust: cairn library init tells how to begin",
  );
}

/** SHA-256 of a root, as join codes pin it. */
export function rootDigest(root: Uint8Array): Buffer {
  return createHash("sha256").update(root).digest();
}
