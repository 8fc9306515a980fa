/** People who sign a library in tests: three with a root key, one clinical, one for governance, and a hub's key. */
import type { KeyObject } from "node:crypto";
import { makeContent, type LibraryContent } from "@cairn/query-library";
import {
  acceptancesPath,
  acceptancesText,
  bodyRole,
  DAYS,
  delegationsTo,
  encodeDelivery,
  makeRoot,
  makeTargets,
  metadataBytes,
  newKey,
  signingKey,
  signMetadata,
  signOnline,
  targetFiles,
  type Acceptance,
  type SignerKeys,
  type SigningKey,
} from "@cairn/signed-library";

const DAY_MS = 86_400_000;

/** A body to which a publication delegates. */
export interface SigningBody {
  readonly keys: readonly SigningKey[];
  readonly accepts: readonly Acceptance[];
  /** Who signs, in place of all its keys. */
  readonly by?: readonly SigningKey[];
  /** Version of what it signs; that of the hub's statement where absent. */
  readonly version?: number;
  readonly expires?: number;
}

/** A publication; anything left out is as it should be. */
export interface Publication {
  readonly version?: number;
  /** When it is signed; where absent, so that all of it ends at `expires`. */
  readonly now?: number;
  readonly expires?: number;
  readonly targets?: ReadonlyMap<string, Uint8Array>;
  /** Targets beside `library.json`, such as charters. */
  readonly beside?: ReadonlyMap<string, Uint8Array>;
  /** Bodies that accept queries for practices, by name. */
  readonly bodies?: Readonly<Record<string, SigningBody>>;
  /** Who signs, in place of the clinical and the governance key. */
  readonly by?: readonly SigningKey[];
  /** Version of the hub's statement; that of the publication where absent. */
  readonly timestamp?: number;
}

export class Signers {
  readonly roots: readonly SigningKey[] = ["Ann Root", "Ben Root", "Cat Root"].map((name) =>
    newKey(name, "root"),
  );
  readonly clinical = newKey("Dr Clara Clinical", "clinical");
  readonly governance = newKey("Gil Governance", "governance");
  readonly online: SigningKey;

  /** @param online the hub's key; a new one where absent */
  constructor(online?: KeyObject) {
    this.online = online ? signingKey("hub", "online", online) : newKey("hub", "online");
  }

  get keys(): SignerKeys {
    return {
      root: this.roots.map(({ publicKey }) => publicKey),
      targets: [this.clinical.publicKey, this.governance.publicKey],
      online: this.online.publicKey,
    };
  }

  /** `N.root.json`, signed. */
  root(version = 1, now = signedAt({}, DAYS.root)): Uint8Array {
    return this.signedRoot(this.keys, version, now);
  }

  /** A root of any keys, signed by those named. */
  signedRoot(
    keys: SignerKeys,
    version: number,
    now: number,
    by: readonly SigningKey[] = this.roots.slice(0, 2),
  ): Uint8Array {
    const root = makeRoot(version, keys, now);
    for (const key of by) signMetadata(root, key);
    return metadataBytes(root);
  }

  /** What signers hand to a hub: the first root, signed targets and their files. */
  publication(files: LibraryContent["files"], publication: Publication = {}): Map<string, Uint8Array> {
    const { version = 1, targets, beside = new Map(), by, bodies = {} } = publication;
    const now = signedAt(publication, DAYS.targets);
    const content = { name: "test", version, published: new Date(now).toISOString(), files };
    const all = targets ?? new Map<string, Uint8Array>([["library.json", makeContent(content)], ...beside]);
    const keys = new Map(
      Object.entries(bodies).map(([body, { keys }]) => [body, keys.map(({ publicKey }) => publicKey)]),
    );
    const signed = makeTargets(version, all, now, delegationsTo(keys));
    for (const key of by ?? [this.clinical, this.governance]) signMetadata(signed, key);
    return new Map([
      ["1.root.json", this.root(1, signedAt(publication, DAYS.root))],
      [`${version}.targets.json`, metadataBytes(signed)],
      ...targetFiles(all),
      ...Object.entries(bodies).flatMap(([name, body]) => [...acceptancesOf(name, body, publication)]),
    ]);
  }

  /** What a hub delivers, as bytes: a publication with the hub's own statements. */
  delivery(files: LibraryContent["files"], publication: Publication = {}): Buffer {
    return encodeDelivery(this.delivered(files, publication));
  }

  /** What a hub delivers, file by file. */
  delivered(files: LibraryContent["files"], publication: Publication = {}): Map<string, Uint8Array> {
    const { version = 1, timestamp = version } = publication;
    const all = this.publication(files, publication);
    const roles = [...all].flatMap(([name, bytes]) => {
      const role = /^\d+\.(targets|acceptances-.*)\.json$/.exec(name)?.[1];
      return role ? [[role, bytes] as const] : [];
    });
    const now = signedAt(publication, DAYS.timestamp);
    return new Map([
      ...all,
      ...signOnline({ snapshot: timestamp, timestamp }, new Map(roles), this.online, now),
    ]);
  }
}

/** What a body signed: its metadata, and the file that this names. */
function acceptancesOf(name: string, body: SigningBody, publication: Publication): Map<string, Uint8Array> {
  const { version: library = 1, timestamp = library } = publication;
  const { accepts, version = timestamp, keys, by = keys, expires } = body;
  const now = signedAt(expires === undefined ? publication : { expires }, DAYS.targets);
  const own = new Map([[acceptancesPath(name), Buffer.from(acceptancesText(accepts))]]);
  const signed = makeTargets(version, own, now);
  for (const key of by) signMetadata(signed, key);
  return new Map([...targetFiles(own), [`${version}.${bodyRole(name)}.json`, metadataBytes(signed)]]);
}

/** The instant at which something that holds for so many days is signed. */
function signedAt({ now, expires = Date.parse("2030-01-01T00:00:00Z") }: Publication, days: number): number {
  return now ?? expires - days * DAY_MS;
}
