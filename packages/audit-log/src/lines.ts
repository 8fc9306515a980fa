/** What the C2SP formats have in common: numbers, base64 and hashes in their one spelling. */
import { isSize } from "./merkle.js";

/** The most hashes of one proof (tlog-witness). */
const MOST_HASHES = 63;

/** Decodes base64 in its one padded spelling; null for any other. */
export function fromBase64(text: string): Buffer | null {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : null;
}

/** @returns null where the text is not a number from 0 to 2^53 - 1 in its one spelling. */
export function readSize(text: string): number | null {
  return /^(0|[1-9][0-9]{0,15})$/.test(text) && isSize(Number(text)) ? Number(text) : null;
}

/** Reads a proof of one SHA-256 hash a line; null where there are too many, or one is no hash. */
export function readProof(lines: readonly string[]): Buffer[] | null {
  if (lines.length > MOST_HASHES) return null;
  const hashes = lines.flatMap((line) => fromBase64(line) ?? []);
  return hashes.length === lines.length && hashes.every(({ length }) => length === 32) ? hashes : null;
}

export function proofLines(proof: readonly Uint8Array[]): string {
  return proof.map((hash) => `${Buffer.from(hash).toString("base64")}\n`).join("");
}

/** Splits at the first empty line: the lines before it, and the text behind it. Null where there is none. */
export function splitAtBlank(text: string): { readonly lines: string[]; readonly rest: string } | null {
  const end = text.indexOf("\n\n");
  return end < 0 ? null : { lines: text.slice(0, end).split("\n"), rest: text.slice(end + 2) };
}
