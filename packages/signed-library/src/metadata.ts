/** Makes the library's metadata: what a root, a publication and the hub's own statements say before they are signed. */
import { createHash, sign } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import {
  MetaFile,
  Metadata,
  MetadataKind,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from "@tufjs/models";
import type { delegationsTo } from "./delegation.js";
import { metadataKey, type PublicKey, type SigningKey } from "./keys.js";
import { LibraryRefusal } from "./refusal.js";
import { targetFile } from "./update.js";
import { THRESHOLD } from "./root.js";

const SPEC_VERSION = "1.0.31";
const DAY_MS = 86_400_000;
/** Days for which each kind of metadata holds from the day on which it is made. */
export const DAYS = { root: 365, targets: 180, snapshot: 14, timestamp: 7 } as const;

/** Keys that may sign each role. */
export interface SignerKeys {
  readonly root: readonly PublicKey[];
  readonly targets: readonly PublicKey[];
  readonly online: PublicKey;
}

/** Makes an unsigned root: two keys of `root` and of `targets` are needed to sign, one of the hub's for the rest. */
export function makeRoot(
  version: number,
  { root, targets, online }: SignerKeys,
  now: number,
): Metadata<Root> {
  const made = new Root({
    version,
    specVersion: SPEC_VERSION,
    expires: inDays(now, DAYS.root),
    consistentSnapshot: true,
  });
  const roles = { root, targets, snapshot: [online], timestamp: [online] };
  for (const [role, keys] of Object.entries(roles))
    for (const key of keys) made.addKey(metadataKey(key), role);
  for (const role of ["root", "targets"] as const) Object.assign(made.roles[role]!, { threshold: THRESHOLD });
  return new Metadata(made);
}

/**
 * Makes an unsigned publication of targets.
 * @param targets path to bytes
 * @param delegations roles of bodies, whose own targets it lets count.
 */
export function makeTargets(
  version: number,
  targets: ReadonlyMap<string, Uint8Array>,
  now: number,
  delegations?: ReturnType<typeof delegationsTo>,
): Metadata<Targets> {
  const made = new Targets({ version, specVersion: SPEC_VERSION, expires: inDays(now, DAYS.targets) });
  for (const [path, bytes] of targets) {
    const hashes = { sha256: sha256(bytes) };
    made.addTarget(new TargetFile({ path, length: bytes.length, hashes, unrecognizedFields: {} }));
  }
  return new Metadata(delegations ? Targets.fromJSON({ ...made.toJSON(), delegations }) : made);
}

/**
 * Signs what the hub says of a publication: which files belong together, and that they are the newest.
 * @param targets bytes of the signed targets, and of roles that it delegates to, by role.
 * @returns `N.snapshot.json` and `timestamp.json`.
 */
export function signOnline(
  versions: { readonly snapshot: number; readonly timestamp: number },
  targets: ReadonlyMap<string, Uint8Array>,
  online: SigningKey,
  now: number,
): Map<string, Uint8Array> {
  const meta = Object.fromEntries(
    [...targets].map(([role, bytes]) => [`${role}.json`, metaFile(versionOf(bytes), bytes)]),
  );
  const snapshot = new Metadata(
    new Snapshot({
      version: versions.snapshot,
      specVersion: SPEC_VERSION,
      expires: inDays(now, DAYS.snapshot),
      meta,
    }),
  );
  signMetadata(snapshot, online);
  const snapshotBytes = metadataBytes(snapshot);
  const timestamp = new Metadata(
    new Timestamp({
      version: versions.timestamp,
      specVersion: SPEC_VERSION,
      expires: inDays(now, DAYS.timestamp),
      snapshotMeta: metaFile(versions.snapshot, snapshotBytes),
    }),
  );
  signMetadata(timestamp, online);
  return new Map([
    [`${versions.snapshot}.snapshot.json`, snapshotBytes],
    ["timestamp.json", metadataBytes(timestamp)],
  ]);
}

/** Adds a signature to metadata. */
export function signMetadata(
  metadata: Metadata<Root> | Metadata<Targets> | Metadata<Snapshot> | Metadata<Timestamp>,
  { publicKey, privateKey }: SigningKey,
): void {
  const { keyID } = metadataKey(publicKey);
  metadata.sign((bytes) => new Signature({ keyID, sig: sign(null, bytes, privateKey).toString("hex") }));
}

/** Metadata as the bytes of its file. */
export function metadataBytes(metadata: { toJSON(): object }): Uint8Array {
  return Buffer.from(`${JSON.stringify(metadata.toJSON(), null, 1)}\n`);
}

/** Reads a root without checking who signed it. @throws LibraryRefusal library-malformed */
export function parseRoot(bytes: Uint8Array): Metadata<Root> {
  return parse("the root", () => Metadata.fromJSON(MetadataKind.Root, json(bytes)));
}

/** Reads targets without checking who signed them. @throws LibraryRefusal library-malformed */
export function parseTargets(bytes: Uint8Array): Metadata<Targets> {
  return parse("targets.json", () => Metadata.fromJSON(MetadataKind.Targets, json(bytes)));
}

/** The version that metadata says it is. @throws LibraryRefusal library-malformed */
export function versionOf(bytes: Uint8Array): number {
  return parse("a metadata file", () => {
    const { signed } = json(bytes) as { signed: { version: unknown } };
    if (!Number.isSafeInteger(signed.version)) throw new TypeError("no version");
    return signed.version as number;
  });
}

/** Whether two signed targets name the same files with the same digests, whatever else they say. @throws LibraryRefusal library-malformed */
export function isOfSameTargets(a: Uint8Array, b: Uint8Array): boolean {
  return isDeepStrictEqual(parseTargets(a).signed.targets, parseTargets(b).signed.targets);
}

/** The version of each role of targets that a snapshot names, by role. @throws LibraryRefusal library-malformed */
export function versionsIn(snapshot: Uint8Array): Map<string, number> {
  const { meta } = parse("the snapshot", () =>
    Metadata.fromJSON(MetadataKind.Snapshot, json(snapshot)),
  ).signed;
  return new Map(Object.entries(meta).map(([name, { version }]) => [name.replace(/\.json$/, ""), version]));
}

/** Names under which a delivery carries targets, by path. */
export function targetFiles(targets: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...targets].map(([path, bytes]) => [targetFile(path, sha256(bytes)), bytes]));
}

function metaFile(version: number, bytes: Uint8Array): MetaFile {
  return new MetaFile({ version, length: bytes.length, hashes: { sha256: sha256(bytes) } });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** An instant without fractions of a second, as the specification writes it. */
function inDays(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString().replace(/\.\d+Z$/, "Z");
}

function json(bytes: Uint8Array): never {
  return JSON.parse(Buffer.from(bytes).toString("utf8")) as never;
}

function parse<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new LibraryRefusal("library-malformed", `${what} cannot be read: fetch it again`, { cause });
  }
}
