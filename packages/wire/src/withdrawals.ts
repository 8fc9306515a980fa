import { sign, verify, type KeyObject } from "node:crypto";
import type { Withdrawal__Output } from "./generated/cairn/v1/Withdrawal.js";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

export type UnsignedWithdrawal = Omit<Withdrawal__Output, "signature">;

/** Signs the withdrawal of a release, with the practice's Ed25519 key. The same facts give the same bytes. */
export function signWithdrawal(withdrawal: UnsignedWithdrawal, practiceKey: KeyObject): Withdrawal__Output {
  return { ...withdrawal, signature: sign(null, signedBytes(withdrawal), practiceKey) };
}

/** Whether a withdrawal verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
export function verifyWithdrawal(withdrawal: Withdrawal__Output, keeperKey: Uint8Array): boolean {
  return verify(null, signedBytes(withdrawal), publicKeyFromRaw(keeperKey), withdrawal.signature);
}

function signedBytes(withdrawal: UnsignedWithdrawal): Buffer {
  return lengthPrefixed([
    "cairn.v1.Withdrawal",
    withdrawal.run,
    String(withdrawal.correction),
    withdrawal.releaseDigest,
    withdrawal.correctable ? "correctable" : "withdrawn",
    String(withdrawal.logIndex),
    String(withdrawal.logSize),
    withdrawal.logRoot,
  ]);
}
