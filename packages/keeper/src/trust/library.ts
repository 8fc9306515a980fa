/**
 * Library versions: verified here, stored, and the newest in force. Only this file calls `verifyBundle`, so another
 * signing scheme changes no other: everything else in the keeper takes a `LibraryInForce`.
 */
import { practiceLog } from "@cairn/ledger";
import {
  isReadable,
  verifyBundle,
  type BundleRefusal,
  type VerifiedLibrary,
  type VerifiedQuery,
} from "@cairn/query-library";
import { WireRefusal, type RefusalCode } from "@cairn/wire";
import { libraryRoot } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";

export interface LibraryInForce {
  readonly version: string;
  readonly digest: Buffer; // SHA-256 of the signed content
  readonly queries: readonly VerifiedQuery[];
  /** @returns the query if it is in this version under this very digest. */
  find(query: string, version: string, digest: Uint8Array): VerifiedQuery | null;
}

interface Row {
  version: string;
  digest: Buffer;
  bundle: Buffer;
  verified_at: number;
}

const REFUSALS: Readonly<Record<BundleRefusal, RefusalCode>> = {
  malformed: "library-malformed",
  "bad-signature": "bad-signature",
  expired: "library-expired",
  rollback: "library-rollback",
  "query-does-not-check": "library-malformed",
};

/**
 * Verifies a bundle as the hub sent it and puts it in force. The same bundle again changes nothing.
 * @param follow called inside the change that puts a new version in force, for its consequences
 * @throws WireRefusal not-enrolled, bad-signature, library-expired, library-rollback, library-malformed
 */
export function putInForce(
  store: KeeperStore,
  bundle: Uint8Array,
  follow: (change: Change) => void,
): LibraryInForce {
  const newest = newestRow(store);
  const library = verified(store, bundle, store.now(), newest ? Number(newest.version) : 0);
  const inForce = asInForce(library);
  if (newest?.version === inForce.version) {
    if (newest.digest.equals(inForce.digest)) return inForce;
    throw refused(
      store,
      "library-rollback",
      `version ${inForce.version} of the library came with another content before`,
    );
  }
  store.change((change) => {
    change.db
      .prepare(
        "INSERT INTO library (version, digest, bundle, verified_at, expires_at) VALUES (?, ?, ?, ?, ?)",
      )
      .run(
        inForce.version,
        inForce.digest,
        Buffer.from(bundle),
        BigInt(change.now()),
        BigInt(Date.parse(library.expires)),
      );
    change.note(practiceLog.libraryVerified, {
      version: inForce.version,
      digest: inForce.digest.toString("hex"),
      expires: library.expires, // so that an officer can see what was in force when
    });
    follow(change);
  });
  return inForce;
}

/**
 * The newest version, verified again from its bytes, since the database is not trusted. Its expiry counted on the day
 * on which it arrived: accepted queries then go on.
 */
function openLibraryInForce(store: KeeperStore): LibraryInForce | null {
  const row = newestRow(store);
  return row ? asInForce(verified(store, row.bundle, row.verified_at, Number(row.version))) : null;
}

/** The version in force, read once and again when another is taken in. */
export function libraryReader(store: KeeperStore): () => LibraryInForce | null {
  let known: LibraryInForce | null = null;
  return () => {
    const version = store.db
      .prepare<[], { version: string }>("SELECT version FROM library ORDER BY position DESC LIMIT 1")
      .get()?.version;
    if (version === undefined) return null;
    if (known?.version !== version) known = openLibraryInForce(store);
    return known;
  };
}

function verified(
  store: KeeperStore,
  bundle: Uint8Array,
  now: number,
  atLeastVersion: number,
): VerifiedLibrary {
  const root = libraryRoot(store);
  if (!root)
    throw new WireRefusal("not-enrolled", "this keeper trusts no library root yet: enrol the agent first");
  const checked = verifyBundle(bundle, root, { now: new Date(now), atLeastVersion });
  if ("library" in checked) return readable(store, checked.library);
  throw refused(store, REFUSALS[checked.refused.code], checked.refused.message);
}

/** The library, where all that people read of it prints. @throws WireRefusal library-malformed */
function readable(store: KeeperStore, library: VerifiedLibrary): VerifiedLibrary {
  const other = [...library.queries.values()].find((query) => !isReadable(query));
  if (!other) return library;
  const words = `${other.query}@${other.version} has controls or marks of direction in its title, its question, a register or its review`;
  throw refused(store, "library-malformed", words);
}

/** Logs the refusal of a library once for each new reason, not once for each time it is offered. */
function refused(store: KeeperStore, code: RefusalCode, words: string): WireRefusal {
  const last = store.db
    .prepare<[string, string], { body: string }>(
      "SELECT body FROM log_entry WHERE kind IN (?, ?) ORDER BY position DESC LIMIT 1",
    )
    .get(practiceLog.libraryRefused.kind, practiceLog.libraryVerified.kind);
  if (!last?.body.includes(`"code":"${code}"`))
    store.change((change) => change.note(practiceLog.libraryRefused, { code }));
  return new WireRefusal(code, words);
}

function asInForce(library: VerifiedLibrary): LibraryInForce {
  return {
    version: String(library.version),
    digest: Buffer.from(library.digest, "hex"),
    queries: [...library.queries.values()],
    find(name, version, digest) {
      const query = library.queries.get(Buffer.from(digest).toString("hex"));
      return query?.query === name && query.version === version ? query : null;
    },
  };
}

function newestRow(store: Reader): Row | null {
  return store.db.prepare<[], Row>("SELECT * FROM library ORDER BY position DESC LIMIT 1").get() ?? null;
}
