/** Bodies that accept queries for practices, as the library in force has them. */
import { bodyDigest, fingerprint, type Body, type BodyQuorum } from "@cairn/signed-library";
import type { Change, Reader } from "../store/store.js";

export interface KnownBody extends BodyQuorum {
  readonly digest: string; // hex: over its keys and how many must sign
  /** Why nothing that it signed counts now; null where it does. */
  readonly lapsed: string | null;
}

/** A body by its name, with the keys that a rule pinned. */
interface PinnedBody {
  readonly body: string;
  readonly keys: string; // hex
}

interface Row {
  quorum: string;
  digest: Buffer;
  until: number;
  lapsed: string | null;
}

/** The body as the library in force has it; null where it names none of this name. */
export function knownBody(store: Reader, body: string): KnownBody | null {
  const row = store.db.prepare<[string], Row>("SELECT * FROM body WHERE body = ?").get(body);
  if (!row) return null;
  const late = store.now() < row.until ? null : "what it signed last has expired";
  return {
    ...(JSON.parse(row.quorum) as BodyQuorum),
    digest: row.digest.toString("hex"),
    lapsed: row.lapsed ?? late,
  };
}

/** Names of the bodies of the library in force. */
export function bodyNames(store: Reader): string[] {
  return store.db.prepare<[], string>("SELECT body FROM body ORDER BY body").pluck().all();
}

/** The fingerprint of a body's keys, as people read it aloud. */
export function pinnedFingerprint({ keys }: Pick<PinnedBody, "keys">): string {
  return fingerprint(keys);
}

/**
 * Whether the body accepts this very query version, with the keys that were pinned.
 * @param digest SHA-256 of the query
 */
export function bodyAccepts(
  store: Reader,
  { body, keys }: PinnedBody,
  { query, version, digest }: { readonly query: string; readonly version: string; readonly digest: Buffer },
): boolean {
  const known = knownBody(store, body);
  if (known === null || known.lapsed !== null || known.digest !== keys) return false;
  const accepted = store.db
    .prepare<[string, Buffer, string, string], { one: number }>(
      "SELECT 1 AS one FROM body_accepts WHERE body = ? AND digest = ? AND query = ? AND version = ?",
    )
    .get(body, digest, query, version);
  return accepted !== undefined;
}

/** Stores the bodies of the library that is now in force. @returns whether anything of them is new */
export function putBodies(change: Change, bodies: ReadonlyMap<string, Body>): boolean {
  const before = storedText(change);
  change.db.exec("DELETE FROM body_accepts; DELETE FROM body");
  const insert = change.db.prepare(
    "INSERT INTO body (body, quorum, digest, until, lapsed) VALUES (?, ?, ?, ?, ?)",
  );
  const accepts = change.db.prepare(
    "INSERT OR IGNORE INTO body_accepts (body, query, version, digest) VALUES (?, ?, ?, ?)",
  );
  for (const [body, { keys, threshold, until, lapsed, accepts: all }] of bodies) {
    const digest = Buffer.from(bodyDigest({ keys, threshold }), "hex");
    insert.run(body, JSON.stringify({ keys, threshold }), digest, BigInt(until), lapsed?.message ?? null);
    for (const { query, version, digest } of all)
      accepts.run(body, query, version, Buffer.from(digest, "hex"));
  }
  return storedText(change) !== before;
}

function storedText({ db }: Reader): string {
  const rows = (sql: string): unknown[] => db.prepare<[], unknown>(sql).all();
  return JSON.stringify([
    rows("SELECT body, hex(digest), until, lapsed FROM body ORDER BY body"),
    rows("SELECT body, query, version, hex(digest) FROM body_accepts ORDER BY body, digest"),
  ]);
}
