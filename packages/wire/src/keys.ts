import { createHash, createPublicKey, type KeyObject } from "node:crypto";

const ED25519_SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410, section 4

/** @returns the 32 raw bytes of an Ed25519 public key (or of the public half of a private one). */
export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return publicKey.export({ type: "spki", format: "der" }).subarray(ED25519_SPKI_PREFIX.length);
}

/**
 * An Ed25519 public key from its raw form. As JWK: Node reads DER in ten times the time, and a hub that closes a comparison
 * of 1,000 practices reads 2,000 keys.
 * @param raw 32 bytes.
 */
export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString("base64url");
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
}

/**
 * The fingerprint that two people compare before a practice is admitted: over the courier's key, the keeper's key and
 * the library's root. 80 bits in groups of four, as people read them aloud.
 * @param courierSpki the courier's public key, DER.
 */
export function fingerprint(courierSpki: Uint8Array, keeperKey: Uint8Array, libraryRoot: Uint8Array): string {
  const digest = createHash("sha256");
  for (const part of [courierSpki, keeperKey, libraryRoot])
    digest.update(createHash("sha256").update(part).digest());
  const hex = digest.digest("hex").slice(0, 20).toUpperCase();
  return (hex.match(/.{4}/g) ?? []).join("-");
}
