/** Signing keys of the library: Ed25519, each of one person. The public half says whose it is and of which kind. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { canonicalJson } from "@cairn/query-library";
import { Key } from "@tufjs/models";
import { LibraryError } from "./library-error.js";

/** Kinds of signature that the targets of the library need, one of each. */
export type KeyKind = "clinical" | "governance";
const KINDS = ["clinical", "governance", "root", "body", "online"] as const;
/**
 * `root` signs who may sign; `body` what a body accepts; `online` is the hub's, and signs the time and what belongs
 * together.
 */
export type SignerKind = (typeof KINDS)[number];

export const KEY_KIND = "x-cairn-kind";
export const KEY_NAME = "x-cairn-name";

/** The public half of a key, as its `.pub` file holds it. */
export interface PublicKey {
  readonly name: string; // of the person
  readonly kind: SignerKind;
  readonly public: string; // 32 bytes in hex
}

/** A key that can sign. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  readonly privateKey: KeyObject;
}

/** Names that a key may bear: they are printed. */
export const NAME = /^[\p{L}\p{N}][\p{L}\p{N} .'@_-]{0,79}$/u;
const SPKI_BYTES = 12; // before the raw key in the DER of RFC 8410

/** Makes a key. @throws LibraryError name-wrong */
export function newKey(name: string, kind: SignerKind): SigningKey {
  return signingKey(name, kind, generateKeyPairSync("ed25519").privateKey);
}

/** A private key with the name and kind of whose it is. @throws LibraryError name-wrong */
export function signingKey(name: string, kind: SignerKind, privateKey: KeyObject): SigningKey {
  if (!NAME.test(name))
    throw new LibraryError(
      "name-wrong",
      `"${name}" is not a name for a key: up to 80 letters, digits, spaces and . ' @ _ -`,
    );
  return { publicKey: { name, kind, public: rawHex(privateKey) }, privateKey };
}

/** The text of a `.pub` file. */
export function publicKeyText({ name, kind, public: hex }: PublicKey): string {
  return `${JSON.stringify({ name, kind, public: hex }, null, 2)}\n`;
}

/** Reads a `.pub` file. @throws LibraryError key-wrong */
export function readPublicKey(text: string, file: string): PublicKey {
  const value = parsed(text);
  const { name, kind, public: hex } = value ?? {};
  const isKind = KINDS.some((known) => known === kind);
  if (typeof name !== "string" || !NAME.test(name) || !isKind || !/^[0-9a-f]{64}$/.test(String(hex)))
    throw new LibraryError(
      "key-wrong",
      `${file} is not the public half of a key (NAME.pub): ask its owner for it`,
    );
  return { name, kind: kind as SignerKind, public: hex as string };
}

/** A public key as metadata names it. Its id is the digest of what it says, name and kind included. */
export function metadataKey({ name, kind, public: hex }: PublicKey): Key {
  const fields = {
    keytype: "ed25519",
    scheme: "ed25519",
    keyval: { public: hex },
    [KEY_KIND]: kind,
    [KEY_NAME]: name,
  };
  return Key.fromJSON(createHash("sha256").update(canonicalJson(fields)).digest("hex"), fields);
}

/** The key as its `.pub` file holds it, of how metadata names it. @throws LibraryError key-wrong */
export function publicKeyOf(key: Key): PublicKey {
  const { [KEY_NAME]: name, [KEY_KIND]: kind } = key.unrecognizedFields ?? {};
  return readPublicKey(JSON.stringify({ name, kind, public: key.keyVal["public"] }), `key ${key.keyID}`);
}

/** The 32 bytes of the public half, in hex. */
export function rawHex(key: KeyObject): string {
  const publicHalf = key.type === "private" ? createPublicKey(key) : key;
  return publicHalf.export({ type: "spki", format: "der" }).subarray(SPKI_BYTES).toString("hex");
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null; // the caller says what it is not
  }
}
