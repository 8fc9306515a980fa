/**
 * The documents of closed collections: each made, signed and named in the hub's log in one change. A newer revision takes
 * the place of an older one, whose bytes are not kept: what was taken down is not handed out again.
 */
import { placeOf } from "@cairn/audit-log";
import {
  type CollectedAnswers,
  type ComparisonModel,
  documentBytes,
  documentDigest,
  documentOf,
  readDocument,
} from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import { signComparison } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { orSetAside } from "../set-aside.js";
import type { Change } from "../store/store.js";
import type { CollectionRow, DocumentRow } from "../store/tables.js";
import { factsBeside } from "./beside.js";
import { collected } from "./collected.js";

/** Most documents made in one round, so that polls and pages are answered between. */
const MOST_IN_A_ROUND = 50;

/**
 * Makes the documents that are due: of collections that an older hub closed, and of those whose contents may have changed.
 * @returns the number looked at
 */
export async function makeDueDocuments(hub: Hub): Promise<number> {
  const due = await hub.store.db
    .selectFrom("collection")
    .selectAll()
    .where("document_due", "=", 1)
    .where((is) => is.or([is("retry_at", "is", null), is("retry_at", "<=", hub.settings.now())]))
    .orderBy("reference_date")
    .orderBy("id")
    .limit(MOST_IN_A_ROUND)
    .execute();
  for (const collection of due)
    await orSetAside(hub, "collection", collection, () =>
      hub.store.change((change) => makeDocument(hub, change, collection.id)),
    );
  return due.length;
}

/**
 * Makes the document of a closed collection, where it tells something else than the one that is there.
 * @param read what was collected, where the caller has read it in this change
 */
export async function makeDocument(
  hub: Hub,
  change: Change,
  id: number,
  read?: CollectedAnswers,
): Promise<void> {
  const { tx } = change;
  const collection = await tx
    .selectFrom("collection")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const members = await tx
    .selectFrom("group_member")
    .select("practice")
    .where("group_name", "=", collection.group_name)
    .execute();
  change.concerns(members.map(({ practice }) => practice));
  const current = await currentDocument(change, id);
  const found = read ?? (await collected(hub, collection, tx));
  const beside = await factsBeside(tx, collection);
  const before = current && { revision: current.revision, digest: current.digest.toString("hex") };
  const next = documentBytes(documentOf(found, before, beside));
  if (!current?.bytes || !tellsTheSame(current.bytes, next))
    await keep(hub, change, collection, next, current);
  else if (isOfEarlierLog(hub, current)) await nameAnew(change, collection, current);
  await tx.updateTable("collection").set({ document_due: 0 }).where("id", "=", id).execute();
}

/**
 * The documents of collections of which something is shown and nothing may have changed since. They are read as they were
 * kept: whoever takes one from here checks it, and this hub wrote them.
 */
export async function standingDocuments(
  { store }: Hub,
  collections: readonly CollectionRow[],
): Promise<Map<number, ComparisonModel>> {
  const standing = collections.filter((row) => row.document_due === 0 && row.shown === 1).map(({ id }) => id);
  if (standing.length === 0) return new Map();
  const rows = await store.db
    .selectFrom("comparison_document")
    .select(["collection", "bytes"])
    .where("collection", "in", standing)
    .where("bytes", "is not", null)
    .execute();
  return new Map(
    rows.map(({ collection, bytes }) => [
      collection,
      JSON.parse((bytes as Buffer).toString("utf8")) as ComparisonModel,
    ]),
  );
}

/** The newest revision; without bytes where it is of an older version. */
async function currentDocument({ tx }: Change, collection: number): Promise<DocumentRow | null> {
  const row = await tx
    .selectFrom("comparison_document")
    .selectAll()
    .where("collection", "=", collection)
    .orderBy("revision", "desc")
    .executeTakeFirst();
  return row ?? null;
}

/** Whether two documents differ in their revisions alone. */
function tellsTheSame(one: Buffer, other: Buffer): boolean {
  const plain = (bytes: Buffer): string =>
    JSON.stringify({ ...readDocument(bytes), revision: 0, replaces: null });
  return plain(one) === plain(other);
}

async function keep(
  hub: Hub,
  change: Change,
  collection: CollectionRow,
  bytes: Buffer,
  replaced: DocumentRow | null,
): Promise<void> {
  const { tx } = change;
  const digest = Buffer.from(documentDigest(bytes), "hex");
  const revision = (replaced?.revision ?? 0) + 1;
  const made = { revision, digest, replaces: replaced?.digest ?? null };
  await tx
    .updateTable("comparison_document")
    .set({ bytes: null })
    .where("collection", "=", collection.id)
    .execute();
  await tx
    .insertInto("comparison_document")
    .values({
      collection: collection.id,
      revision,
      group_name: collection.group_name,
      digest,
      bytes,
      signature: signComparison(bytes, hub.files.logKey),
      hub_log_index: name(change, collection, made),
    })
    .execute();
}

/** Whether it is named in a log that a newer one has followed since: in that one nothing proves it. */
function isOfEarlierLog({ store }: Hub, { hub_log_index }: DocumentRow): boolean {
  return placeOf(hub_log_index).number < store.log.number;
}

async function nameAnew(change: Change, collection: CollectionRow, current: DocumentRow): Promise<void> {
  const before = await change.tx
    .selectFrom("comparison_document")
    .select("digest")
    .where("collection", "=", collection.id)
    .where("revision", "=", current.revision - 1)
    .executeTakeFirst();
  const index = name(change, collection, { ...current, replaces: before?.digest ?? null });
  await change.tx
    .updateTable("comparison_document")
    .set({ hub_log_index: index })
    .where("collection", "=", collection.id)
    .where("revision", "=", current.revision)
    .execute();
}

/** Names a document in the hub's log. @returns the entry's place */
function name(
  { note }: Change,
  { id, group_name, query, query_version, reference_date, closed_index }: CollectionRow,
  made: Pick<DocumentRow, "revision" | "digest"> & { readonly replaces: Buffer | null },
): number {
  return note(hubLog.comparisonMade, {
    collection: id,
    group: group_name,
    query,
    version: query_version,
    date: reference_date,
    revision: made.revision,
    digest: made.digest.toString("hex"),
    replaces: made.replaces?.toString("hex") ?? null,
    closed: closed_index,
  }).index;
}
