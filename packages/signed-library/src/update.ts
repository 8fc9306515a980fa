/**
 * The client's side of the signed library (The Update Framework 1.0, section 5): takes metadata that was trusted
 * before and the files of a delivery, and gives the metadata and targets that are trusted now. Bytes in, bytes out: no
 * file, no network, and the time is handed in. The checks are `tuf-js`'s own; this file brings it the bytes in the
 * order of the specification, and names what it refuses.
 */
import { createHash } from "node:crypto";
import type { Metadata, TargetFile, Targets } from "@tufjs/models";
import type { SignedBytes } from "@cairn/query-library";
import { EqualVersionError } from "tuf-js/dist/error.js";
import { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { readAcceptances } from "./acceptances.js";
import { acceptancesPath, bodyOf, bodyRole, checkBody, type Body, type BodyQuorum } from "./delegation.js";
import { LibraryRefusal } from "./refusal.js";
import { checkKinds, checkRoot, signersOf } from "./root.js";
import { isStill, step } from "./step.js";

/** Metadata that was verified before, by role: `root`, and the others once there are any. */
export type TrustedFiles = ReadonlyMap<string, Uint8Array>;

/** Files of a delivery by name: `2.root.json`, `timestamp.json`, `5.snapshot.json`, `3.targets.json`, targets by `targetFile`. */
export type DeliveredFiles = ReadonlyMap<string, Uint8Array>;

export interface TrustedLibrary {
  /** Metadata by role, to be handed in as trusted the next time. */
  readonly metadata: TrustedFiles;
  /** Verified targets by path. */
  readonly targets: ReadonlyMap<string, SignedBytes>;
  /** The bodies to which the targets delegate, by name. */
  readonly bodies: ReadonlyMap<string, Body>;
  readonly rootVersion: number;
  readonly version: number; // of the targets role: rises with each publication
  readonly timestampVersion: number; // rises each time the hub signs
  /** The instant (ms) at which the first of root, targets, snapshot and timestamp ends. */
  readonly expires: number;
  /** Names of the people who signed the targets. */
  readonly signers: readonly string[];
}

/** The rules of Cairn beyond the framework's; `framework` leaves them out, for its conformance cases. */
type Rules = "cairn" | "framework";

/** Size in bytes beyond which a file is not read, as tuf-js bounds them; targets are bounded by their metadata. */
const MAX_BYTES = { root: 512_000, timestamp: 16_384, snapshot: 2_000_000, targets: 5_000_000 };
const MAX_ROOTS = 256;

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
  return runOver(delivered, new Update(trusted, now, "cairn").library());
}

/** Runs steps over the files of a delivery. @throws LibraryRefusal */
export function runOver<T>(delivered: DeliveredFiles, steps: UpdateRun<T>): T {
  let asked = steps.next();
  while (!asked.done) asked = steps.next(delivered.get(asked.value));
  return asked.value;
}

/** A run of steps that yields the name of each file it needs, takes its bytes or undefined where there is none, and returns T. */
export type UpdateRun<T> = Generator<string, T, Uint8Array | undefined>;

/**
 * One update, step by step. `updateLibrary` runs it whole over a delivery; a conformance client fetches each file when
 * it is asked for.
 */
export class Update {
  readonly #store: TrustedMetadataStore;
  readonly #trusted: TrustedFiles;
  readonly #rules: Rules;
  readonly #metadata = new Map<string, Uint8Array>();
  /** By role of targets: the role for whose delegation it was verified last. */
  readonly #parents = new Map<string, string>();

  constructor(trusted: TrustedFiles, now: number, rules: Rules) {
    this.#trusted = trusted;
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
  *refresh(): UpdateRun<void> {
    yield* this.#roots();
    yield* this.#timestamp();
    yield* this.#snapshot();
    yield* this.#role("targets", "root");
    if (this.#rules === "cairn") checkKinds(this.#store.root.signed, this.#top(), "targets");
  }

  /** Brings all of it up to date, with its targets. @throws LibraryRefusal */
  *library(): UpdateRun<TrustedLibrary> {
    yield* this.refresh();
    const targets = new Map<string, SignedBytes>();
    const top = this.#top();
    for (const info of Object.values(top.signed.targets)) targets.set(info.path, yield* this.target(info));
    const { roles = {}, keys = {} } = top.signed.delegations ?? {};
    const bodies = new Map<string, Body>();
    for (const role of Object.values(roles)) {
      const [body, quorum] = bodyOf(role, keys) ?? [];
      if (body && quorum) bodies.set(body, yield* this.#body(body, quorum, targets));
    }
    const { root, timestamp, snapshot } = this.#store;
    const ends = [root, timestamp!, snapshot!, top].map(({ signed }) => Date.parse(signed.expires));
    return {
      metadata: this.#metadata,
      targets,
      bodies,
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
  *find(path: string): UpdateRun<TargetFile | null> {
    const toVisit: [role: string, parent: string][] = [["targets", "root"]];
    const visited = new Set<string>();
    for (let next = toVisit.pop(); next && visited.size < 32; next = toVisit.pop()) {
      const [name, parent] = next;
      if (visited.has(name)) continue;
      visited.add(name);
      yield* this.#role(name, parent);
      const { targets, delegations } = this.#store.getRole(name)!.signed;
      if (Object.hasOwn(targets, path)) return targets[path]!;
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
  *target(info: TargetFile): UpdateRun<SignedBytes> {
    const { consistentSnapshot } = this.#store.root.signed;
    const named = consistentSnapshot
      ? Object.values(info.hashes).map((hash) => targetFile(info.path, hash))
      : [];
    let bytes: Uint8Array | undefined;
    for (const name of [...named, info.path]) bytes ??= yield name;
    if (!bytes)
      throw new LibraryRefusal("library-incomplete", `${info.path} is missing from what was delivered`);
    const digests = Object.entries(info.hashes);
    const isSame =
      bytes.length === info.length && digests.every(([name, hash]) => digest(name, bytes) === hash);
    if (!isSame || digests.length === 0)
      throw new LibraryRefusal("library-mixed", `${info.path} is not the file that was signed`);
    return bytes as SignedBytes;
  }

  /** What a body accepts, out of its own role alone: no other may name that file. */
  *#body(body: string, quorum: BodyQuorum, targets: Map<string, SignedBytes>): UpdateRun<Body> {
    const path = acceptancesPath(body);
    try {
      checkBody(body, quorum);
      if (targets.has(path))
        throw new LibraryRefusal(
          "library-mixed",
          `${path} is named by the library, and not by ${body} alone`,
        );
      yield* this.#role(bodyRole(body), "targets");
      const { targets: own, expires } = this.#store.getRole(bodyRole(body))!.signed;
      const signed = { ...quorum, until: Date.parse(expires), lapsed: null };
      const info = own[path];
      if (!info) return { ...signed, accepts: [] };
      const bytes = yield* this.target(info);
      const accepts = readAcceptances(bytes);
      targets.set(path, bytes);
      return { ...signed, accepts };
    } catch (error) {
      // A body that is late does not stop the library: what it signed does not count.
      if (!(error instanceof LibraryRefusal)) throw error;
      return { ...quorum, accepts: [], until: 0, lapsed: error };
    }
  }

  *#roots(): UpdateRun<void> {
    if (this.#rules === "cairn") checkRoot(this.#store.root.signed);
    for (let i = 0; i < MAX_ROOTS; i += 1) {
      const name = `${this.#store.root.signed.version + 1}.root.json`;
      const bytes = yield name;
      if (!bytes) return;
      const root = step(name, () => this.#store.updateRoot(bounded(name, bytes, MAX_BYTES.root)));
      if (this.#rules === "cairn") checkRoot(root.signed);
      this.#metadata.set("root", bytes);
    }
  }

  *#timestamp(): UpdateRun<void> {
    const before = this.#trusted.get("timestamp");
    // What the present root does not sign any more is dropped: the way back from versions that were run up.
    if (before && isStill(() => this.#store.updateTimestamp(Buffer.from(before))))
      this.#keep("timestamp", before);
    const bytes = bounded("timestamp.json", yield* this.#file("timestamp.json"), MAX_BYTES.timestamp);
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

  *#snapshot(): UpdateRun<void> {
    const before = this.#trusted.get("snapshot");
    if (before && isStill(() => this.#store.updateSnapshot(Buffer.from(before), true)))
      return this.#keep("snapshot", before);
    const { version, length = MAX_BYTES.snapshot } = this.#store.timestamp!.signed.snapshotMeta;
    const name = this.#named("snapshot", version);
    const bytes = bounded(name, yield* this.#file(name), length);
    step(name, () => this.#store.updateSnapshot(bytes));
    this.#keep("snapshot", bytes);
  }

  *#role(role: string, parent: string): UpdateRun<void> {
    if (this.#parents.get(role) === parent) return;
    // Another role that delegates to it may ask for other keys.
    const before = this.#metadata.get(role) ?? this.#trusted.get(role);
    if (before && isStill(() => this.#store.updateDelegatedTargets(Buffer.from(before), role, parent))) {
      this.#parents.set(role, parent);
      return this.#keep(role, before);
    }
    const meta = this.#store.snapshot!.signed.meta[`${role}.json`];
    if (!meta) throw new LibraryRefusal("library-mixed", `the snapshot names no ${role}.json`);
    const name = this.#named(encodeURIComponent(role), meta.version);
    const bytes = bounded(name, yield* this.#file(name), meta.length ?? MAX_BYTES.targets);
    step(name, () => this.#store.updateDelegatedTargets(bytes, role, parent));
    this.#parents.set(role, parent);
    this.#keep(role, bytes);
  }

  #named(role: string, version: number): string {
    return this.#store.root.signed.consistentSnapshot ? `${version}.${role}.json` : `${role}.json`;
  }

  *#file(name: string): UpdateRun<Uint8Array> {
    const bytes = yield name;
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
