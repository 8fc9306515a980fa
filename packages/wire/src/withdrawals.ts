import { sign, verify, type KeyObject } from "node:crypto";
import type { Withdrawal__Output } from "./generated/cairn/v1/Withdrawal.js";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

export type UnsignedWithdrawal = Omit<Withdrawal__Output, "signature">;

/** The practice's word that it takes a release back. The same facts give the same bytes (Ed25519). */
export function signWithdrawal(withdrawal: UnsignedWithdrawal, practiceKey: KeyObject): Withdrawal__Output {
  return { ...withdrawal, signature: sign(null, signedBytes(withdrawal), practiceKey) };
}

/** @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
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
