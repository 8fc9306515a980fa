/** Reads the certificate and key with which pages are shown at other desks, and says in one line what is wrong with them. */
import { createPrivateKey, X509Certificate, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { KeeperError } from "../errors.js";

export interface CertificateFiles {
  readonly certificate: string; // path of a PEM file, with those that issued it after it
  readonly key: string; // path of a PEM file
}

export interface PageCertificate {
  readonly cert: string; // PEM
  readonly key: string; // PEM
  /** The names and addresses that it is made out to, in lower case, as `Host` has them; browsers take none but these. */
  readonly names: readonly string[];
  readonly until: string; // ISO 8601
}

/**
 * Reads them.
 * @param now milliseconds since 1970.
 * @throws KeeperError certificate-unusable, certificate-ended
 */
export function readCertificate(files: CertificateFiles, now: number): PageCertificate {
  const cert = readText(files.certificate, "certificate");
  const key = readText(files.key, "key");
  const own = certificateIn(cert, files.certificate);
  if (!own.checkPrivateKey(keyIn(key, files.key)))
    throw unusable(`${files.key} is not the key of ${files.certificate}: name the two that belong together`);
  checkChain(cert, key, files.certificate);
  const [from, until] = [Date.parse(own.validFrom), Date.parse(own.validTo)];
  if (now < from)
    throw unusable(
      `the certificate ${files.certificate} begins at ${own.validFrom}: look at this machine's clock, or wait until then`,
    );
  if (now >= until)
    throw new KeeperError(
      "certificate-ended",
      `the certificate ${files.certificate} ended at ${own.validTo}: have it renewed, then start the agent again`,
    );
  const names = namesOf(own);
  if (names.length === 0)
    throw unusable(
      `the certificate ${files.certificate} is made out to no machine: it needs the page's address or this machine's whole name as subjectAltName, such as IP:10.1.2.3`,
    );
  return { cert, key, names, until: new Date(until).toISOString() };
}

/**
 * The names under which a certificate lets pages at an address be reached, the best first: the address itself, or the
 * machine's names that stand in it.
 * @param host as an address has it: an IPv6 one in brackets
 * @throws KeeperError certificate-unusable where it is made out to other addresses alone
 */
export function namesAt({ names }: PageCertificate, host: string, file: string): string[] {
  const known = names.includes(host) ? [host] : [];
  const machines = names.filter((name) => isIP(name.replaceAll(/[[\]]/g, "")) === 0);
  if (known.length + machines.length > 0) return [...known, ...machines];
  throw unusable(
    `the certificate ${file} is made out to ${names.join(", ")}, and not to ${host}: have it made out to IP:${host} or to this machine's whole name, or choose another --page-address`,
  );
}

function unusable(words: string, cause?: unknown): KeeperError {
  return new KeeperError("certificate-unusable", words, { cause });
}

/** @throws KeeperError certificate-unusable */
function readText(path: string, what: "certificate" | "key"): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why: Readonly<Record<string, string>> = {
      ENOENT: "is not there",
      EACCES: "may not be read by the keeper's user: make it readable to that user, and to nobody else",
    };
    const words = why[code ?? ""] ?? `cannot be read (${code ?? "unknown"})`;
    throw unusable(`the ${what} of the pages at other desks, ${path}, ${words}`, cause);
  }
}

/** @throws KeeperError certificate-unusable */
function certificateIn(text: string, path: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw unusable(`${path} holds no certificate: one in PEM begins with -----BEGIN CERTIFICATE-----`, cause);
  }
}

/** @throws KeeperError certificate-unusable */
function keyIn(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    const needs = (cause as NodeJS.ErrnoException).code === "ERR_MISSING_PASSPHRASE";
    throw unusable(
      needs
        ? `${path} is locked with a passphrase, which nobody could type at a restart: openssl pkey -in KEY -out KEY2 makes one without`
        : `${path} holds no private key: one in PEM begins with -----BEGIN PRIVATE KEY-----`,
      cause,
    );
  }
}

/**
 * Checks that TLS takes the whole file, with the certificates that come after the first.
 * @throws KeeperError certificate-unusable
 */
function checkChain(cert: string, key: string, path: string): void {
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw unusable(
      `${path} cannot be used for TLS (${(cause as Error).message}): look at the certificates after the first`,
      cause,
    );
  }
}

/** Names with an asterisk are left out: they name no one machine. */
function namesOf({ subjectAltName }: X509Certificate): string[] {
  const all = (subjectAltName ?? "").split(", ").map((each) => {
    const [, kind, name = ""] = /^(DNS|IP Address):(.+)$/.exec(each) ?? [];
    if (kind === "DNS") return /^[a-z0-9._-]+$/i.test(name) ? name.toLowerCase() : "";
    if (kind !== "IP Address") return "";
    return name.includes(":") ? new URL(`http://[${name}]`).hostname : name;
  });
  return all.filter((name) => name !== "");
}
