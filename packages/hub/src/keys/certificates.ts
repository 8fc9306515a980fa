import { createHash, createPrivateKey, KeyObject, randomBytes, webcrypto } from "node:crypto";
import type * as x509 from "@peculiar/x509";

/** The certificate library, loaded at its first use: loading takes longer than most commands. */
async function certificateLibrary(): Promise<typeof x509> {
  await import("reflect-metadata");
  const library = await import("@peculiar/x509");
  library.cryptoProvider.set(webcrypto);
  return library;
}

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
export const DAY_MS = 86_400_000;
/** Time in ms by which certificates are backdated, so that a clock a little behind still accepts them. */
const BACKDATED_MS = 3_600_000;
export const CLIENT_DAYS = 14;
const SERVER_DAYS = 365;
const ISSUER_DAYS = 5 * 365;
const ROOT_DAYS = 20 * 365;

/** A certificate and the key behind it, PEM. */
export interface CertifiedKey {
  readonly certificate: string;
  readonly key: string;
}

/** A CA that can sign: its certificate and its P-256 key. */
interface Signer {
  readonly certificate: x509.X509Certificate;
  readonly key: webcrypto.CryptoKey;
}

/**
 * Makes the offline root, which signs issuers and nothing else.
 * @param place 1 for the hub's first root: no two bear the same name, by which TLS finds who signed what.
 */
export async function makeRoot(origin: string, now: number, place = 1): Promise<CertifiedKey> {
  const x509 = await certificateLibrary();
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerial(),
    name: `CN=${named(origin, "root", place)}`,
    ...validity(now, ROOT_DAYS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: caExtensions(x509, 1),
  });
  return held(certificate, keys.privateKey);
}

/** Makes the online issuer, which signs the certificates of servers and agents. @param place as in `makeRoot` */
export async function makeIssuer(
  root: CertifiedKey,
  origin: string,
  now: number,
  place = 1,
): Promise<CertifiedKey> {
  const x509 = await certificateLibrary();
  const keys = await newKeys();
  const certificate = await signedBy(await signerOf(root), {
    subject: `CN=${named(origin, "issuer", place)}`,
    publicKey: keys.publicKey,
    ...validity(now, ISSUER_DAYS),
    extensions: caExtensions(x509, 0),
  });
  return held(certificate, keys.privateKey);
}

/** Makes a certificate by which another root stands behind the same issuer. @param issuer its certificate, PEM @returns PEM */
export async function certifyIssuer(root: CertifiedKey, issuer: string, now: number): Promise<string> {
  const x509 = await certificateLibrary();
  const { subject, publicKey } = new x509.X509Certificate(issuer);
  const certificate = await signedBy(await signerOf(root), {
    ...{ subject, publicKey, ...validity(now, ISSUER_DAYS) },
    extensions: caExtensions(x509, 0),
  });
  return certificate.toString("pem");
}

/**
 * Makes a root's statement about another, that it is the next or has ended: a certificate that can sign nothing, over that
 * one's key, and names its digest.
 * @param other its certificate, PEM
 * @returns PEM
 */
export async function stateOfRoot(
  root: CertifiedKey,
  what: "next-root" | "ended-root",
  other: string,
  now: number,
): Promise<string> {
  const x509 = await certificateLibrary();
  const signer = await signerOf(root);
  const certificate = new x509.X509Certificate(other);
  const value = `urn:cairn:${what}:${createHash("sha256").update(Buffer.from(certificate.rawData)).digest("hex")}`;
  const statement = await signedBy(signer, {
    ...{ subject: certificate.subject, publicKey: certificate.publicKey },
    ...{ notBefore: new Date(now - BACKDATED_MS), notAfter: signer.certificate.notAfter },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: "url", value }]),
    ],
  });
  return statement.toString("pem");
}

function named(origin: string, what: string, place: number): string {
  return place === 1 ? `${origin} ${what}` : `${origin} ${what} ${place}`;
}

/** Makes a server's certificate. @param hosts names or addresses by which agents dial the hub. */
export async function makeServerCertificate(
  issuer: CertifiedKey,
  hosts: readonly string[],
  now: number,
): Promise<CertifiedKey> {
  const x509 = await certificateLibrary();
  const keys = await newKeys();
  const names = hosts.map((host) => ({
    type: isAddress(host) ? ("ip" as const) : ("dns" as const),
    value: host,
  }));
  const certificate = await signedBy(await signerOf(issuer), {
    subject: `CN=${hosts[0] ?? "hub"}`,
    publicKey: keys.publicKey,
    ...validity(now, SERVER_DAYS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
    ],
  });
  return held(certificate, keys.privateKey);
}

/** Makes an agent's certificate. @param spki the agent's public key, DER. @returns PEM. */
export async function makeClientCertificate(
  issuer: CertifiedKey,
  agent: { readonly id: string; readonly generation: number },
  spki: Uint8Array,
  now: number,
): Promise<string> {
  const x509 = await certificateLibrary();
  const certificate = await signedBy(await signerOf(issuer), {
    subject: `CN=${agent.id}`,
    publicKey: new x509.PublicKey(spki),
    ...validity(now, CLIENT_DAYS),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: "url", value: agentUri(agent) }]),
    ],
  });
  return certificate.toString("pem");
}

function agentUri(agent: { readonly id: string; readonly generation: number }): string {
  return `urn:cairn:agent:${agent.id}:${agent.generation}`;
}

/** The agent and generation of a certificate whose signature was checked before; null where it names none. */
export function agentOf(subjectAltName: string | undefined): { id: string; generation: number } | null {
  const found = /^URI:urn:cairn:agent:([0-9a-f]+):(\d+)$/.exec(subjectAltName ?? "");
  return found ? { id: found[1] as string, generation: Number(found[2]) } : null;
}

/** A request's public key (DER), where the sender proves that it holds the key and it is P-256; else null. */
export async function keyOfRequest(csr: Uint8Array): Promise<Buffer | null> {
  const x509 = await certificateLibrary();
  try {
    const request = new x509.Pkcs10CertificateRequest(csr);
    const algorithm = request.publicKey.algorithm as Partial<EcKeyAlgorithm>;
    if (algorithm.name !== "ECDSA" || algorithm.namedCurve !== "P-256") return null;
    return (await request.verify()) ? Buffer.from(request.publicKey.rawData) : null;
  } catch {
    return null; // not a request at all: said as such by the caller
  }
}

interface EcKeyAlgorithm {
  name: string;
  namedCurve: string;
}

async function signedBy(
  signer: Signer,
  what: Omit<x509.X509CertificateCreateWithKeyParams, "issuer" | "signingKey" | "signingAlgorithm">,
): Promise<x509.X509Certificate> {
  const x509 = await certificateLibrary();
  return x509.X509CertificateGenerator.create({
    serialNumber: newSerial(),
    issuer: signer.certificate.subject,
    signingKey: signer.key,
    signingAlgorithm: SIGNING,
    ...what,
  });
}

function caExtensions(library: typeof x509, pathLength: number): x509.Extension[] {
  const { BasicConstraintsExtension, KeyUsagesExtension, KeyUsageFlags } = library;
  return [
    new BasicConstraintsExtension(true, pathLength, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  ];
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return await webcrypto.subtle.generateKey(P256, true, ["sign", "verify"]);
}

async function signerOf(ca: CertifiedKey): Promise<Signer> {
  const x509 = await certificateLibrary();
  const der = createPrivateKey(ca.key).export({ type: "pkcs8", format: "der" });
  const key = await webcrypto.subtle.importKey("pkcs8", der, P256, false, ["sign"]);
  return { certificate: new x509.X509Certificate(ca.certificate), key };
}

function held(certificate: x509.X509Certificate, key: webcrypto.CryptoKey): CertifiedKey {
  const pem = KeyObject.from(key).export({ type: "pkcs8", format: "pem" });
  return { certificate: certificate.toString("pem"), key: pem.toString() };
}

function validity(now: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(now - BACKDATED_MS), notAfter: new Date(now + days * DAY_MS) };
}

/** A serial number, positive as RFC 5280 requires: 16 random bytes with the top bit clear. */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] as number) & 0x7f) | 0x40;
  return bytes.toString("hex");
}

function isAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes(":");
}
