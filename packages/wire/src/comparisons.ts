import { sign, verify, type KeyObject } from "node:crypto";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

/** Signs a comparison's document with the hub's log key. */
export function signComparison(document: Uint8Array, hubLogKey: KeyObject): Buffer {
  return sign(null, signedBytes(document), hubLogKey);
}

/** Whether a comparison's signature verifies. @param hubLogKey the hub's raw Ed25519 public key (32 bytes). */
export function verifyComparison(
  document: Uint8Array,
  signature: Uint8Array,
  hubLogKey: Uint8Array,
): boolean {
  return verify(null, signedBytes(document), publicKeyFromRaw(hubLogKey), signature);
}

function signedBytes(document: Uint8Array): Buffer {
  return lengthPrefixed(["cairn.v1.Comparison", document]);
}
