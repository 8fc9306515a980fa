import { createHash } from "node:crypto";

/** What an entry tells, flat: the log is read by people and tools that know nothing of our types. */
export type EntryBody = Readonly<Record<string, string | number | boolean | null>>;

export interface Entry {
  readonly position: number;
  readonly time: string; // ISO 8601, UTC
  readonly kind: string;
  readonly body: EntryBody;
  readonly salt: string; // hex
}

/**
 * The bytes that enter the tree: time, kind and a salted commitment to the body. Whoever holds the tree
 * alone learns that something happened, never what.
 */
export function leafOf(entry: Entry): Buffer {
  const commitment = createHash("sha256")
    .update(Buffer.from(entry.salt, "hex"))
    .update(canonicalBody(entry.body))
    .digest("hex");
  return Buffer.from(JSON.stringify([entry.position, entry.time, entry.kind, commitment]));
}

/** JSON with its keys in order, so that the same facts are the same bytes. */
export function canonicalBody(body: EntryBody): string {
  return JSON.stringify(Object.fromEntries(Object.entries(body).sort(([a], [b]) => (a < b ? -1 : 1))));
}
