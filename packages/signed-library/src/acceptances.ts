/** What a body accepts, as its people sign it: query versions, each by the digest that it has in the library. */
import { canonicalJson } from "@cairn/query-library";
import { LibraryRefusal } from "./refusal.js";

/** One query version. Another text under the same name and version is not accepted. */
export interface Acceptance {
  readonly query: string;
  readonly version: string;
  readonly digest: string; // hex SHA-256
}

/** The text of a body's file, in the order given. */
export function acceptancesText(accepts: readonly Acceptance[]): string {
  return canonicalJson({
    accepts: accepts.map(({ query, version, digest }) => ({ query, version, digest })),
  });
}

/** Reads a body's file. @throws LibraryRefusal library-malformed */
export function readAcceptances(bytes: Uint8Array): readonly Acceptance[] {
  const accepts = (parsed(bytes) as { accepts?: unknown } | null)?.accepts;
  if (Array.isArray(accepts) && accepts.every(isAcceptance)) return accepts;
  throw new LibraryRefusal("library-malformed", "what the body accepts cannot be read: cairn library accept");
}

function isAcceptance(value: unknown): value is Acceptance {
  const { query, version, digest } = (value ?? {}) as Partial<Record<keyof Acceptance, unknown>>;
  return (
    typeof query === "string" &&
    typeof version === "string" &&
    typeof digest === "string" &&
    /^[0-9a-f]{64}$/.test(digest)
  );
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null; // the caller says what it is not
  }
}
