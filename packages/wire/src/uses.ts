import { sign, verify, type KeyObject } from "node:crypto";
import type { Use__Output } from "./generated/cairn/v1/Use.js";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

export type UnsignedUse = Omit<Use__Output, "signature">;

/**
 * Signs a group's use of one release, or its end, with the practice's Ed25519 key. The same facts give the same
 * bytes.
 */
export function signUse(use: UnsignedUse, practiceKey: KeyObject): Use__Output {
  return { ...use, signature: sign(null, signedBytes(use), practiceKey) };
}

/** Whether a use verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
export function verifyUse(use: Use__Output, keeperKey: Uint8Array): boolean {
  return verify(null, signedBytes(use), publicKeyFromRaw(keeperKey), use.signature);
}

function signedBytes(use: UnsignedUse): Buffer {
  return lengthPrefixed([
    "cairn.v1.Use",
    use.run,
    String(use.correction),
    use.releaseDigest,
    use.group,
    use.charterDigest,
    use.ended ? "ended" : "given",
    String(use.logIndex),
    String(use.logSize),
    use.logRoot,
  ]);
}
