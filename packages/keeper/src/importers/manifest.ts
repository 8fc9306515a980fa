/** An extract's `manifest.json`: the day it is complete to. */
import { ImportError } from "./errors.js";
import { dayOfText } from "./fields.js";
import type { Intake } from "./importer.js";

const MOST_BYTES = 1 << 20;

/** Day number of `covers_to` (or `complete_to`) in manifest.json; null where there is no manifest or it does not say. */
export async function findCoversTo(intake: Intake): Promise<number | null> {
  const manifest = intake.files.find((file) => file.name === "manifest.json");
  if (manifest === undefined) return null;
  if (manifest.size > MOST_BYTES) throw notOne(manifest.shown);
  const parts: Buffer[] = [];
  for await (const chunk of intake.reader.chunks(manifest, "manifest")) parts.push(chunk);
  let said: unknown;
  try {
    const content = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
    said = content.covers_to ?? content.complete_to;
  } catch (cause) {
    throw notOne(manifest.shown, cause);
  }
  if (said === undefined || said === null) return null;
  const day = typeof said === "string" && said.length === 10 ? dayOfText(said) : NaN;
  if (Number.isNaN(day)) {
    throw new ImportError("not-this-format", `${manifest.shown}: covers_to is not a date written YYYY-MM-DD`);
  }
  return day;
}

function notOne(file: string, cause?: unknown): ImportError {
  return new ImportError("not-this-format", `${file}: is not a manifest in JSON`, cause);
}
