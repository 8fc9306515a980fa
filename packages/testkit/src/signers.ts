/** People who sign a library in tests: three with a root key, one clinical, one for governance, and a hub's key. */
import { makeContent, type LibraryContent } from "@cairn/query-library";
import {
  encodeDelivery,
  makeRoot,
  makeTargets,
  metadataBytes,
  newKey,
  signMetadata,
  signOnline,
  targetFiles,
  type PublicKey,
  type SignerKeys,
  type SigningKey,
} from "@cairn/signed-library";

/** What a publication is; anything left out is as it should be. */
export interface Publication {
  readonly version?: number;
  readonly now?: number;
  readonly targets?: ReadonlyMap<string, Uint8Array>;
  /** Who signs, in place of the clinical and the governance key. */
  readonly by?: readonly SigningKey[];
}

const PUBLISHED = Date.parse("2025-01-01T00:00:00Z");

export class Signers {
  readonly roots: readonly SigningKey[] = ["Ann Root", "Ben Root", "Cat Root"].map((name) =>
    newKey(name, "root"),
  );
  readonly clinical = newKey("Dr Clara Clinical", "clinical");
  readonly governance = newKey("Gil Governance", "governance");
  online = newKey("hub", "online");

  get keys(): SignerKeys {
    return {
      root: this.roots.map(({ publicKey }) => publicKey),
      targets: [this.clinical.publicKey, this.governance.publicKey],
      online: this.online.publicKey,
    };
  }

  /** `N.root.json`, signed. */
  root(version = 1, now = PUBLISHED, online: PublicKey = this.online.publicKey): Uint8Array {
    return this.signedRoot({ ...this.keys, online }, version, now);
  }

  /** A root of any keys, signed by those named. */
  signedRoot(keys: SignerKeys, version: number, now: number, by = this.roots.slice(0, 2)): Uint8Array {
    const root = makeRoot(version, keys, now);
    for (const key of by) signMetadata(root, key);
    return metadataBytes(root);
  }

  /** What signers hand to a hub: root, signed targets and their files. */
  publication(
    files: LibraryContent["files"],
    { version = 1, now = PUBLISHED, targets, by }: Publication = {},
  ): Map<string, Uint8Array> {
    const published = new Date(now).toISOString();
    const all =
      targets ?? new Map([["library.json", makeContent({ name: "test", version, published, files })]]);
    const signed = makeTargets(version, all, now);
    for (const key of by ?? [this.clinical, this.governance]) signMetadata(signed, key);
    return new Map([
      ["1.root.json", this.root(1, now)],
      [`${version}.targets.json`, metadataBytes(signed)],
      ...targetFiles(all),
    ]);
  }

  /** What a hub delivers, as bytes: a publication with the hub's own statements. */
  delivery(
    files: LibraryContent["files"],
    publication: Publication & { readonly timestamp?: number } = {},
  ): Buffer {
    return encodeDelivery(this.delivered(files, publication));
  }

  /** What a hub delivers, file by file. */
  delivered(
    files: LibraryContent["files"],
    { timestamp, ...publication }: Publication & { readonly timestamp?: number } = {},
  ): Map<string, Uint8Array> {
    const { version = 1, now = PUBLISHED } = publication;
    const all = this.publication(files, publication);
    const targets = new Map([["targets", all.get(`${version}.targets.json`)!]]);
    const online = signOnline(
      { snapshot: version, timestamp: timestamp ?? version },
      targets,
      this.online,
      now,
    );
    return new Map([...all, ...online]);
  }
}
