/** A delivery of the library as one sequence of bytes: how it crosses the link, and how it goes by file where a hub is not trusted. */
import { targetFiles, versionOf } from "./metadata.js";
import { LibraryRefusal } from "./refusal.js";
import type { DeliveredFiles, TrustedLibrary } from "./update.js";

const FORMAT = "cairn-library-delivery-1";
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_FILES = 2_000;

/** Every file is UTF-8 text, so a JSON object of texts carries its bytes exactly. */
export function encodeDelivery(files: DeliveredFiles): Buffer {
  const texts = [...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString("utf8")]);
  return Buffer.from(JSON.stringify({ format: FORMAT, files: Object.fromEntries(texts) as object }));
}

/** The files that deliver a verified library again: its metadata under their names, without a root, and its targets. */
export function deliveryOf({ metadata, targets }: TrustedLibrary): DeliveredFiles {
  const named = [...metadata].filter(([role]) => role !== "root");
  const files = named.map(([role, bytes]): [string, Uint8Array] =>
    role === "timestamp" ? ["timestamp.json", bytes] : [`${versionOf(bytes)}.${role}.json`, bytes],
  );
  return new Map([...files, ...targetFiles(targets)]);
}

/** @throws LibraryRefusal library-malformed */
export function decodeDelivery(bytes: Uint8Array): DeliveredFiles {
  const files = bytes.length > MAX_BYTES ? null : filesOf(bytes);
  const entries = Object.entries(files ?? {});
  if (!files || entries.length > MAX_FILES || entries.some(([, text]) => typeof text !== "string"))
    throw new LibraryRefusal(
      "library-malformed",
      "this is not a delivery of a signed library: fetch it again",
    );
  return new Map(entries.map(([name, text]) => [name, Buffer.from(text as string)]));
}

function filesOf(bytes: Uint8Array): Record<string, unknown> | null {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as {
      format?: unknown;
      files?: unknown;
    } | null;
    const isOurs = value?.format === FORMAT && typeof value.files === "object" && value.files !== null;
    return isOurs ? (value.files as Record<string, unknown>) : null;
  } catch {
    return null; // what is not JSON is not a delivery
  }
}
