/**
 * A TUF repository in memory, for the cases of conformance. Metadata is plain JSON that a case may bend as it likes, and
 * it is signed without the library under test.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";

export const DAY = 86_400_000;
const TOP = ["root", "timestamp", "snapshot", "targets"];

/** A key with its private half; `keyid` is what metadata names it by. */
export interface Key {
  readonly keyid: string;
  readonly public: object;
  readonly sign: (bytes: Uint8Array) => string;
}

/** Metadata before it is signed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a case writes what no type allows
type Signed = Record<string, any>;

interface Delegation {
  readonly role: string;
  readonly paths?: readonly string[];
  readonly path_hash_prefixes?: readonly string[];
  readonly terminating?: boolean;
}

export class TufRepository {
  /** By role, as it is signed when next published. */
  readonly roles = new Map<string, Signed>();
  readonly signers = new Map<string, Key[]>();
  /** What is published: file names of metadata, and paths under the target URL. */
  readonly files = new Map<string, Uint8Array>();
  readonly targetFiles = new Map<string, Uint8Array>();
  readonly asked: string[] = [];
  /** Whether metadata names the length and the hash of other metadata. */
  hashes = false;
  /** Whether the names of targets carry their hash, where snapshots are consistent. */
  hasPrefix = true;

  readonly #now: number;

  constructor(now: number) {
    this.#now = now;
    for (const role of TOP) this.roles.set(role, this.#blank(role));
    Object.assign(this.root, { consistent_snapshot: true, keys: {}, roles: {} });
    for (const role of TOP) {
      this.root["roles"][role] = { keyids: [], threshold: 1 };
      this.addKey(role);
    }
    this.publish("targets", "snapshot", "timestamp", "root");
  }

  get root(): Signed {
    return this.role("root");
  }

  role(name: string): Signed {
    return this.roles.get(name)!;
  }

  /** What the snapshot says of a role. */
  meta(role: string): Signed {
    return this.role("snapshot")["meta"][`${role}.json`];
  }

  /** Lets a key sign a role, in the root or in the role that delegates to it. */
  addKey(role: string, key = ed25519(), delegator?: string): Key {
    const by = delegator ? this.role(delegator)["delegations"] : this.root;
    const named: Signed = delegator
      ? (by.succinct_roles ?? by.roles.find(({ name }: Signed) => name === role))
      : by.roles[role];
    by.keys[key.keyid] = key.public;
    named["keyids"].push(key.keyid);
    this.signers.set(role, [...(this.signers.get(role) ?? []), key]);
    return key;
  }

  /** Takes the keys of a top-level role away and gives it a new one. */
  rotate(role: string): void {
    this.root["roles"][role].keyids = [];
    this.signers.delete(role);
    this.addKey(role);
  }

  /** Begins a delegated role, if it is not there. */
  blank(role: string): void {
    if (!this.roles.has(role)) this.roles.set(role, this.#blank("targets"));
  }

  delegate(from: string, { role, terminating = false, ...rest }: Delegation): void {
    const delegator = this.role(from);
    delegator["delegations"] ??= { keys: {}, roles: [] };
    delegator["delegations"].roles.push({ name: role, keyids: [], threshold: 1, terminating, ...rest });
    this.blank(role);
    this.addKey(role, ed25519(), from);
  }

  addTarget(
    role: string,
    path: string,
    content: string,
    hashes: object = { sha256: sha("sha256", content) },
  ): void {
    const bytes = Buffer.from(content);
    this.role(role)["targets"][path] = { length: bytes.length, hashes };
    const at = path.lastIndexOf("/") + 1;
    const hasPrefix = this.root["consistent_snapshot"] && this.hasPrefix;
    const names = Object.values(hashes).map((hash) => `${path.slice(0, at)}${hash}.${path.slice(at)}`);
    for (const name of hasPrefix ? names : [path]) this.targetFiles.set(name, bytes);
  }

  /** Publishes roles in this order, each with the next version from its second time on. */
  publish(...roles: string[]): void {
    for (const role of roles) this.publishAs(role, this.#isOut(role) ? this.role(role)["version"] + 1 : 1);
  }

  publishAs(role: string, version: number): void {
    const signed = this.role(role);
    signed["version"] = version;
    this.out(role, version, this.signedBytes(role));
  }

  /** Publishes bytes as a role's, and has the role above name them. */
  out(role: string, version: number, bytes: Uint8Array): void {
    const name = `${encodeURIComponent(role)}.json`;
    if (role === "root" || (this.root["consistent_snapshot"] && role !== "timestamp"))
      this.files.set(`${version}.${name}`, bytes);
    else this.files.set(name, bytes);
    const meta = {
      version,
      ...(this.hashes && { length: bytes.length, hashes: { sha256: sha("sha256", bytes) } }),
    };
    if (role === "snapshot") this.role("timestamp")["meta"] = { "snapshot.json": meta };
    if (!["root", "timestamp", "snapshot"].includes(role))
      this.role("snapshot")["meta"][`${role}.json`] = meta;
  }

  /** What is published of a role, changed; nothing is signed again. */
  change(name: string, by: (metadata: Signed) => void): void {
    const metadata = JSON.parse(Buffer.from(this.files.get(name)!).toString()) as Signed;
    by(metadata);
    this.files.set(name, Buffer.from(JSON.stringify(metadata)));
  }

  signedBytes(role: string): Uint8Array {
    const signed = this.role(role);
    const bytes = Buffer.from(canonical(signed));
    const keys = new Map((this.signers.get(role) ?? []).map((key) => [key.keyid, key]));
    const signatures = [...keys.values()].map((key) => ({ keyid: key.keyid, sig: key.sign(bytes) }));
    return Buffer.from(JSON.stringify({ signatures, signed }));
  }

  fetch = async (url: string): Promise<Uint8Array | undefined> => {
    const [, kind, path] = /^repository:(metadata|targets)\/(.*)$/.exec(url)!;
    this.asked.push(path!);
    return kind === "metadata" ? this.files.get(path!) : this.targetFiles.get(decodeURIComponent(path!));
  };

  #isOut(role: string): boolean {
    const name = `${encodeURIComponent(role)}.json`;
    return [...this.files.keys()].some((file) => file.replace(/^\d+\./, "") === name);
  }

  #blank(type: string): Signed {
    const expires = instant(this.#now + 30 * DAY);
    const rest = type === "targets" ? { targets: {} } : type === "root" ? {} : { meta: {} };
    return { _type: type, spec_version: "1.0.31", version: 1, expires, ...rest };
  }
}

export function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

export function ed25519(extra: object = {}): Key {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const value = Buffer.from(publicKey.export({ format: "jwk" }).x!, "base64url").toString("hex");
  return key({ keytype: "ed25519", scheme: "ed25519", keyval: { public: value }, ...extra }, (bytes) =>
    sign(null, bytes, privateKey),
  );
}

export function ecdsa(): Key {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return key(
    { keytype: "ecdsa", scheme: "ecdsa-sha2-nistp256", keyval: { public: pem(publicKey) } },
    (bytes) => sign("sha256", bytes, privateKey),
  );
}

export function rsa(): Key {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pss = { key: privateKey, padding: 6, saltLength: 32 }; // RSA_PKCS1_PSS_PADDING
  return key({ keytype: "rsa", scheme: "rsassa-pss-sha256", keyval: { public: pem(publicKey) } }, (bytes) =>
    sign("sha256", bytes, pss),
  );
}

function key(value: object, signer: (bytes: Uint8Array) => Buffer): Key {
  const keyid = sha("sha256", canonical(value));
  return { keyid, public: value, sign: (bytes) => signer(bytes).toString("hex") };
}

function pem(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "pem" }).toString();
}

export function sha(algorithm: string, bytes: Uint8Array | string): string {
  return createHash(algorithm).update(bytes).digest("hex");
}

/** OLPC canonical JSON, as the specification signs it: sorted names, and only quotes and backslashes escaped. */
function canonical(value: unknown): string {
  if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, each]) => `${canonical(name)}:${canonical(each)}`).join(",")}}`;
}
