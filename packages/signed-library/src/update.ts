/**
 * The client's side of the signed library (The Update Framework 1.0, section 5): takes metadata that was trusted
 * before and the files of a delivery, and gives the metadata and targets that are trusted now. Bytes in, bytes out: no
 * file, no network, and the time is handed in. The checks are `tuf-js`'s own; this file brings it the bytes in the
 * order of the specification, and names what it refuses.
 */
import { createHash } from "node:crypto";
import { Metadata, MetadataKind, type Root, type TargetFile, type Targets } from "@tufjs/models";
import type { SignedBytes } from "@cairn/query-library";
import { BadVersionError, EqualVersionError, ExpiredMetadataError } from "tuf-js/dist/error.js";
import { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { KEY_KIND, KEY_NAME, NAME, type KeyKind } from "./keys.js";
import { LibraryRefusal, type LibraryRefusalCode } from "./refusal.js";

/** Metadata that was verified before, by role: `root`, and the others once there are any. */
export type TrustedFiles = ReadonlyMap<string, Uint8Array>;

/** Files of a delivery by name: `2.root.json`, `timestamp.json`, `5.snapshot.json`, `3.targets.json`, targets by `targetFile`. */
export type DeliveredFiles = ReadonlyMap<string, Uint8Array>;

export interface TrustedLibrary {
  /** Metadata by role, to be handed in as trusted the next time. */
  readonly metadata: TrustedFiles;
  /** Verified targets by path. */
  readonly targets: ReadonlyMap<string, SignedBytes>;
  readonly rootVersion: number;
  readonly version: number; // of the targets role: rises with each publication
  readonly timestampVersion: number; // rises each time the hub signs
  /** The instant (ms) at which the first of root, targets, snapshot and timestamp ends. */
  readonly expires: number;
  /** Names of the people who signed the targets. */
  readonly signers: readonly string[];
}

/** The rules of Cairn beyond the framework's; `framework` leaves them out, for its conformance cases. */
export type Rules = "cairn" | "framework";

/** Size in bytes beyond which a file is not read, as tuf-js bounds them; targets are bounded by their metadata. */
const MAX_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
const MAX_ROOTS = 256;
/** Keys that root and targets must each ask for. */
export const THRESHOLD = 2;

/** The name under which a delivery carries a target: its digest before the last part of its path. */
export function targetFile(path: string, sha256: string): string {
  const at = path.lastIndexOf("/") + 1;
  return `${path.slice(0, at)}${sha256}.${path.slice(at)}`;
}

/**
 * Verifies a delivery against the metadata that was trusted before.
 * @param now milliseconds since 1970.
 * @throws LibraryRefusal
 */
export function updateLibrary(trusted: TrustedFiles, delivered: DeliveredFiles, now: number): TrustedLibrary {
  const update = new Update(trusted, delivered, now, "cairn");
  update.refresh();
  return update.library();
}

/** One update, step by step. `updateLibrary` runs it whole; a conformance client asks for single targets. */
export class Update {
  readonly #store: TrustedMetadataStore;
  readonly #trusted: TrustedFiles;
  readonly #delivered: DeliveredFiles;
  readonly #rules: Rules;
  readonly #metadata = new Map<string, Uint8Array>();

  constructor(trusted: TrustedFiles, delivered: DeliveredFiles, now: number, rules: Rules) {
    this.#trusted = trusted;
    this.#delivered = delivered;
    this.#rules = rules;
    const root = trusted.get("root");
    if (!root) throw new LibraryRefusal("library-incomplete", "there is no root that is trusted");
    this.#store = step("the trusted root", () => new TrustedMetadataStore(Buffer.from(root)));
    // The library takes the machine's time and offers no way to say another.
    Object.assign(this.#store, { referenceTime: new Date(now) });
    this.#metadata.set("root", root);
  }

  /** Metadata that is trusted so far, by role: kept by the caller also where a later step is refused. */
  get metadata(): TrustedFiles {
    return this.#metadata;
  }

  /** Brings root, timestamp, snapshot and targets up to date. @throws LibraryRefusal */
  refresh(): void {
    this.#roots();
    this.#timestamp();
    this.#snapshot();
    this.#role("targets", "root");
    if (this.#rules === "cairn") checkKinds(this.#store.root.signed, this.#top(), "targets");
  }

  /** @throws LibraryRefusal where a file of it is missing or is not what was signed */
  library(): TrustedLibrary {
    const targets = new Map<string, SignedBytes>();
    const top = this.#top();
    for (const info of Object.values(top.signed.targets)) targets.set(info.path, this.target(info));
    for (const role of Object.values(top.signed.delegations?.roles ?? {})) {
      this.#role(role.name, "targets");
      const own = Object.values(this.#store.getRole(role.name)!.signed.targets);
      for (const info of own) {
        if (targets.has(info.path) || !role.isDelegatedPath(info.path)) continue;
        targets.set(info.path, this.target(info));
      }
    }
    const { root, timestamp, snapshot } = this.#store;
    const ends = [root, timestamp!, snapshot!, top].map(({ signed }) => Date.parse(signed.expires));
    return {
      metadata: this.#metadata,
      targets,
      rootVersion: root.signed.version,
      version: top.signed.version,
      timestampVersion: timestamp!.signed.version,
      expires: Math.min(...ends),
      signers: signersOf(root.signed, top).map(({ name }) => name),
    };
  }

  /**
   * Finds a target, first in the targets role and then in the roles that it delegates to, depth first.
   * @returns null where no role names it
   */
  find(path: string): TargetFile | null {
    const toVisit: [role: string, parent: string][] = [["targets", "root"]];
    const visited = new Set<string>();
    for (let next = toVisit.pop(); next && visited.size < 32; next = toVisit.pop()) {
      const [name, parent] = next;
      if (visited.has(name)) continue;
      visited.add(name);
      this.#role(name, parent);
      const { targets, delegations } = this.#store.getRole(name)!.signed;
      if (targets[path]) return targets[path];
      const children: [string, string][] = [];
      for (const { role, terminating } of delegations?.rolesForTarget(path) ?? []) {
        children.unshift([role, name]);
        if (!terminating) continue;
        toVisit.length = 0;
        break;
      }
      toVisit.push(...children);
    }
    return null;
  }

  /** The bytes of a target, verified by length and digests. @throws LibraryRefusal */
  target(info: TargetFile): SignedBytes {
    const named = Object.values(info.hashes).map((hash) => targetFile(info.path, hash));
    const bytes = [...named, info.path].map((name) => this.#delivered.get(name)).find(Boolean);
    if (!bytes)
      throw new LibraryRefusal("library-incomplete", `${info.path} is missing from what was delivered`);
    const digests = Object.entries(info.hashes);
    const isSame =
      bytes.length === info.length && digests.every(([name, hash]) => digest(name, bytes) === hash);
    if (!isSame || digests.length === 0)
      throw new LibraryRefusal("library-mixed", `${info.path} is not the file that was signed`);
    return bytes as SignedBytes;
  }

  #roots(): void {
    if (this.#rules === "cairn") checkRoot(this.#store.root.signed);
    for (let i = 0; i < MAX_ROOTS; i += 1) {
      const name = `${this.#store.root.signed.version + 1}.root.json`;
      const bytes = this.#delivered.get(name);
      if (!bytes) return;
      const root = step(name, () => this.#store.updateRoot(bounded(name, bytes, MAX_BYTES.root)));
      if (this.#rules === "cairn") checkRoot(root.signed);
      this.#metadata.set("root", bytes);
    }
  }

  #timestamp(): void {
    const before = this.#trusted.get("timestamp");
    // What the present root does not sign any more is dropped: the way back from versions that were run up.
    if (before && isStill(() => this.#store.updateTimestamp(Buffer.from(before))))
      this.#keep("timestamp", before);
    const bytes = bounded("timestamp.json", this.#file("timestamp.json"), MAX_BYTES.timestamp);
    const isNewer = step("timestamp.json", () => {
      try {
        this.#store.updateTimestamp(bytes);
        return true;
      } catch (error) {
        if (error instanceof EqualVersionError) return false;
        throw error;
      }
    });
    if (isNewer) this.#keep("timestamp", bytes);
  }

  #snapshot(): void {
    const before = this.#trusted.get("snapshot");
    if (before && isStill(() => this.#store.updateSnapshot(Buffer.from(before), true)))
      return this.#keep("snapshot", before);
    const { version, length = MAX_BYTES.snapshot } = this.#store.timestamp!.signed.snapshotMeta;
    const name = this.#named("snapshot", version);
    const bytes = bounded(name, this.#file(name), length);
    step(name, () => this.#store.updateSnapshot(bytes));
    this.#keep("snapshot", bytes);
  }

  #role(role: string, parent: string): void {
    if (this.#store.getRole(role)) return;
    const before = this.#trusted.get(role);
    if (before && isStill(() => this.#store.updateDelegatedTargets(Buffer.from(before), role, parent)))
      return this.#keep(role, before);
    const meta = this.#store.snapshot!.signed.meta[`${role}.json`];
    if (!meta) throw new LibraryRefusal("library-mixed", `the snapshot names no ${role}.json`);
    const name = this.#named(encodeURIComponent(role), meta.version);
    const bytes = bounded(name, this.#file(name), meta.length ?? MAX_BYTES.targets);
    step(name, () => this.#store.updateDelegatedTargets(bytes, role, parent));
    this.#keep(role, bytes);
  }

  #named(role: string, version: number): string {
    return this.#store.root.signed.consistentSnapshot ? `${version}.${role}.json` : `${role}.json`;
  }

  #file(name: string): Uint8Array {
    const bytes = this.#delivered.get(name);
    if (!bytes) throw new LibraryRefusal("library-incomplete", `${name} is missing from what was delivered`);
    return bytes;
  }

  #keep(role: string, bytes: Uint8Array): void {
    this.#metadata.set(role, bytes);
  }

  #top(): Metadata<Targets> {
    return this.#store.targets!;
  }
}

/**
 * Reads the root that a person says is to be trusted, and checks it by itself.
 * @throws LibraryRefusal
 */
export function readRoot(bytes: Uint8Array): Root {
  const root = step("the root", () => {
    new TrustedMetadataStore(Buffer.from(bytes)); // checks that it is signed by itself
    return Metadata.fromJSON(MetadataKind.Root, JSON.parse(Buffer.from(bytes).toString("utf8"))).signed;
  });
  checkRoot(root);
  return root;
}

/** The fingerprint of a root, which people read aloud to one another: 80 bits in groups of four. */
export function rootFingerprint(bytes: Uint8Array): string {
  const hex = createHash("sha256").update(bytes).digest("hex").slice(0, 20).toUpperCase();
  return (hex.match(/.{4}/g) ?? []).join("-");
}

/** Who a root says may sign, a line for each key: "Dr Ann Example: clinical". @throws LibraryRefusal */
export function signersOfRoot(bytes: Uint8Array): string[] {
  const root = readRoot(bytes);
  return Object.values(root.keys).map(({ keyID, unrecognizedFields = {} }) => {
    const roles = Object.keys(root.roles).filter((role) => root.roles[role]!.keyIDs.includes(keyID));
    return `${printed(unrecognizedFields[KEY_NAME]) ?? keyID.slice(0, 8)}: ${roles.join(", ")}`;
  });
}

/** A name in metadata as it can be printed; null where it is none. */
function printed(name: unknown): string | null {
  return typeof name === "string" && NAME.test(name) ? name : null;
}

/** Refuses a root that one person alone could sign with, or whose targets one person or one kind alone could. */
function checkRoot(root: Root): void {
  for (const role of ["root", "targets"]) {
    const { threshold = 0, keyIDs = [] } = root.roles[role] ?? {};
    const keys = new Set(keyIDs.map((id) => root.keys[id]?.keyVal["public"] ?? ""));
    if (threshold < THRESHOLD || keys.size < THRESHOLD || keys.has("")) {
      const words = `the root lets fewer than ${THRESHOLD} keys sign ${role}`;
      throw new LibraryRefusal("library-unsigned", words);
    }
  }
  const kinds = root.roles["targets"]!.keyIDs.map((id) => kindOf(root, id));
  if (!kinds.includes("clinical") || !kinds.includes("governance"))
    throw new LibraryRefusal(
      "library-unsigned",
      "the root names no clinical or no governance key for targets",
    );
}

function kindOf(root: Root, keyId: string): KeyKind | null {
  const kind = root.keys[keyId]?.unrecognizedFields?.[KEY_KIND];
  return kind === "clinical" || kind === "governance" ? kind : null;
}

interface Signer {
  readonly name: string;
  readonly kind: KeyKind | null;
}

/** The keys of root whose signature on the metadata is good. */
function signersOf(root: Root, signed: Metadata<Targets>): Signer[] {
  return root.roles["targets"]!.keyIDs.flatMap((id) => {
    const key = root.keys[id];
    if (!key || !isStill(() => key.verifySignature(signed))) return [];
    return [{ name: printed(key.unrecognizedFields?.[KEY_NAME]) ?? id.slice(0, 8), kind: kindOf(root, id) }];
  });
}

/** Checks that one clinical and one governance key signed, which the framework's count of keys does not say. */
function checkKinds(root: Root, signed: Metadata<Targets>, role: string): void {
  const kinds = signersOf(root, signed).map(({ kind }) => kind);
  const missing = (["clinical", "governance"] as const).find((kind) => !kinds.includes(kind));
  if (missing)
    throw new LibraryRefusal("library-unsigned", `${role}.json bears no signature of a ${missing} key`);
}

function bounded(name: string, bytes: Uint8Array, limit: number): Buffer {
  if (bytes.length > limit)
    throw new LibraryRefusal(
      "library-malformed",
      `${name} is larger than the ${limit} bytes that it may have`,
    );
  return Buffer.from(bytes);
}

function digest(algorithm: string, bytes: Uint8Array): string | null {
  return algorithm === "sha256" || algorithm === "sha512"
    ? createHash(algorithm).update(bytes).digest("hex")
    : null;
}

function isStill(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}

/** Runs one step of the framework. @throws LibraryRefusal with the name of what it refuses */
function step<T>(file: string, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof LibraryRefusal) throw error;
    const [code, why] = named(error as Error);
    const other = /^(?:Final )?(\w+\.json) is expired$/.exec((error as Error).message)?.[1]; // of an earlier step
    throw new LibraryRefusal(code, `${other ?? file} ${why}`, { cause: error });
  }
}

/** The library's faults by name. The tests hold this table against the library's own errors. */
function named(error: Error): [LibraryRefusalCode, string] {
  const { message } = error;
  if (error instanceof ExpiredMetadataError) return ["library-expired", "has expired"];
  if (error instanceof BadVersionError)
    return /does not match|doesn't match/.test(message)
      ? ["library-mixed", "is not of the version that the publication names"]
      : ["library-rollback", "is older than one that was taken before, or skips one"];
  switch (error.constructor.name) {
    case "UnsignedMetadataError":
      return ["library-unsigned", `lacks signatures (${message})`];
    case "LengthOrHashMismatchError":
      return ["library-mixed", "is not the file that the publication names"];
    case "RepositoryError":
      return /^Missing/.test(message)
        ? ["library-rollback", "leaves out a file that was there before"]
        : ["library-malformed", "cannot be read"];
    default:
      return ["library-malformed", "cannot be read"];
  }
}
