/** Reads an extract's `manifest.json`: the day it is complete to, what kind of extract it is, and its files. */
import { isoDate } from "@cairn/query-library";
import { ImportError } from "./errors.js";
import { dayOfText } from "./fields.js";
import { nameOf } from "./source-file.js";
import type { Extract, ExtractFacts, ListedFile } from "./importer.js";

const MOST_BYTES = 1 << 20;

interface Manifest {
  readonly file: string; // as it is shown
  readonly content: unknown;
}

/**
 * Day number of `covers_to` (or `complete_to`) in manifest.json; null where there is no manifest or it does not state
 * it.
 */
export async function findCoversTo(intake: Extract): Promise<number | null> {
  const manifest = await readManifest(intake);
  return manifest === null ? null : coversToOf(manifest);
}

/** Reads the manifest.json of an extract, or null where there is none. @throws ImportError where it is not JSON */
export async function readManifest(intake: Extract): Promise<Manifest | null> {
  const manifest = intake.files.find((file) => file.name === "manifest.json");
  if (manifest === undefined) return null;
  if (manifest.size > MOST_BYTES) throw notOne(manifest.shown);
  const parts: Buffer[] = [];
  for await (const chunk of intake.reader.chunks(manifest, "manifest")) parts.push(chunk);
  try {
    const text = Buffer.concat(parts)
      .toString()
      .replace(/^\ufeff/, "");
    return { file: manifest.shown, content: JSON.parse(text) };
  } catch (cause) {
    throw notOne(manifest.shown, cause);
  }
}

/** Day number of `covers_to` (or `complete_to`) in it; null where it does not state it. */
export function coversToOf({ file, content }: Manifest): number | null {
  if (typeof content !== "object" || content === null) throw notOne(file);
  const { covers_to, complete_to } = content as Readonly<Record<string, unknown>>;
  const said = covers_to ?? complete_to;
  if (said === undefined || said === null) return null;
  const day = typeof said === "string" && said.length === 10 ? dayOfText(said) : NaN;
  if (Number.isNaN(day)) {
    throw new ImportError("not-this-format", `${file}: covers_to is not a date written YYYY-MM-DD`);
  }
  return day;
}

/** Reads the facts that an extract states in manifest.json; nothing where there is none. @throws ImportError */
export async function describeByManifest(extract: Extract): Promise<ExtractFacts> {
  const manifest = await readManifest(extract);
  if (manifest === null) return { kind: null, organisation: null, from: null, to: null, files: null };
  const to = coversToOf(manifest);
  const { kind, organisation, from, files } = manifest.content as Readonly<Record<string, unknown>>;
  return {
    kind: kindOf(manifest, kind),
    organisation: typeof organisation === "string" ? organisation : null,
    from: fromOf(manifest, from),
    to: to === null ? null : isoDate(to),
    files: files === undefined ? null : listOf(manifest, files),
  };
}

function kindOf({ file }: Manifest, said: unknown): ExtractFacts["kind"] {
  if (said === undefined || said === "bulk" || said === "delta") return said ?? null;
  throw new ImportError("not-this-format", `${file}: kind is neither "bulk" nor "delta"`);
}

function fromOf({ file }: Manifest, said: unknown): string | null {
  if (said === undefined) return null;
  const day = typeof said === "string" && said.length === 10 ? dayOfText(said) : NaN;
  if (!Number.isNaN(day)) return isoDate(day);
  throw new ImportError("not-this-format", `${file}: from is not a date written YYYY-MM-DD`);
}

function listOf({ file }: Manifest, said: unknown): ListedFile[] {
  const wrong = `${file}: files is not a list of {"name": "...", "sha256": "..."}`;
  if (!Array.isArray(said)) throw new ImportError("not-this-format", wrong);
  return said.map((each: unknown) => {
    const { name, sha256 = null } = (each ?? {}) as Readonly<Record<string, unknown>>;
    const isDigest = sha256 === null || (typeof sha256 === "string" && /^[0-9a-f]{64}$/i.test(sha256));
    if (typeof name !== "string" || !isDigest) throw new ImportError("not-this-format", wrong);
    return { name: nameOf(name), sha256: sha256?.toLowerCase() ?? null };
  });
}

function notOne(file: string, cause?: unknown): ImportError {
  return new ImportError("not-this-format", `${file}: is not a manifest in JSON`, { cause });
}
