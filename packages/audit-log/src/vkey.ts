/** Keys with their names, and as the text in which one is told to others: C2SP signed-note, "Verifier keys". */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import { fromBase64 } from "./lines.js";

/** A name with its Ed25519 key: the private half to sign, the public half to verify. */
export interface NoteKey {
  readonly name: string;
  readonly key: KeyObject;
}

/** The use of a key: `log` signs its own checkpoints, `witness` others' with the time (cosignature/v1). */
export type KeyUse = "log" | "witness";

const TYPES: Readonly<Record<KeyUse, number>> = { log: 0x01, witness: 0x04 };
const VKEY = /^([^\p{C}\p{Z}+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/u;

/** Writes the public half: name, key id in hex, and base64 of type and key. */
export function vkeyOf(signer: NoteKey, use: KeyUse): string {
  const material = Buffer.concat([Buffer.of(TYPES[use]), rawKey(signer.key)]);
  return `${signer.name}+${keyId(signer, use).toString("hex")}+${material.toString("base64")}`;
}

/** @returns null where the text is no such key for this use, or its id is another key's. */
export function readVkey(text: string, use: KeyUse): NoteKey | null {
  const [, name = "", id = "", base64 = ""] = VKEY.exec(text) ?? [];
  const material = fromBase64(base64);
  if (material?.length !== 33 || material[0] !== TYPES[use]) return null;
  const x = material.subarray(1).toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return keyId({ name, key }, use).toString("hex") === id ? { name, key } : null;
}

/** The key's id: first four bytes of SHA-256(name, newline, type, public key). signed-note, "Signatures". */
export function keyId({ name, key }: NoteKey, use: KeyUse): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(TYPES[use]), rawKey(key)]);
  return createHash("sha256").update(named).digest().subarray(0, 4);
}

/** The public half's 32 bytes. */
export function rawKey(key: KeyObject): Buffer {
  return publicHalf(key).export({ type: "spki", format: "der" }).subarray(-32);
}

export function publicHalf(key: KeyObject): KeyObject {
  return key.type === "private" ? createPublicKey(key) : key;
}
