import { sign, verify, type KeyObject } from "node:crypto";
import type { Receipt__Output } from "./generated/cairn/v1/Receipt.js";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

export type UnsignedReceipt = Omit<Receipt__Output, "signature">;

/** Signs a receipt: the hub holds these bytes, and they are in its log. */
export function signReceipt(receipt: UnsignedReceipt, hubLogKey: KeyObject): Receipt__Output {
  return { ...receipt, signature: sign(null, receiptBytes(receipt), hubLogKey) };
}

/** Whether a receipt verifies. @param hubLogKey the hub's raw Ed25519 public key (32 bytes). */
export function verifyReceipt(receipt: Receipt__Output, hubLogKey: Uint8Array): boolean {
  return verify(null, receiptBytes(receipt), publicKeyFromRaw(hubLogKey), receipt.signature);
}

function receiptBytes(receipt: UnsignedReceipt): Buffer {
  return lengthPrefixed([
    "cairn.v1.Receipt",
    receipt.run,
    receipt.releaseDigest,
    String(receipt.hubLogIndex),
    receipt.withdrawn ? "withdrawn" : "released",
    String(receipt.correction),
    ...(receipt.group === "" ? [] : [receipt.group]), // receipts from before there were uses keep their bytes
  ]);
}
