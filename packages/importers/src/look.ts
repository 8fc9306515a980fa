/** Looks at an extract without taking anything of it: what it says of itself, and whether it is whole by its own list. */
import { createHash } from "node:crypto";
import { describeExtract, importerOf, likeness } from "./all.js";
import { type Command, requireReadable } from "./decrypt.js";
import { ImportError } from "./errors.js";
import { FileReader, findFiles, rawBytes } from "./files.js";
import type { ExtractFacts } from "./importer.js";
import type { SourceFile } from "./source-file.js";

interface SeenExtract {
  readonly facts: ExtractFacts;
  readonly files: readonly SourceFile[];
}

/** @param path of its folder or .zip @throws ImportError where it cannot be read, its manifest is none, or it looks like another format */
export async function lookAt(path: string, format: string, decrypt: Command | null): Promise<SeenExtract> {
  const importer = importerOf(format);
  const files = await findFiles([path], format, null);
  requireReadable(files, decrypt);
  const reader = new FileReader(() => undefined, decrypt);
  const facts = await describeExtract(importer, { files, reader });
  const like = facts.to === null ? likeness(files, format) : null;
  if (like !== null)
    throw new ImportError("not-this-format", `it says no day in the way of ${format}; ${like}`);
  return { files, facts };
}

/** Says in words which files of its manifest's list are not there as listed; null where all are, or it has no list. */
export async function lackedBy({ facts, files }: SeenExtract): Promise<string | null> {
  const listed = facts.files ?? [];
  const found = new Map(files.map((file) => [file.name, file]));
  const absent = listed.filter(({ name }) => !found.has(name));
  if (absent.length > 0)
    return `${absent.length} of the ${listed.length} files that its manifest lists are not there`;
  for (const { name, sha256 } of listed) {
    const file = found.get(name);
    if (sha256 === null || file === undefined || (await digestOf(file)) === sha256) continue;
    return `${file.shown} is not the file that its manifest lists: it is still being written, or was damaged`;
  }
  return null;
}

async function digestOf(file: SourceFile): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of await rawBytes(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
