/**
 * The signed library as the hub keeps and delivers it: the signers' files, and the hub's own statements of which belong
 * together and are the newest, signed anew each day.
 */
import { createHash } from "node:crypto";
import type { Kysely } from "kysely";
import type { LibraryRefusal } from "@cairn/signed-library";
import {
  DAYS,
  encodeDelivery,
  signingKey,
  signOnline,
  versionOf,
  type DeliveredFiles,
  type PublicKey,
  type SigningKey,
} from "@cairn/signed-library";
import { WireRefusal, type FetchLibraryReply } from "@cairn/wire";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { DAY_MS } from "../keys/certificates.js";
import type { Change } from "../store/store.js";
import type { Tables } from "../store/tables.js";

type Reader = Kysely<Tables>;

const CHUNK_BYTES = 1024 * 1024;
const TIMESTAMP = "timestamp.json";

/** The hub's own key, with which it says what is the newest. */
export function onlineKey(hub: Hub): PublicKey {
  return online(hub).publicKey;
}

function online(hub: Hub): SigningKey {
  return signingKey("hub", "online", hub.files.libraryKey);
}

/** Every file, by name; empty before the first publication. */
export async function libraryFiles(db: Reader): Promise<Map<string, Buffer>> {
  const rows = await db.selectFrom("library_file").select(["name", "bytes"]).execute();
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

/** Puts a publication in the place of the one before: roots stay, as the chain by which older agents come along. */
export async function storeFiles({ tx }: Change, files: DeliveredFiles): Promise<void> {
  await tx.deleteFrom("library_file").where("role", "!=", "root").execute();
  for (const [name, bytes] of files)
    await tx
      .insertInto("library_file")
      .values({ name, role: roleOf(name), bytes: Buffer.from(bytes) })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
}

function roleOf(name: string): "root" | "metadata" | "target" {
  if (/^\d+\.root\.json$/.test(name)) return "root";
  return name === TIMESTAMP || /^\d+\.[^/]+\.json$/.test(name) ? "metadata" : "target";
}

/** A version that only a thief of the hub's key reaches: a hub that signed each second would take 136 years. */
const RUN_UP = 2 ** 32;

/** The hub's statements over a publication, of versions after those before; after a theft, from 1 under the new key. */
export function stateNewest(
  hub: Hub,
  files: DeliveredFiles,
  before: DeliveredFiles,
): Map<string, Uint8Array> {
  const snapshots = [...before.keys()].flatMap((name) => /^(\d+)\.snapshot\.json$/.exec(name)?.[1] ?? []);
  const timestamp = before.get(TIMESTAMP);
  const next = (version: number): number => (version < RUN_UP ? version : 0) + 1;
  const versions = {
    snapshot: next(Math.max(0, ...snapshots.map(Number))),
    timestamp: next(timestamp ? versionOf(timestamp) : 0),
  };
  const targets = [...files].flatMap(([name, bytes]): [string, Uint8Array][] => {
    const role = /^\d+\.(?!snapshot\.|root\.)([^/]+)\.json$/.exec(name)?.[1];
    return role && roleOf(name) === "metadata" ? [[decodeURIComponent(role), bytes]] : [];
  });
  return signOnline(versions, new Map(targets), online(hub), hub.settings.now());
}

/** The newest delivery as agents compare it: `version.statement`; "" before the first publication. */
export async function newestEdition(hub: Hub): Promise<string> {
  const row = await hub.store.db
    .selectFrom("library_file")
    .select(["bytes"])
    .where("name", "=", TIMESTAMP)
    .executeTakeFirst();
  if (!row) return "";
  const timestamp = isDue(row.bytes, hub.settings.now()) ? await renew(hub) : row.bytes;
  const newest = await hub.store.db
    .selectFrom("library")
    .select("version")
    .orderBy("number", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  return `${newest.version}.${versionOf(timestamp)}`;
}

/** Whether the hub's newest statement is a day old. */
function isDue(timestamp: Uint8Array, now: number): boolean {
  const { signed } = JSON.parse(Buffer.from(timestamp).toString("utf8")) as { signed: { expires: string } };
  return now >= Date.parse(signed.expires) - (DAYS.timestamp - 1) * DAY_MS;
}

/** Signs anew that the publication is the newest. @returns the timestamp */
async function renew(hub: Hub): Promise<Uint8Array> {
  return hub.store.quietly(async (tx) => {
    const files = await libraryFiles(tx);
    const timestamp = files.get(TIMESTAMP)!;
    if (!isDue(timestamp, hub.settings.now())) return timestamp; // another process was quicker
    const stated = stateNewest(hub, files, files);
    await tx
      .deleteFrom("library_file")
      .where((row) => row.or([row("name", "=", TIMESTAMP), row("name", "like", "%.snapshot.json")]))
      .execute();
    for (const [name, bytes] of stated)
      await tx
        .insertInto("library_file")
        .values({ name, role: "metadata", bytes: Buffer.from(bytes) })
        .execute();
    return stated.get(TIMESTAMP)!;
  });
}

/**
 * A piece of the newest delivery, without the targets that the agent holds.
 * @param held SHA-256 of each.
 * @throws WireRefusal query-unknown where another edition is the newest
 */
export async function deliveryChunk(
  hub: Hub,
  edition: string,
  offset: number,
  held: readonly Uint8Array[],
): Promise<FetchLibraryReply> {
  if ((await newestEdition(hub)) !== edition)
    throw new WireRefusal("query-unknown", `this hub delivers no edition ${edition} of the library any more`);
  const hashes = new Set(held.map((digest) => Buffer.from(digest).toString("hex")));
  const files = [...(await libraryFiles(hub.store.db))].filter(
    ([name]) => roleOf(name) !== "target" || !hashes.has(/([0-9a-f]{64})\.[^/]+$/.exec(name)?.[1] ?? ""),
  );
  const bytes = encodeDelivery(new Map(files));
  return {
    version: edition,
    chunk: bytes.subarray(offset, offset + CHUNK_BYTES),
    size: bytes.length,
    digest: createHash("sha256").update(bytes).digest(),
  };
}

/** Words on why a publication is not one, for who publishes it. @param advice after them */
export function notPublished(error: LibraryRefusal, advice = ""): HubError {
  return new HubError("library-wrong", `this is not published: ${error.message} (${error.code})${advice}`, {
    cause: error,
  });
}
