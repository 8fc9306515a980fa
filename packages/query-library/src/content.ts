/**
 * The content of a library: one text that carries every query version in force, with its codelists and registers. Who
 * signed it is not said here: it is a target of the signed library.
 */
import { CairnError } from "@cairn/errors";
import { canonicalJson, sha256Hex } from "./canonical.js";
import { openLibrary, type Library } from "./library.js";
import { problemLine, type Problem } from "./problem.js";
import type { Codelist, Query } from "./query.js";

declare const signed: unique symbol;
declare const verified: unique symbol;

/** Bytes of a target whose signatures, version and expiry were checked. Only `@cairn/signed-library` makes them. */
export type SignedBytes = Uint8Array & { readonly [signed]: true };

/** A query of a library whose signatures were checked. Only `verifiedLibrary` makes one. */
export type VerifiedQuery = Query & { readonly [verified]: true };

type Files = Readonly<Record<string, string>>; // path to text

export interface LibraryContent {
  readonly name: string;
  readonly version: number; // whole, rising
  readonly published: string; // ISO instant
  readonly files: Files;
  /** Earlier versions of queries that stay in force, by `name@version`: each with the files that it needs. */
  readonly kept?: Readonly<Record<string, Files>>;
}

export interface OpenedLibrary<Q extends Query = Query> {
  readonly name: string;
  readonly version: number;
  readonly digest: string; // hex SHA-256 of the content
  readonly published: string;
  readonly queries: ReadonlyMap<string, Q>; // by digest
  /** Digests of the version of each query that new schedules ask, by name: the one of the folder, else the newest kept. */
  readonly current: ReadonlyMap<string, string>;
  readonly codelists: ReadonlyMap<string, Codelist>; // by name@version
}

export type VerifiedLibrary = OpenedLibrary<VerifiedQuery>;

/** Reasons for which content is not a library. */
export type ContentRefusal =
  | "malformed" // cannot be read
  | "query-does-not-check"; // a query or codelist in it does not check

/** One line: why the content is not a library, and what to do. */
export class ContentError extends CairnError<ContentRefusal> {
  readonly kind = "refused";
}

/**
 * Builds the content as canonical JSON, to be signed.
 * @throws ContentError "malformed" where version or date are not usable
 */
export function makeContent({ name, version, published, files, kept = {} }: LibraryContent): Uint8Array {
  const content = { name, version, published, files, ...(Object.keys(kept).length > 0 ? { kept } : {}) };
  if (!isContent(content)) {
    throw new ContentError(
      "malformed",
      "The library cannot be made: it needs a name, a whole version of at least 1, and an ISO date; correct them.",
    );
  }
  return Buffer.from(canonicalJson(content), "utf8");
}

/** Reads content without opening its queries. @throws ContentError "malformed" */
export function readContent(bytes: Uint8Array): LibraryContent {
  const value = parsed(bytes);
  if (isContent(value)) return value;
  throw new ContentError(
    "malformed",
    "This is not the content of a library; ask the hub to publish it again.",
  );
}

/** Reads every codelist and query of a library anew. @throws ContentError */
export function openContent(bytes: Uint8Array): OpenedLibrary {
  const { name, version, published, files, kept = {} } = readContent(bytes);
  const { queries, codelists } = opened(files);
  const current = new Map([...queries.values()].map(({ query }) => [query.query, query.digest]));
  const byDigest = new Map([...queries.values()].map(({ query }) => [query.digest, query]));
  const lists = new Map(codelists);
  for (const each of Object.keys(kept).sort(byVersion)) {
    const own = opened(kept[each]!);
    const [entry, another] = [...own.queries.values()];
    if (!entry || another || `${entry.query.query}@${entry.query.version}` !== each)
      throw new ContentError(
        "query-does-not-check",
        `The library keeps ${each}, and its files hold another query.`,
      );
    byDigest.set(entry.query.digest, entry.query);
    if (!queries.has(entry.query.query)) current.set(entry.query.query, entry.query.digest);
    for (const [ref, list] of own.codelists) if (!lists.has(ref)) lists.set(ref, list);
  }
  return { name, version, digest: sha256Hex(bytes), published, queries: byDigest, current, codelists: lists };
}

/** Opens content whose signatures were checked; the only place where a VerifiedQuery is made. @throws ContentError */
export function verifiedLibrary(bytes: SignedBytes): VerifiedLibrary {
  return openContent(bytes) as VerifiedLibrary;
}

function opened(files: Files): Library {
  const { library, problems } = openLibrary(files);
  if (problems[0]) throw doesNotCheck(problems.length, problems[0]);
  return library;
}

function doesNotCheck(count: number, first: Problem): ContentError {
  const words = `The library does not check (${count} problems): ${problemLine(first)}`;
  return new ContentError("query-does-not-check", words);
}

/** Orders `name@1.2.10` after `name@1.2.9`. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

function isContent(value: unknown): value is LibraryContent {
  if (!isRecord(value)) return false;
  const { name, version, published, files, kept = {} } = value;
  return (
    typeof name === "string" &&
    Number.isSafeInteger(version) &&
    (version as number) >= 1 &&
    isInstant(published) &&
    isFiles(files) &&
    isRecord(kept) &&
    Object.values(kept).every(isFiles)
  );
}

function isFiles(value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((text) => typeof text === "string");
}

function isInstant(value: unknown): boolean {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}T/.test(value) && Number.isFinite(Date.parse(value));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString("utf8"));
  } catch {
    return null; // what is not JSON is not a library; the caller says so
  }
}
