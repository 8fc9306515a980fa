/**
 * A join code carries a one-time secret and pins what the agent must meet: the digest of the hub's CA
 * and of the library's root. Printed as `cairn-<base64url>`, with a checksum so that a mistyped code is
 * told from a wrong one.
 */
import { createHash } from "node:crypto";
import { WireRefusal } from "./refusals.js";

export interface JoinCode {
  readonly secret: Buffer; // 16 bytes
  readonly caDigest: Buffer; // SHA-256 of the root CA's DER certificate
  readonly rootDigest: Buffer; // SHA-256 of the signed library's root.json
}

const PREFIX = "cairn-";
const LENGTH = 16 + 32 + 32;

export function makeJoinCode(code: JoinCode): string {
  const body = Buffer.concat([code.secret, code.caDigest, code.rootDigest]);
  return PREFIX + Buffer.concat([body, checksum(body)]).toString("base64url");
}

/** Parses a join code. @throws WireRefusal join-code-unknown when it is mistyped or cut off. */
export function parseJoinCode(text: string): JoinCode {
  const bytes = Buffer.from(text.trim().replace(PREFIX, ""), "base64url");
  const body = bytes.subarray(0, LENGTH);
  if (bytes.length !== LENGTH + 4 || !checksum(body).equals(bytes.subarray(LENGTH))) {
    throw new WireRefusal(
      "join-code-unknown",
      "this is not a whole join code: copy it again, from cairn- to its end",
    );
  }
  return { secret: body.subarray(0, 16), caDigest: body.subarray(16, 48), rootDigest: body.subarray(48) };
}

function checksum(body: Uint8Array): Buffer {
  return createHash("sha256").update(body).digest().subarray(0, 4);
}
