/** A comparison's document as bytes: one way to write it (RFC 8785), and no other way is read. */
import { canonicalJson, sha256Hex } from "@cairn/query-library";
import { documentIn } from "./document-fields.js";
import { malformed } from "./document-error.js";
import type { ComparisonDocument } from "./document.js";

/** Room for a million dots: a message takes twice as much. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** The canonical bytes of a document. @throws ComparisonError comparison-malformed, where it contradicts itself */
export function documentBytes(document: ComparisonDocument): Buffer {
  return Buffer.from(canonicalJson(documentIn(document)), "utf8");
}

/** The digest by which logs and later documents name these bytes: hex SHA-256. */
export function documentDigest(bytes: Uint8Array): string {
  return sha256Hex(bytes);
}

/**
 * Reads a document. The same document has no other bytes than these.
 * @throws ComparisonError comparison-malformed, with the place and what is wrong with it
 */
export function readDocument(bytes: Uint8Array): ComparisonDocument {
  if (bytes.length > MAX_DOCUMENT_BYTES) throw malformed("it is too large");
  const document = documentIn(parsed(bytes));
  if (!Buffer.from(bytes).equals(documentBytes(document))) throw malformed("it is not canonical JSON");
  return document;
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) as unknown;
  } catch (cause) {
    throw malformed("it is no JSON", cause);
  }
}
