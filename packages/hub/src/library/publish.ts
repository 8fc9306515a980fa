import { createHash } from "node:crypto";
import { hubLog } from "@cairn/ledger";
import type { Reviews } from "@cairn/query-library";
import { requirePerson, systemUser } from "../enrolment/names.js";
import type { Hub } from "../hub.js";
import { makeSignedBundle } from "./bundle.js";

export interface PublishedVersion {
  readonly version: string;
  readonly digest: string; // hex SHA-256 of the signed content, as releases name it
  readonly queries: readonly string[];
  readonly reviews: Reviews; // what somebody should look at: nothing is refused for it
}

/**
 * Checks, signs and stores a library folder as the next version, and logs it. The same content published again is a
 * new version all the same: agents compare versions.
 * @param folder null for the library that comes with Cairn.
 * @param by the person.
 * @throws HubError library-wrong, name-wrong
 */
export async function publishLibrary(
  hub: Hub,
  folder: string | null,
  by = systemUser(),
): Promise<PublishedVersion> {
  requirePerson(by);
  const now = hub.settings.now();
  return hub.store.change(async ({ tx, note }) => {
    const { newest } = await tx
      .selectFrom("library")
      .select(({ fn }) => fn.max("number").as("newest"))
      .executeTakeFirstOrThrow();
    const number = Number(newest ?? 0) + 1;
    const version = String(number);
    const { bytes, digest, queries, reviews } = makeSignedBundle(folder, number, now, hub.files.libraryKey);
    const row = { version, number, bundle: bytes, digest: sha256(bytes), published_at: now };
    await tx.insertInto("library").values(row).execute();
    note(hubLog.libraryPublished, { version, digest, queries: queries.join(", "), by });
    return { version, digest, queries, reviews };
  });
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
