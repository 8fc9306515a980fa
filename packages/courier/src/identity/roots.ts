/** The roots by which the courier knows its hub: the one that its join code pins, and those that one of them has signed. */
import { createHash, X509Certificate } from "node:crypto";
import { certificatesIn } from "./keys.js";

/**
 * The roots to trust from now on, PEM: of those in the hub's bundle the ones that are trusted already, and the ones that
 * a trusted root names as the next. The hub's word is not enough: who has its online keys has no root's.
 * @param held roots that are trusted now, PEM.
 * @param bundle of the hub, PEM: roots, and statements by which one root names the next.
 * @returns `held` where the bundle has none to trust.
 */
export function believedRoots(held: string, bundle: string): string {
  const shown = certificatesIn(bundle).flatMap(readable);
  const trusted = certificatesIn(held).flatMap(readable);
  let believed: X509Certificate[] = [];
  for (let before = -1; believed.length > before;) {
    before = believed.length;
    const signers = [...trusted, ...believed];
    believed = shown.filter((root) => isSelfSigned(root) && isVouchedFor(root, signers, shown));
  }
  return believed.length === 0 ? held : believed.map((root) => root.toString()).join("");
}

/** SHA-256 of each certificate's DER, hex. */
export function digestsIn(pem: string): string[] {
  return certificatesIn(pem).flatMap(readable).map(digestOf);
}

function isVouchedFor(
  root: X509Certificate,
  signers: readonly X509Certificate[],
  shown: readonly X509Certificate[],
): boolean {
  if (signers.some((signer) => digestOf(signer) === digestOf(root))) return true;
  // The root's own certificate is named, since an issuer's is signed by a root, too.
  const statement = `URI:urn:cairn:next-root:${digestOf(root)}`;
  return shown.some(
    (said) =>
      said.subjectAltName === statement &&
      signers.some((signer) => said.checkIssued(signer) && said.verify(signer.publicKey)),
  );
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.ca && certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey);
}

function digestOf(certificate: X509Certificate): string {
  return createHash("sha256").update(certificate.raw).digest("hex");
}

function readable(pem: string): X509Certificate[] {
  try {
    return [new X509Certificate(pem)];
  } catch {
    return []; // no certificate: nothing to trust
  }
}
