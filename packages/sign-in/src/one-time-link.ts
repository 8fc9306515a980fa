/** One-time links: a secret in an address, of which only the digest is kept. */
import { createHash, randomBytes } from "node:crypto";

/** Hours for which a link is good. */
export const LINK_LIVES_HOURS = 72;

/** The digest under which a link, or a session by its cookie, is kept. */
export function digestOf(secret: string): Buffer {
  return createHash("sha256").update("cairn one-time secret\n").update(secret).digest();
}

interface NewLink {
  /** The path on the site, with the secret in it: shown once. */
  readonly path: string;
  readonly digest: Buffer;
}

export function newLink(): NewLink {
  const secret = randomBytes(24).toString("base64url");
  return { path: `/first-visit/${secret}`, digest: digestOf(secret) };
}
