/**
 * Checks of signatures on the wire, by the caller, who knows the bytes: handed in, so that this package knows no
 * protocol.
 */
import type { KeyObject } from "node:crypto";

export interface WireSignatures {
  /** @param raw 32 bytes of an Ed25519 public key. */
  publicKey(raw: Buffer): KeyObject;
  /** SHA-256 of an encoded release. */
  releaseDigest(bytes: Buffer): Buffer;
  /** Did the practice sign this release? @param keeperKey raw. */
  isRelease(release: ClaimedRelease, keeperKey: Buffer): boolean;
  /** Did the hub sign this receipt? @param hubLogKey raw. */
  isReceipt(receipt: ClaimedReceipt, hubLogKey: Buffer): boolean;
  /** Did the practice sign this consent to be named, or its end? @param keeperKey raw. */
  isConsent(consent: ClaimedConsent, keeperKey: Buffer): boolean;
  /** SHA-256 of a consent's signature, by which receipts name it. */
  consentDigest(signature: Buffer): Buffer;
  /** Did the hub sign this receipt for a consent? @param hubLogKey raw. */
  isConsentReceipt(receipt: ClaimedConsentReceipt, hubLogKey: Buffer): boolean;
}

/** A consent to be named, or its end, as it stands in the hub's log. */
export interface ClaimedConsent {
  readonly group: string;
  readonly charterDigest: Buffer;
  readonly to: string;
  readonly until: string;
  readonly ended: boolean;
  readonly logIndex: number;
  readonly logSize: number;
  readonly logRoot: Buffer;
  readonly signature: Buffer;
}

/** A receipt for one, as it stands in a practice's log. */
export interface ClaimedConsentReceipt {
  readonly consentDigest: Buffer;
  readonly hubLogIndex: number;
  readonly signature: Buffer;
}

/** A release as it stands beside the hub's log. */
export interface ClaimedRelease {
  readonly run: string;
  readonly release: Buffer;
  readonly queryDigest: Buffer;
  readonly libraryDigest: Buffer;
  readonly referenceDate: string;
  readonly policy: { readonly k: number; readonly base: number; readonly midpoint: number };
  readonly logIndex: number;
  readonly logSize: number;
  readonly logRoot: Buffer;
  readonly recordBasis: string;
  readonly correction: number;
  readonly optOuts: string;
  readonly signature: Buffer;
}

/** A receipt as it stands beside a practice's log. */
export interface ClaimedReceipt {
  readonly run: string;
  readonly correction: number;
  readonly releaseDigest: Buffer;
  readonly hubLogIndex: number;
  readonly withdrawn: boolean;
  readonly group: string;
  readonly signature: Buffer;
}
