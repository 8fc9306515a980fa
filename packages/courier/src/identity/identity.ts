/** The courier's identity towards the hub: key, certificate and the CA it trusts, held together in memory. */
import { X509Certificate } from "node:crypto";
import { CourierError } from "../errors.js";
import { files, readIfThere, readSettings, writeSettings, writeWhole, type Settings } from "./folder.js";
import { certificatesIn, checkPair, ownKey } from "./keys.js";

export interface Identity {
  readonly settings: Settings;
  readonly key: string; // PEM
  readonly certificate: string; // PEM chain, leaf first
  readonly caBundle: string; // PEM
}

/**
 * Reads the identity.
 * @returns null before admission.
 * @throws CourierError settings-unreadable, certificate-unusable
 */
export function readIdentity(folder: string): Identity | null {
  const settings = readSettings(folder);
  const certificate = readIfThere(files.certificate(folder));
  const caBundle = readIfThere(files.ca(folder));
  if (!settings || certificate === null || caBundle === null) return null;
  const key = ownKey(folder);
  checkPair(certificate, key, caBundle);
  return { settings, key, certificate, caBundle };
}

/** Stores a certificate once the pair is checked: a half-written or foreign one changes nothing. */
export function keepCertificate(
  folder: string,
  settings: Settings,
  held: { readonly certificate: string; readonly caBundle: string },
): Identity {
  const key = ownKey(folder);
  checkPair(held.certificate, key, held.caBundle);
  writeWhole(files.ca(folder), held.caBundle);
  writeWhole(files.certificate(folder), held.certificate);
  writeSettings(folder, settings);
  return { settings, key, ...held };
}

/** Start and end of the certificate's validity, in ms since 1970. */
export function validityOf(identity: Identity): { readonly from: number; readonly to: number } {
  const [leaf] = certificatesIn(identity.certificate);
  if (!leaf)
    throw new CourierError("certificate-unusable", "there is no certificate in the courier's folder");
  const { validFrom, validTo } = new X509Certificate(leaf);
  return { from: Date.parse(validFrom), to: Date.parse(validTo) };
}

/**
 * The moment to renew: at half of its life, a tenth of that life earlier or later, so that agents enrolled together
 * do not return together.
 * @param random in [0, 1).
 */
export function renewalMoment(identity: Identity, random: number): number {
  const { from, to } = validityOf(identity);
  return from + (to - from) * (0.45 + 0.1 * random);
}
