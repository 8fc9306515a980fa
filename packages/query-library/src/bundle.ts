/**
 * The signed library: one text that carries every query and codelist, its version and expiry, under one
 * Ed25519 key. This file is the only one that knows how a library is signed: a scheme with roles and
 * thresholds takes its place behind the same three functions.
 */
import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { CairnError } from "@cairn/errors";
import { canonicalJson, sha256Hex } from "./canonical.js";
import { openLibrary, type Library, type LibraryEntry } from "./library.js";
import { problemLine } from "./problem.js";
import type { Codelist, Query } from "./query.js";

declare const verified: unique symbol;

/** A query from a library whose signature, version and expiry were checked. Only `verifyBundle` makes one. */
export type VerifiedQuery = Query & { readonly [verified]: true };

export interface VerifiedLibrary {
  readonly name: string;
  readonly version: number;
  readonly digest: string; // hex SHA-256 of the signed content
  readonly published: string;
  readonly expires: string;
  readonly queries: ReadonlyMap<string, VerifiedQuery>; // by digest
  readonly codelists: ReadonlyMap<string, Codelist>; // by name@version
}

export interface BundleContent {
  readonly name: string;
  readonly version: number; // whole, rising
  readonly published: string; // ISO instant
  readonly expires: string; // ISO instant
  readonly files: Readonly<Record<string, string>>; // path to text
}

/** Reasons for which a library is not accepted. */
export type BundleRefusal =
  | "malformed" // not a library
  | "bad-signature" // not signed by the key, or altered since
  | "expired"
  | "rollback" // older than one that was accepted before
  | "query-does-not-check"; // signed, but a query or codelist in it does not check

/** One line: why the library is not accepted, and what to do. */
export class BundleError extends CairnError<BundleRefusal> {
  readonly kind = "refused";
}

export interface VerifyOptions {
  readonly now: Date;
  readonly atLeastVersion: number; // the highest version accepted before; 0 if none
}

const CONTEXT = "cairn library v1\n"; // a signature over a library can never be taken for another kind
const MAX_BYTES = 64 * 1024 * 1024;
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex"); // RFC 8410, before the 32 bytes of the key

/**
 * Builds the content as canonical JSON, to be signed.
 * @throws BundleError "malformed" where version or dates are not usable
 */
export function makeBundle(content: BundleContent): Uint8Array {
  const { name, version, published, expires, files } = content;
  if (!isContent({ name, version, published, expires, files })) {
    throw new BundleError(
      "malformed",
      "The library cannot be made: it needs a name, a whole version of at least 1, and two ISO dates; correct them.",
    );
  }
  return Buffer.from(canonicalJson({ name, version, published, expires, files }), "utf8");
}

/** Signs a library: the content with its Ed25519 signature. `privateKey` must be an Ed25519 key. */
export function signBundle(bytes: Uint8Array, privateKey: KeyObject): Uint8Array {
  const signature = sign(null, signedBytes(bytes), privateKey).toString("base64");
  return Buffer.from(canonicalJson({ content: Buffer.from(bytes).toString("utf8"), signature }), "utf8");
}

/**
 * Checks signature, version and expiry, in that order, then reads every codelist and query anew.
 * @param rootPublicKey the 32 bytes of the Ed25519 public key that the practice trusts
 * @returns the library, or why it is refused
 */
export function verifyBundle(
  bytes: Uint8Array,
  rootPublicKey: Uint8Array,
  { now, atLeastVersion }: VerifyOptions,
): { readonly library: VerifiedLibrary } | { readonly refused: BundleError } {
  const envelope = readEnvelope(bytes);
  if (envelope === null) return refused("malformed", "This is not a signed library; fetch it again.");
  const content = Buffer.from(envelope.content, "utf8");
  if (!isSigned(content, envelope.signature, rootPublicKey)) {
    return refused(
      "bad-signature",
      "The library is not signed by the key that this practice trusts; ask the hub which key signed it.",
    );
  }
  const is = readContent(envelope.content);
  if (is === null)
    return refused("malformed", "The library is signed but cannot be read; ask the hub to publish it again.");
  if (is.version < atLeastVersion) {
    return refused(
      "rollback",
      `The library is version ${is.version}, older than version ${atLeastVersion}, which was accepted before; fetch the present one.`,
    );
  }
  if (Date.parse(is.expires) <= now.getTime()) {
    return refused("expired", `The library expired at ${is.expires}; fetch the present one.`);
  }
  return open(is, sha256Hex(content));
}

function open(
  is: BundleContent,
  digest: string,
): { readonly library: VerifiedLibrary } | { readonly refused: BundleError } {
  const { library, problems } = openLibrary(is.files);
  const first = problems[0];
  if (first !== undefined) {
    return refused(
      "query-does-not-check",
      `The library does not check (${problems.length} problems): ${problemLine(first)}`,
    );
  }
  const { name, version, published, expires } = is;
  return {
    library: {
      name,
      version,
      digest,
      published,
      expires,
      queries: verifiedQueries(library),
      codelists: library.codelists,
    },
  };
}

/** The queries as VerifiedQuery; the only place where one is made. */
function verifiedQueries(library: Library): ReadonlyMap<string, VerifiedQuery> {
  const entries: LibraryEntry[] = [...library.queries.values()];
  return new Map(entries.map(({ query }) => [query.digest, query as VerifiedQuery]));
}

function refused(code: BundleRefusal, message: string): { readonly refused: BundleError } {
  return { refused: new BundleError(code, message) };
}

function signedBytes(content: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(CONTEXT, "utf8"), content]);
}

function isSigned(content: Uint8Array, signature: Buffer, rootPublicKey: Uint8Array): boolean {
  if (rootPublicKey.length !== 32) return false;
  const key = createPublicKey({
    key: Buffer.concat([ED25519_SPKI, rootPublicKey]),
    format: "der",
    type: "spki",
  });
  return verify(null, signedBytes(content), key, signature);
}

/** The 32 raw bytes of an Ed25519 public key, as `verifyBundle` takes them. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  const der = (key.type === "private" ? createPublicKey(key) : key).export({ format: "der", type: "spki" });
  return new Uint8Array(der.subarray(ED25519_SPKI.length));
}

function readEnvelope(bytes: Uint8Array): { readonly content: string; readonly signature: Buffer } | null {
  const value = bytes.length > MAX_BYTES ? null : readJson(Buffer.from(bytes).toString("utf8"));
  if (!isRecord(value) || typeof value["content"] !== "string" || typeof value["signature"] !== "string")
    return null;
  const signature = Buffer.from(value["signature"], "base64");
  return signature.length === 64 ? { content: value["content"], signature } : null;
}

function readContent(text: string): BundleContent | null {
  const value = readJson(text);
  return isContent(value) ? value : null;
}

function isContent(value: unknown): value is BundleContent {
  if (!isRecord(value) || !isRecord(value["files"])) return false;
  const { name, version, published, expires, files } = value;
  return (
    typeof name === "string" &&
    Number.isSafeInteger(version) &&
    (version as number) >= 1 &&
    isInstant(published) &&
    isInstant(expires) &&
    Object.values(files).every((text) => typeof text === "string")
  );
}

function isInstant(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value) && Number.isFinite(Date.parse(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // what is not JSON is not a library; the caller says so
  }
}
