/** One entry of another's log, proved to be in it without the rest of it. */
import { leafOf, readEntry, type Entry } from "./entry.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import type { Checkpoint } from "./note.js";

/**
 * Reads an entry from its line of an export, and checks that it stands in the log of the checkpoint.
 * @returns null where the line is no entry, or the proof does not lead to the checkpoint's root
 */
export function provenEntry(
  line: string,
  proof: readonly Uint8Array[],
  { size, root }: Pick<Checkpoint, "size" | "root">,
): Entry | null {
  const entry = readEntry(line, parsed(line));
  if (typeof entry === "string") return null;
  return verifyInclusion(leafHash(leafOf(entry)), entry.position, size, proof, root) ? entry : null;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
