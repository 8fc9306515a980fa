/** One-time codes by time (TOTP, RFC 6238): six digits, a new one every 30 seconds. */
import { Secret, TOTP } from "otpauth";

const PERIOD_S = 30;

function totp(key: string, issuer: string, label: string): TOTP {
  return new TOTP({ issuer, label, secret: Secret.fromBase32(key), digits: 6, period: PERIOD_S });
}

/** A new key: 160 bits in base32. */
export function newCodeKey(): string {
  return new Secret({ size: 20 }).base32;
}

/** The address by which an authenticator app takes a key. */
export function codeAddress(key: string, site: string, name: string): string {
  return totp(key, site, name).toString();
}

/**
 * The place in time (a count of 30 seconds since 1970) of a code that was typed: now, or one before or after for a clock
 * that is off. Null where it is no code of this key.
 * @param now milliseconds since 1970.
 */
export function placeOfCode(key: string, typed: string, now: number): number | null {
  const digits = typed.replaceAll(/\s/g, "");
  if (!/^\d{6}$/.test(digits)) return null;
  const delta = totp(key, "", "").validate({ token: digits, timestamp: now, window: 1 });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta;
}

/** The code of a key at a moment, as an authenticator app shows it. */
export function codeAt(key: string, now: number): string {
  return totp(key, "", "").generate({ timestamp: now });
}
