/** The roots by which the courier knows its hub: the one that its join code pins, and those that one of them has signed. */
import { createHash, X509Certificate } from "node:crypto";
import { certificatesIn } from "./keys.js";

/**
 * The roots to trust from now on, PEM: those that are trusted already, and the ones that a trusted root names as the next;
 * without those that a newer one states to have ended. The hub's word is not enough for either, since who has its online
 * keys has no root's: what a bundle lacks is trusted as before.
 * @param held roots that are trusted now, PEM.
 * @param bundle of the hub, PEM: roots, and statements of one root about another.
 */
export function believedRoots(held: string, bundle: string): string {
  const shown = certificatesIn(bundle).flatMap(readable);
  let believed = certificatesIn(held).flatMap(readable);
  for (let before = -1; believed.length > before;) {
    before = believed.length;
    const next = shown.find(
      (root) => isSelfSigned(root) && !has(believed, root) && isStated("next-root", root, believed, shown),
    );
    if (next) believed = [...believed, next];
  }
  const lasting = believed.filter((root) => {
    const since = Date.parse(root.validFrom);
    const newer = believed.filter((one) => one !== root && Date.parse(one.validFrom) >= since);
    return !isStated("ended-root", root, newer, shown);
  });
  return lasting.map((root) => root.toString()).join("");
}

/** SHA-256 of each certificate's DER, hex. */
export function digestsIn(pem: string): string[] {
  return certificatesIn(pem).flatMap(readable).map(digestOf);
}

function has(roots: readonly X509Certificate[], root: X509Certificate): boolean {
  return roots.some((one) => digestOf(one) === digestOf(root));
}

/** Whether one of the signers has stated something about a root, among what is shown. */
function isStated(
  what: "next-root" | "ended-root",
  root: X509Certificate,
  signers: readonly X509Certificate[],
  shown: readonly X509Certificate[],
): boolean {
  // The root's own certificate is named, since an issuer's is signed by a root, too.
  const statement = `URI:urn:cairn:${what}:${digestOf(root)}`;
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
