/** Reads an extract's `manifest.json`: the day it is complete to. */
import { ImportError } from "./errors.js";
import { dayOfText } from "./fields.js";
import type { Intake } from "./importer.js";

const MOST_BYTES = 1 << 20;

interface Manifest {
  readonly file: string; // as it is shown
  readonly content: unknown;
}

/**
 * Day number of `covers_to` (or `complete_to`) in manifest.json; null where there is no manifest or it does not state
 * it.
 */
export async function findCoversTo(intake: Intake): Promise<number | null> {
  const manifest = await readManifest(intake);
  return manifest === null ? null : coversToOf(manifest);
}

/** Reads the manifest.json of an extract, or null where there is none. @throws ImportError where it is not JSON */
export async function readManifest(intake: Intake): Promise<Manifest | null> {
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

function notOne(file: string, cause?: unknown): ImportError {
  return new ImportError("not-this-format", `${file}: is not a manifest in JSON`, { cause });
}
