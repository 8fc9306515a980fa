/**
 * A release as exact bytes: encoded once by the keeper, checked strictly by the courier and the hub.
 * The digest and the practice's signature are over these bytes.
 */
import { createHash, sign, verify, type KeyObject } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type protobuf from "protobufjs";
import type { SignedRelease, SignedRelease__Output } from "./generated/cairn/v1/SignedRelease.js";
import { publicKeyFromRaw } from "./keys.js";
import { WireRefusal } from "./refusals.js";

/**
 * Codes of a release by position: 0 is withheld, n + 1 is the released number n. `carried` is empty; or as long as
 * the others, where both counts of a cell were made at the same time; or twice as long, denominators first. See
 * `carriedAt`.
 */
export interface ReleaseCodes {
  readonly denominator: readonly number[];
  readonly numerator: readonly number[];
  readonly carried: readonly number[];
}

/** Number of periods since the value of one count of the cell at `position` was made; 0 for the release's own. */
export function carriedAt(
  { denominator, carried }: ReleaseCodes,
  position: number,
  side: "denominator" | "numerator",
): number {
  const apart = carried.length === 2 * denominator.length;
  return carried[side === "numerator" && apart ? denominator.length + position : position] ?? 0;
}

export const MAX_RELEASE_BYTES = 1024 * 1024;

const protoFolder = fileURLToPath(new URL("../proto/", import.meta.url));
const require = createRequire(import.meta.url);
let known: protobuf.Type | undefined;

/** The message type, read at the first release: most commands need none. */
function releaseType(): protobuf.Type {
  if (known) return known;
  const { Root } = require("protobufjs") as typeof protobuf;
  const schema = new Root();
  schema.resolvePath = (_origin, target) => `${protoFolder}${target}`;
  schema.loadSync("cairn/v1/release.proto");
  return (known = schema.lookupType("cairn.v1.Release"));
}

export function encodeRelease(codes: ReleaseCodes): Buffer {
  const type = releaseType();
  const bytes = Buffer.from(type.encode(type.fromObject(codes)).finish());
  if (bytes.length > MAX_RELEASE_BYTES) {
    throw new WireRefusal(
      "release-too-large",
      `a release of ${bytes.length} bytes is over the limit of 1 MiB`,
    );
  }
  return bytes;
}

/**
 * Decodes strictly: no unknown field, canonical bytes, and exactly as many cells as were asked for.
 * @throws WireRefusal release-malformed or release-too-large
 */
export function decodeRelease(bytes: Uint8Array, cells: number): ReleaseCodes {
  if (bytes.length > MAX_RELEASE_BYTES) {
    throw new WireRefusal(
      "release-too-large",
      `a release of ${bytes.length} bytes is over the limit of 1 MiB`,
    );
  }
  const codes = decode(bytes);
  const type = releaseType();
  const again = type.encode(type.fromObject(codes)).finish();
  if (!Buffer.from(again).equals(Buffer.from(bytes)))
    throw malformed("it holds more than integers by position");
  const lengths = [codes.denominator.length, codes.numerator.length];
  if (lengths.some((n) => n !== cells))
    throw malformed(`it has ${lengths.join(" and ")} cells where ${cells} were asked for`);
  if (![0, cells, 2 * cells].includes(codes.carried.length))
    throw malformed("its carried marks do not match its cells");
  return codes;
}

function decode(bytes: Uint8Array): ReleaseCodes {
  try {
    const type = releaseType();
    return type.toObject(type.decode(bytes), { arrays: true }) as ReleaseCodes;
  } catch (cause) {
    throw malformed("it cannot be decoded", cause);
  }
}

function malformed(why: string, cause?: unknown): WireRefusal {
  return new WireRefusal("release-malformed", `this is not a release that may be sent: ${why}`, { cause });
}

/** SHA-256 of an encoded Release. */
export function releaseDigest(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}

export type UnsignedRelease = Omit<SignedRelease__Output, "signature">;

/** Signs with the practice's Ed25519 key, over every field in a fixed order (`signedBytes`). */
export function signRelease(release: UnsignedRelease, practiceKey: KeyObject): SignedRelease__Output {
  return { ...release, signature: sign(null, signedBytes(release), practiceKey) };
}

/** Whether a signed release verifies. @param keeperKey the practice's raw Ed25519 public key (32 bytes). */
export function verifySignedRelease(release: SignedRelease__Output, keeperKey: Uint8Array): boolean {
  return verify(null, signedBytes(release), publicKeyFromRaw(keeperKey), release.signature);
}

const SIGNING_DOMAIN = "cairn.v1.SignedRelease";

/** The bytes that are signed: each field as length and bytes, so that no two different releases share them. */
function signedBytes(release: UnsignedRelease): Buffer {
  const policy = release.policy;
  const fields = [
    SIGNING_DOMAIN,
    release.run,
    releaseDigest(release.release),
    release.queryDigest,
    release.libraryDigest,
    release.referenceDate,
    [policy?.k, policy?.base, policy?.midpoint].join(","),
    String(release.logIndex),
    String(release.logSize),
    release.logRoot,
    String(release.recordBasis),
    String(release.correction),
    ...(release.optOuts === "OPT_OUTS_COUNTED" ? [] : [release.optOuts]), // releases from before keep their bytes
  ];
  return lengthPrefixed(fields);
}

export function lengthPrefixed(fields: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    fields.flatMap((field) => {
      const bytes = Buffer.from(field as Uint8Array);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  );
}

export type { SignedRelease, SignedRelease__Output };
