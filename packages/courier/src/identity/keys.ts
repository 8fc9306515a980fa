/** The courier's P-256 key, made here and never sent, and the request for a certificate over it. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  webcrypto,
  X509Certificate,
} from "node:crypto";
import { CourierError } from "../errors.js";
import { files, readIfThere, writeWhole } from "./folder.js";

const P256 = { name: "ECDSA", namedCurve: "P-256" } as const;

/** The key of this installation, made at the first call. PEM, PKCS #8. */
export function ownKey(folder: string): string {
  const known = readIfThere(files.key(folder));
  if (known !== null) return known;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  writeWhole(files.key(folder), pem);
  return pem;
}

/** The public half of a key, DER (SubjectPublicKeyInfo). */
export function spkiOf(keyPem: string): Buffer {
  return createPublicKey(keyPem).export({ type: "spki", format: "der" });
}

/** A certificate request (PKCS #10, DER), signed with the key: the hub takes the key from it and nothing else. */
export async function requestFor(keyPem: string): Promise<Buffer> {
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509"); // needed twice a fortnight, and slow to load
  x509.cryptoProvider.set(webcrypto as unknown as Parameters<typeof x509.cryptoProvider.set>[0]);
  const der = createPrivateKey(keyPem).export({ type: "pkcs8", format: "der" });
  const { subtle } = webcrypto;
  const keys = {
    privateKey: await subtle.importKey("pkcs8", der, P256, false, ["sign"]),
    publicKey: await subtle.importKey("spki", spkiOf(keyPem), P256, true, ["verify"]),
  };
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: "CN=cairn courier",
    keys,
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
  });
  return Buffer.from(request.rawData);
}

/** Every certificate of a PEM text. */
export function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/**
 * Checks a pair before it is used or kept: a certificate of our key, signed by someone the CA bundle leads to.
 * @param chain leaf first, PEM.
 * @throws CourierError certificate-unusable
 */
export function checkPair(chain: string, keyPem: string, caBundle: string): void {
  const [leaf, ...issuers] = certificatesIn(chain).map(parsed);
  if (!leaf?.checkPrivateKey(createPrivateKey(keyPem))) {
    throw unusable("the certificate is not one for this courier's key");
  }
  const above = [...issuers, ...certificatesIn(caBundle).map(parsed)];
  const roots = new Set(certificatesIn(caBundle).map((pem) => parsed(pem).fingerprint256));
  let at = leaf;
  for (let step = 0; step < above.length; step++) {
    const signer = above.find((each) => at.checkIssued(each) && at.verify(each.publicKey));
    if (!signer) throw unusable("the certificate was not signed by this hub's CA");
    if (roots.has(signer.fingerprint256)) return;
    at = signer;
  }
  throw unusable("the certificate does not lead to this hub's CA");
}

function parsed(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw unusable("a certificate cannot be read", cause);
  }
}

function unusable(words: string, cause?: unknown): CourierError {
  return new CourierError("certificate-unusable", `${words}: it was not taken over`, { cause });
}
