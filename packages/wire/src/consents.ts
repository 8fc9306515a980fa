import { createHash, sign, verify, type KeyObject } from "node:crypto";
import type { Consent__Output } from "./generated/cairn/v1/Consent.js";
import type { ConsentReceipt__Output } from "./generated/cairn/v1/ConsentReceipt.js";
import { publicKeyFromRaw } from "./keys.js";
import { lengthPrefixed } from "./releases.js";

export type UnsignedConsent = Omit<Consent__Output, "signature">;

/** The longest time in days for which a practice consents to be named at once. */
export const LONGEST_CONSENT_DAYS = 366;

/**
 * Signs a practice's consent to be named, or its end, with the practice's Ed25519 key. The same facts give the same
 * bytes.
 */
export function signConsent(consent: UnsignedConsent, practiceKey: KeyObject): Consent__Output {
  return { ...consent, signature: sign(null, signedBytes(consent), practiceKey) };
}

/** Whether a consent verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
export function verifyConsent(consent: Consent__Output, keeperKey: Uint8Array): boolean {
  return verify(null, signedBytes(consent), publicKeyFromRaw(keeperKey), consent.signature);
}

/** SHA-256 of a consent's signature, by which a receipt names it. */
export function consentDigest({ signature }: Pick<Consent__Output, "signature">): Buffer {
  return createHash("sha256").update(signature).digest();
}

type UnsignedReceipt = Pick<ConsentReceipt__Output, "consentDigest" | "hubLogIndex"> &
  Partial<Pick<ConsentReceipt__Output, "setAside">>; // absent: it is not

/** Signs a receipt: the hub holds this consent or end, it is in its log, and whether it is set aside. */
export function signConsentReceipt(said: UnsignedReceipt, hubLogKey: KeyObject): ConsentReceipt__Output {
  const receipt = { setAside: false, ...said };
  return { ...receipt, signature: sign(null, receiptBytes(receipt), hubLogKey) };
}

/** Whether a receipt for a consent verifies. @param hubLogKey the hub's raw Ed25519 public key (32 bytes). */
export function verifyConsentReceipt(receipt: ConsentReceipt__Output, hubLogKey: Uint8Array): boolean {
  return verify(null, receiptBytes(receipt), publicKeyFromRaw(hubLogKey), receipt.signature);
}

function signedBytes(consent: UnsignedConsent): Buffer {
  return lengthPrefixed([
    "cairn.v1.Consent",
    consent.group,
    consent.charterDigest,
    consent.to,
    consent.until,
    consent.ended ? "ended" : "given",
    String(consent.logIndex),
    String(consent.logSize),
    consent.logRoot,
  ]);
}

function receiptBytes(receipt: UnsignedReceipt): Buffer {
  return lengthPrefixed([
    "cairn.v1.ConsentReceipt",
    receipt.consentDigest,
    String(receipt.hubLogIndex),
    ...(receipt.setAside ? ["set-aside"] : []), // so that a receipt reads as it did before there was this
  ]);
}
