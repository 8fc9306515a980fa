/** Checks signatures between keeper and hub, from the fields beside an exported log. */
import { publicKeyFromRaw } from "./keys.js";
import { consentDigest, verifyConsent, verifyConsentReceipt } from "./consents.js";
import type { Consent__Output } from "./generated/cairn/v1/Consent.js";
import type { ConsentReceipt__Output } from "./generated/cairn/v1/ConsentReceipt.js";
import { verifyReceipt } from "./receipts.js";
import { releaseDigest, verifySignedRelease } from "./releases.js";
import type { Receipt__Output } from "./generated/cairn/v1/Receipt.js";
import type { SignedRelease__Output } from "./generated/cairn/v1/SignedRelease.js";

/** A release whose enumerations were read from text: a word that is none of them verifies under no signature. */
type ReadRelease = Omit<SignedRelease__Output, "recordBasis" | "optOuts"> & {
  readonly recordBasis: string;
  readonly optOuts: string;
};

export const signatureChecks = {
  /** @param raw 32 bytes of an Ed25519 public key. */
  publicKey: publicKeyFromRaw,
  /** SHA-256 of an encoded Release. */
  releaseDigest,
  /** Whether a signed release verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
  isRelease: (release: ReadRelease, keeperKey: Uint8Array): boolean =>
    verifySignedRelease(release as SignedRelease__Output, keeperKey),
  /** Whether a receipt verifies. @param hubLogKey the hub's raw Ed25519 public key (32 bytes). */
  isReceipt: (receipt: Receipt__Output, hubLogKey: Uint8Array): boolean => verifyReceipt(receipt, hubLogKey),
  /** Whether a consent to be named, or its end, verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
  isConsent: (consent: Consent__Output, keeperKey: Uint8Array): boolean => verifyConsent(consent, keeperKey),
  /** SHA-256 of a consent's signature. */
  consentDigest: (signature: Buffer): Buffer => consentDigest({ signature }),
  /** Whether a receipt for a consent verifies. @param hubLogKey the hub's raw Ed25519 public key (32 bytes). */
  isConsentReceipt: (receipt: ConsentReceipt__Output, hubLogKey: Uint8Array): boolean =>
    verifyConsentReceipt(receipt, hubLogKey),
};
