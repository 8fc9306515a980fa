/** A charter as the bytes that are signed (`charters/<group>.json`): canonical JSON, keys and values as a file writes them. */
import { canonicalJson, sha256Hex, type Json } from "@cairn/query-library";
import { Problems, type Entry, type MapNode, type Node } from "@cairn/query-library/reading";
import type { Charter } from "./charter.js";
import { CharterError } from "./errors.js";
import { FIELD_NAMES, FIELDS } from "./fields.js";
import { readFields } from "./read-fields.js";

const MOST_BYTES = 65_536;

/** The one form of a charter in bytes. */
export function charterBytes(charter: Charter): Buffer {
  const entries = FIELD_NAMES.map((name) => [FIELDS[name].key, written(charter, name)]);
  return Buffer.from(canonicalJson(Object.fromEntries(entries)), "utf8");
}

/** Hex SHA-256 of `charterBytes`, by which uses, acceptances and logs refer to a charter. */
export function charterDigest(charter: Charter): string {
  return sha256Hex(charterBytes(charter));
}

/** A field of a charter as it is written. */
export function written<K extends keyof Charter>(charter: Charter, name: K): Json {
  return FIELDS[name].write(charter[name]);
}

/**
 * Reads what `charterBytes` made, and nothing else: every field is there, and the bytes are the canonical ones.
 * @throws CharterError charter-malformed
 */
export function readCharter(bytes: Uint8Array): Charter {
  if (bytes.length > MOST_BYTES) throw malformed(`it is longer than ${MOST_BYTES} bytes`);
  const root = treeOf(bytes);
  if (root === null) throw malformed("it is no charter");
  const problems = new Problems("charter");
  const charter = readFields(root, { problems });
  if (charter === undefined || problems.any)
    throw malformed(problems.list()[0]?.words ?? "a field cannot be read");
  if (charterBytes(charter).equals(bytes)) return charter;
  throw malformed("its bytes are not the canonical ones");
}

function malformed(words: string): CharterError {
  return new CharterError(
    "charter-malformed",
    `the signed charter is refused: ${words.replace(/\.$/, "")}; ask who signed it to sign it anew`,
  );
}

function treeOf(bytes: Uint8Array): MapNode | null {
  try {
    const root = nodeOf(JSON.parse(Buffer.from(bytes).toString("utf8")) as Json);
    return root.kind === "map" ? root : null;
  } catch {
    return null;
  }
}

/** JSON as the tree that YAML gives, all on one line. */
function nodeOf(json: Json): Node {
  if (json === null || typeof json !== "object")
    return { kind: "scalar", line: 1, value: json, text: String(json) };
  if (Array.isArray(json)) return { kind: "list", line: 1, items: json.map(nodeOf) };
  const entries = Object.entries(json).map(([key, value]): [string, Entry] => [
    key,
    { line: 1, value: nodeOf(value) },
  ]);
  return { kind: "map", line: 1, entries: new Map(entries) };
}
