/**
 * The signed library: deliveries verified here, stored, and the newest in force. Only this file calls the verification,
 * so another signing scheme changes no other: everything else in the keeper takes a `LibraryInForce`.
 */
import { createHash } from "node:crypto";
import { CharterError, publishedCharters, type PublishedCharter } from "@cairn/charters";
import { practiceLog } from "@cairn/ledger";
import {
  ContentError,
  isReadable,
  openContent,
  verifiedLibrary,
  type VerifiedQuery,
} from "@cairn/query-library";
import {
  decodeDelivery,
  deliveryOf,
  encodeDelivery,
  isOfSameTargets,
  LibraryRefusal,
  runOver,
  Update,
  updateLibrary,
  type Body,
  type DeliveredFiles,
  type TrustedFiles,
  type TrustedLibrary,
} from "@cairn/signed-library";
import { WireRefusal, type RefusalCode } from "@cairn/wire";
import { setSetting, setting } from "../store/settings.js";
import type { Change, KeeperStore, Reader } from "../store/store.js";
import { putBodies } from "./bodies.js";
import { trustedFiles, trustFiles } from "./root.js";

export interface LibraryInForce {
  readonly version: string;
  /** Of the delivery: a version, and the hub's statement that it is the newest. */
  readonly edition: string;
  readonly digest: Buffer; // SHA-256 of the content
  readonly queries: readonly VerifiedQuery[];
  /** Who accepts queries for practices that leave it to them, by name. */
  readonly bodies: ReadonlyMap<string, Body>;
  /** By group. */
  readonly charters: ReadonlyMap<string, PublishedCharter>;
  /** SHA-256 of each target that is held, which need not be delivered again. */
  readonly held: readonly Buffer[];
  /** @returns the query if it is in this version under this very digest. */
  find(query: string, version: string, digest: Uint8Array): VerifiedQuery | null;
}

interface Row {
  position: number;
  version: string;
  digest: Buffer;
  bundle: Buffer;
  verified_at: number;
}

/** The target that holds the queries. */
const CONTENT = "library.json";
/** The name in a stored delivery of the root under which it was verified. */
const ROOT = "root.json";
/** The target that says who has to countersign the hub's log. */
const WITNESS_POLICY = "witness-policy";

/**
 * Verifies a delivery as the hub sent it and puts it in force. The same again changes nothing; one that is refused
 * changes only which metadata a later delivery is checked against.
 * @param follow called inside the change that puts a new version in force, or what a body accepts, for its consequences
 * @throws WireRefusal not-enrolled, library-unsigned, -rollback, -mixed, -expired, -incomplete, -malformed
 */
export function putInForce(
  store: KeeperStore,
  delivery: Uint8Array,
  follow: (change: Change) => void,
): LibraryInForce {
  // In one change, so that a person who trusts another root meanwhile comes before or after, and never between.
  const taken = store.change((change) => take(change, delivery, follow));
  if (taken instanceof WireRefusal) throw taken;
  return taken;
}

function take(
  change: Change,
  delivery: Uint8Array,
  follow: (change: Change) => void,
): LibraryInForce | WireRefusal {
  const newest = newestRow(change);
  const update = begun(change, trustedFiles(change));
  try {
    const files = new Map([...heldTargets(newest), ...decodeDelivery(delivery)]);
    const library = runOver(files, update.library());
    const inForce = verified(library);
    const isSame = newest?.version === inForce.version;
    if (newest) checkNewer(newest, inForce.version, library.metadata.get("targets")!);
    if (isSame && openLibraryInForce(newest).edition === inForce.edition) return inForce;
    trustFiles(change, library.metadata);
    putRow(change, isSame ? newest : null, library, inForce);
    const areNew = putBodies(change, inForce.bodies); // a body signs what it accepts beside the same library
    if (!isSame || areNew) follow(change);
    return inForce;
  } catch (error) {
    if (!isNoLibrary(error)) throw error;
    const code = error instanceof LibraryRefusal ? error.code : "library-malformed";
    return refused(change, code, error.message, update.metadata);
  }
}

/** Checks what two signers could do by mistake: an older version, or other targets under the same. @throws LibraryRefusal */
function checkNewer(newest: Row, version: string, targets: Uint8Array): void {
  if (Number(version) < Number(newest.version))
    throw new LibraryRefusal(
      "library-rollback",
      `version ${version} of the library is older than version ${newest.version}, which was taken before`,
    );
  const before = decodeDelivery(newest.bundle).get(`${newest.version}.targets.json`);
  if (version === newest.version && before && !isOfSameTargets(before, targets))
    throw new LibraryRefusal(
      "library-rollback",
      `version ${version} of the library came with another content before`,
    );
}

/** Stores a delivery, in the place of `same` where only the hub's statement is new. */
function putRow(
  change: Change,
  same: Row | null,
  library: TrustedLibrary,
  { version, digest, charters }: LibraryInForce,
): void {
  const kept = new Map([...deliveryOf(library), [ROOT, library.metadata.get("root")!] as const]);
  const row = [Buffer.from(encodeDelivery(kept)), BigInt(change.now()), BigInt(library.expires)] as const;
  setSetting(change, "witness-policy", textOf(library.targets.get(WITNESS_POLICY)));
  const ends = new Date(library.expires).toISOString(); // so that an officer can see what was in force when
  if (same) {
    change.db
      .prepare("UPDATE library SET bundle = ?, verified_at = ?, expires_at = ? WHERE position = ?")
      .run(...row, BigInt(same.position));
    change.note(practiceLog.libraryRenewed, { version, digest: digest.toString("hex"), expires: ends });
    return;
  }
  change.db
    .prepare("INSERT INTO library (version, digest, bundle, verified_at, expires_at) VALUES (?, ?, ?, ?, ?)")
    .run(version, digest, ...row);
  putCharters(change, charters);
  change.note(practiceLog.libraryVerified, {
    version,
    digest: digest.toString("hex"),
    expires: ends,
    signers: library.signers.join(", "),
  });
}

/** Stores the charters of the library that is now in force, in the place of those before. */
function putCharters(change: Change, charters: ReadonlyMap<string, PublishedCharter>): void {
  change.db.prepare("DELETE FROM charter").run();
  const insert = change.db.prepare("INSERT INTO charter (grp, digest, bytes) VALUES (?, ?, ?)");
  for (const [group, { digest, bytes }] of charters) insert.run(group, Buffer.from(digest, "hex"), bytes);
}

/**
 * Verifies the library in force again from its stored bytes, as on the day on which it was taken.
 * @throws WireRefusal library-malformed where the database was altered since
 */
function openLibraryInForce(row: Row): LibraryInForce {
  try {
    const files = decodeDelivery(row.bundle);
    return verified(
      updateLibrary(new Map([["root", files.get(ROOT) ?? Buffer.alloc(0)]]), files, Number(row.verified_at)),
    );
  } catch (error) {
    if (!isNoLibrary(error)) throw error;
    throw new WireRefusal(
      "library-malformed",
      `the library stored in keeper.db is not the one that was verified on ${new Date(Number(row.verified_at)).toISOString().slice(0, 10)}, so nothing is answered from it: ${error.message}. Restore the agent's last backup with cairn agent restore`,
    );
  }
}

/** Whether bytes were found to be no signed library, which is no fault of this program. */
function isNoLibrary(error: unknown): error is LibraryRefusal | ContentError | CharterError {
  return error instanceof LibraryRefusal || error instanceof ContentError || error instanceof CharterError;
}

/** The version in force, read once and again when another is taken in. */
export function libraryReader(store: KeeperStore): () => LibraryInForce | null {
  let known: { readonly at: string; readonly library: LibraryInForce } | null = null;
  return () => {
    const newest = store.db
      .prepare<[], { at: string }>(
        "SELECT version || ' ' || verified_at AS at FROM library ORDER BY position DESC LIMIT 1",
      )
      .get();
    if (!newest) return null;
    if (known?.at !== newest.at) known = { at: newest.at, library: openLibraryInForce(newestRow(store)!) };
    return known.library;
  };
}

function begun(store: Reader, trusted: TrustedFiles): Update {
  if (trusted.size === 0)
    throw new WireRefusal("not-enrolled", "this keeper trusts no library root yet: enrol the agent first");
  return new Update(trusted, store.now(), "cairn");
}

/** @throws LibraryRefusal, ContentError, CharterError */
function verified(trusted: TrustedLibrary): LibraryInForce {
  const content = trusted.targets.get(CONTENT);
  if (!content) throw new LibraryRefusal("library-incomplete", `the publication names no ${CONTENT}`);
  const library = verifiedLibrary(content);
  const queries = [...library.queries.values()];
  const other = queries.find((query) => !isReadable(query));
  if (other) {
    const words = `${other.query}@${other.version} has controls or marks of direction in its title, its question, a register or its review`;
    throw new LibraryRefusal("library-malformed", words);
  }
  return {
    version: String(trusted.version),
    edition: `${trusted.version}.${trusted.timestampVersion}`,
    digest: Buffer.from(library.digest, "hex"),
    queries,
    bodies: trusted.bodies,
    charters: publishedCharters(trusted.targets),
    held: [...trusted.targets.values()].map((bytes) => createHash("sha256").update(bytes).digest()),
    find(name, version, digest) {
      const query = library.queries.get(Buffer.from(digest).toString("hex"));
      return query?.query === name && query.version === version ? query : null;
    },
  };
}

/** Stores the metadata that was verified before the refusal, and logs it once for each new reason, not at each offer. */
function refused(change: Change, code: RefusalCode, words: string, metadata: TrustedFiles): WireRefusal {
  const last = change.db
    .prepare<[string, string, string], { body: string }>(
      "SELECT body FROM log_entry WHERE kind IN (?, ?, ?) ORDER BY position DESC LIMIT 1",
    )
    .get(practiceLog.libraryRefused.kind, practiceLog.libraryVerified.kind, practiceLog.libraryRenewed.kind);
  const isNew = !last?.body.includes(`"code":"${code}"`);
  trustFiles(change, metadata);
  if (isNew) change.note(practiceLog.libraryRefused, { code });
  return new WireRefusal(code, words);
}

/** The targets of the library in force by the names that a delivery gives them. */
function heldTargets(newest: Row | null): DeliveredFiles {
  if (!newest) return new Map();
  return new Map([...decodeDelivery(newest.bundle)].filter(([name]) => isTarget(name)));
}

/** The witness policy of the library in force; "" where it has none. */
export function witnessPolicyText(store: Reader): string {
  const kept = setting(store, "witness-policy");
  if (kept !== null) return kept;
  const [, bytes] =
    [...heldTargets(newestRow(store))].find(([name]) => name.endsWith(`.${WITNESS_POLICY}`)) ?? [];
  return textOf(bytes); // of a delivery that an earlier version took
}

/** The content of as few libraries that were in force here as hold every query version that they held, the newest first. */
export function libraryContents(store: Reader): Uint8Array[] {
  const held = new Set<string>();
  const contents: Uint8Array[] = [];
  for (const { bundle, digest } of store.db
    .prepare<[], Row>("SELECT * FROM library ORDER BY position DESC")
    .iterate()) {
    const content = contentIn(bundle);
    if (!content || !createHash("sha256").update(content).digest().equals(digest)) continue; // altered since
    const queries = [...openContent(content).queries.keys()];
    if (queries.every((query) => held.has(query))) continue;
    for (const query of queries) held.add(query);
    contents.push(content);
  }
  return contents;
}

/** The queries' target in a stored delivery; undefined where it is of a version before libraries were signed by people. */
function contentIn(bundle: Buffer): Uint8Array | undefined {
  try {
    return [...decodeDelivery(bundle)].find(([name]) => name.endsWith(`.${CONTENT}`))?.[1];
  } catch (error) {
    if (isNoLibrary(error)) return undefined;
    throw error;
  }
}

function textOf(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("utf8");
}

/** Whether a delivery's file is a target, whose name begins with its digest. */
function isTarget(name: string): boolean {
  return /(^|\/)[0-9a-f]{64}\.[^/]+$/.test(name);
}

function newestRow(store: Reader): Row | null {
  return store.db.prepare<[], Row>("SELECT * FROM library ORDER BY position DESC LIMIT 1").get() ?? null;
}
